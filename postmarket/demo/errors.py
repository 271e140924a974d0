"""What can go wrong with the demo."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class DemoError(PostmarketError):
    """The demo cannot be shown, or does not show what it should."""

    code = "demo"
