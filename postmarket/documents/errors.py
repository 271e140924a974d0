"""What can be wrong with a document that others publish."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class DocumentError(PostmarketError):
    """An advisory or VEX document cannot be read as one."""

    code = "document"


class VexError(DocumentError):
    """A document is no VEX, or a statement in it means nothing."""

    code = "vex"
