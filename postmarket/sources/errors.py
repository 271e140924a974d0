"""What can be wrong with a feed."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class SourceError(PostmarketError):
    """A feed cannot be read or fetched."""

    code = "source"
