"""What a file is, by its first bytes: an SBOM, a supplier's VEX, a portfolio; its name is only a hint."""

from __future__ import annotations

import re
from binascii import a2b_base64

SBOM_SUFFIXES = (".json", ".xml", ".spdx", ".cdx", ".jsonld", ".tag", ".bom", ".sbom")
"""What is named so is read, or refused by name, upper and lower case alike."""
HEAD_BYTES = 64 * 2**10
"""How much of a file is looked at: every format says what it is, or lists its first component, within it."""

_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_JSON_MARK = (
    rb'"(?:bomFormat|bom-ref|spdxVersion|SPDXID|spdxId)"\s*+:'
    rb'|spdx\.org/rdf/|cyclonedx\.org/schema|"predicateType"\s*+:\s*+"[^"]{0,200}(?:cyclonedx|spdx)'
)
_XML_MARK = rb"(?i)<(?:[\w-]{1,20}:)?(?:bom|sbom|RDF)\b[^>]{0,4000}?(?:cyclonedx|spdx)"
_PAYLOAD = rb'"payload"\s*+:\s*+"([A-Za-z0-9+/\\]++)'
"""What an attestation (DSSE, Sigstore) wraps, in base64."""
_SAYS = rb"[\"']?(?:SPDXVersion|spdxVersion|bomFormat)[\"']?[ \t]*+:"
_TEXT_MARK = rb"\A(?:\s++|#[^\r\n]*+|---[^\r\n]*+|(?!" + _SAYS + rb")[A-Za-z]++[ \t]*+:[^\r\n]*+)*+" + _SAYS
_PORTFOLIO_MARKS = (rb"(?m)^devices[ \t]*:", rb"\bsbom[ \t]*:")
_VEX_MARKS = ((rb'"csaf_version"\s*+:', "CSAF"), (rb"(?i)openvex\.dev/ns", "OpenVEX"))
# Not compiled here: a scan of one good file never needs them.


def looks_like_sbom(head: bytes) -> bool:
    """Whether a file that begins with `head` says it is CycloneDX or SPDX, in whatever encoding and form."""
    text = head[:HEAD_BYTES].replace(b"\0", b"").lstrip(_BEFORE)  # UTF-16 without its zeros
    mark = {b"{": _JSON_MARK, b"<": _XML_MARK}.get(text[:1], _TEXT_MARK)
    return re.search(mark, text) is not None or (text[:1] == b"{" and _wraps_sbom(text))


def _wraps_sbom(text: bytes) -> bool:
    """Whether an attestation's statement begins like one on an SBOM."""
    found = re.search(_PAYLOAD, text)
    if found is None:
        return False
    packed = found[1].replace(b"\\", b"")  # JSON may write \/ for /
    return re.search(_JSON_MARK, a2b_base64(packed[: len(packed) // 4 * 4])) is not None


def looks_like_portfolio(head: bytes) -> bool:
    """Whether a YAML file that begins with `head` lists devices with their SBOMs."""
    return all(re.search(mark, head) for mark in _PORTFOLIO_MARKS)


def vex_format(content: bytes) -> str:
    """`CSAF` or `OpenVEX` for a document that says it is one; "" for any other."""
    return next((name for mark, name in _VEX_MARKS if re.search(mark, content)), "")
