"""
Suppliers' VEX in: OpenVEX, CycloneDX and CSAF, each into the same statements.

`read` decides by what a document says of itself, never by its file name.
"""

from __future__ import annotations

from postmarket.documents.errors import VexError
from postmarket.documents.vex.csaf import is_csaf, read_csaf
from postmarket.documents.vex.cyclonedx import is_cyclonedx, read_cyclonedx
from postmarket.documents.vex.interface import Justification, Product, Statement, Status, VexFormat
from postmarket.documents.vex.openvex import is_openvex, read_openvex
from postmarket.untrusted.structured import parse_json

__all__ = ["Justification", "Product", "Statement", "Status", "VexError", "VexFormat", "read"]

_FORMATS = ((is_openvex, read_openvex), (is_csaf, read_csaf), (is_cyclonedx, read_cyclonedx))


def read(content: bytes, *, name: str) -> tuple[Statement, ...]:
    """
    Every statement of the VEX document in `content`, in its order; `name` is what people know the file by.

    All or nothing: a document with one statement that cannot be read is refused whole, since what is lost might be the
    statement that takes another one back. Raises VexError for a document that is none of the three formats, breaks
    its format, or states nothing, and UntrustedInput for what is no JSON.
    """
    if content.lstrip()[:1] == b"<":
        raise VexError("is XML", where=name, why="VEX is read as JSON only", next_step="Ask for the document as JSON.")
    tree = parse_json(content, name=name)
    if isinstance(tree, dict):
        for is_format, read_format in _FORMATS:
            if is_format(tree):
                return _stated(tuple(read_format(tree, name=name)), name)
    raise VexError(
        "is no VEX document", where=name, why="it is none of OpenVEX, CSAF and CycloneDX", next_step="Give a VEX file."
    )


def _stated(statements: tuple[Statement, ...], name: str) -> tuple[Statement, ...]:
    if not statements:
        raise VexError(
            "states nothing on any vulnerability",
            where=name,
            why="it holds no product status or analysis",
            next_step="Give the VEX document that belongs to it.",
        )
    return statements
