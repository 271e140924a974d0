"""CPE names: NISTIR 7695 (naming, its two bindings) and NISTIR 7696 (matching)."""

from __future__ import annotations

from functools import lru_cache

from postmarket.versions.cpe.formatted import parse_formatted, to_formatted
from postmarket.versions.cpe.matching import NameRelation, Relation, compare, compare_names, covers, has_wildcard
from postmarket.versions.cpe.name import (
    ANY,
    NA,
    Cpe,
    attributes,
    invalid,
    product_name,
    split,
    split_formatted,
    unescape,
    version_text,
)
from postmarket.versions.cpe.uri import parse_uri, to_uri

__all__ = [
    "ANY",
    "NA",
    "Cpe",
    "NameRelation",
    "Relation",
    "attributes",
    "compare",
    "compare_names",
    "covers",
    "has_wildcard",
    "parse",
    "parse_formatted",
    "parse_uri",
    "product_name",
    "split",
    "split_formatted",
    "to_formatted",
    "to_uri",
    "unescape",
    "version_text",
]


@lru_cache(maxsize=2**16)
def parse(text: str) -> Cpe:
    """Read a CPE 2.3 formatted string or a 2.2 URI, whichever it is. Raises InvalidCpe."""
    text = text.strip()
    head = text[:8].lower()
    if head == "cpe:2.3:":
        return parse_formatted(text)
    if head.startswith("cpe:/"):
        return parse_uri(text)
    raise invalid(text, "it begins neither with cpe:2.3: nor with cpe:/")
