"""JSON and XML from outside, parsed strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parse_json(content: bytes, *, name: str) -> Any:
    """
    Parse UTF-8 (a BOM is tolerated) or UTF-16 JSON strictly.

    Raises UntrustedInput, naming `name`, line and column, for anything that is not one whole JSON value:
    truncation, another encoding, a NaN or Infinity, a key given twice in one object, nesting deeper than 200,
    an integer of more than 4,000 digits, a lone surrogate.
    """
    raise NotImplementedError


def parse_xml(content: bytes, *, name: str) -> Element:
    """
    Parse XML without any DTD, entity or external reference.

    Raises UntrustedInput, naming `name`, line and column, for anything else, and for nesting deeper than 200.
    """
    raise NotImplementedError
