"""The one door: any supported SBOM in, one Bom out."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec.structs import replace

from postmarket.sbom import cyclonedx_json, spdx2_json, spdx3, spdx_tag_value
from postmarket.sbom.errors import SbomError
from postmarket.sbom.wrapping import unwrap
from postmarket.untrusted.structured import decode_text, parse_json, parse_xml

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom

FORMATS = "CycloneDX 1.0-1.7 (JSON, XML), SPDX 2.1-2.3 (JSON, tag-value) and SPDX 3.0 (JSON-LD)"

_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
_FIRST = re.compile(rb"[^ \t\r\n\x00\xfe\xff\xef\xbb\xbf]")


def read(content: bytes, *, name: str) -> Bom:
    """
    The Bom in `content`, of whichever supported format; `name` is the file's, for messages.

    Raises UntrustedInput when it cannot be parsed safely and SbomError when it is no SBOM; both are one line naming
    the file, the place in it, the reason and the next step. What is odd inside a readable SBOM is in `Bom.warnings`.
    """
    bom = _dispatch(content, name)
    return replace(bom, sha256=sha256(content).hexdigest())


def _dispatch(content: bytes, name: str) -> Bom:
    if content.startswith(_PACKED):
        raise _no_sbom(name, "it is a packed file", "Unpack it, or pass it where archives are read.")
    head = _head(content)
    if not head:
        raise _no_sbom(name, "it is empty", "Export the SBOM again.")
    if head[0] in "{[":
        return _from_json(content, name)
    if head[0] == "<":
        return _from_xml(content, name)
    text = decode_text(content, name=name)
    if spdx_tag_value.recognises(text):
        return spdx_tag_value.read(text, name=name)
    raise _no_sbom(name, "it is neither JSON nor XML nor SPDX tag-value")


def _head(content: bytes) -> str:
    """The first character that is neither white space nor part of a byte order mark, whatever the encoding."""
    found = _FIRST.search(content)
    return found[0].decode("latin-1") if found else ""


def _from_json(content: bytes, name: str) -> Bom:
    document = parse_json(content, name=name)
    if not isinstance(document, dict):
        raise _no_sbom(name, "it is a JSON list, where an SBOM is an object")
    document = unwrap(document, name=name)
    if cyclonedx_json.recognises(document):
        return cyclonedx_json.read(document, name=name)
    if spdx3.recognises(document):
        return spdx3.read(document, name=name)
    if spdx2_json.recognises(document):
        return spdx2_json.read(document, name=name)
    keys = ", ".join(sorted(document)[:5])[:80]
    raise _no_sbom(name, f"it is JSON of another kind (its keys: {keys or 'none'})")


def _from_xml(content: bytes, name: str) -> Bom:
    from postmarket.sbom import cyclonedx_xml

    root = parse_xml(content, name=name)
    if cyclonedx_xml.recognises(root):
        return cyclonedx_xml.read(root, name=name)
    raise _no_sbom(name, f"it is XML of another kind (its root: {root.tag[:80]})")


def _no_sbom(name: str, why: str, next_step: str = "") -> SbomError:
    return SbomError(
        "this cannot be read as an SBOM", where=name, why=why, next_step=next_step or f"Export it as {FORMATS}."
    )
