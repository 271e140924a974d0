"""What can be wrong with how postmarket is set up."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class ConfigError(PostmarketError):
    """A setting that cannot be used."""

    code = "config"
