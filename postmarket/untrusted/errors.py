"""What can be wrong with a file before anyone asks what it means."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class UntrustedInput(PostmarketError):
    """A file from outside cannot be read safely: too large, truncated, wrong encoding, a bomb, not its format."""

    code = "untrusted-input"
