"""
Which components are one: the key of a component identity.

Equal keys are matched alike, whatever the alias table says, and the key does not change with postmarket's version:
decisions and ends of support are kept by it. So it is made of what the SBOM states, in a fixed spelling.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from postmarket.matching.identities import DISTRIBUTION_TYPES, NAMED_TYPES, OPERATING_SYSTEM_KINDS
from postmarket.sbom.interface import Component
from postmarket.sources.names import fold_name
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidPurl
from postmarket.versions.purl import Purl

QUALIFIERS = frozenset({"distro", "distro_name", "epoch", "upstream", "origin"})
"""Those that say which package it is; architecture and download place do not."""


def identity_key(component: Component) -> str:
    """The key, 32 hexadecimal digits."""
    said = json.dumps(_said(component), ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _said(component: Component) -> list[object]:
    purl, kind = _purl(component.purl)
    by_supplier = kind in NAMED_TYPES and kind not in DISTRIBUTION_TYPES and bool(component.supplier)
    return [
        "component-identity-1",
        purl,
        list(component.cpes),
        "_".join(component.name.casefold().split()),
        component.version.strip(),
        fold_name(component.supplier) if by_supplier else "",
        "system" if by_supplier and component.kind in OPERATING_SYSTEM_KINDS else "",
    ]


@lru_cache(maxsize=1 << 14)
def _purl(text: str) -> tuple[str, str]:
    """The purl in its canonical form without what does not say which package it is, and its type."""
    if not text:
        return "", ""
    try:
        parsed = purls.parse(text)
    except InvalidPurl:
        return text.strip(), ""
    kept = tuple(pair for pair in parsed.qualifiers if pair[0] in QUALIFIERS)
    return Purl(parsed.type, parsed.namespace, parsed.name, parsed.version, kept).text(), parsed.type
