"""
What a file looks like: said when it was given under another source's name, or is no vulnerability data at all.

Formats are told by the keys at their top, which each specification demands; nothing here decides whether the file is a
good one of its kind.
"""

from __future__ import annotations

import msgspec

from postmarket.sources.edge import decode
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Source

SOURCES = {
    Source.NVD: "an NVD 2.0 feed",
    Source.CVE: "a CVE record",
    Source.KEV: "CISA's KEV catalogue",
    Source.EPSS: "EPSS scores",
    Source.OSV: "an OSV record",
    Source.CSAF: "a CSAF advisory",
}
_OTHERS = (
    ("bomFormat", "a CycloneDX SBOM"),
    ("spdxVersion", "an SPDX SBOM"),
    ("@graph", "an SPDX 3 SBOM"),
    ("statements", "an OpenVEX document"),
)
SBOM_STEP = "Look at it with: postmarket scan PATH."
VEX_STEP = "Apply it with: postmarket scan SBOM --vex PATH."
_OLD_NVD_STEP = "NVD no longer keeps it: fetch the 2.0 feeds (postmarket feeds sync nvd)."

_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_HEAD_BYTES = 4096


def kind_of(content: bytes) -> Source | str | None:
    """
    The source whose file `content` is, or what else it is (words and a next step), or None when nothing is known.

    Never raises; a file that is cut short or is no text is None.
    """
    head = content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"{", b"[")):
        try:
            return _of_json(content)
        except SourceError:
            return None
    return _of_text(head)


def mistaken(source: Source, content: bytes) -> str:
    """Why `content` was given to the wrong source, and what to do: one sentence or two; empty when it was not."""
    found = kind_of(content)
    if found is None or found is source:
        return ""
    if isinstance(found, Source):
        return f"this looks like {SOURCES[found]}. Load it with: postmarket feeds load {found.value} PATH."
    return f"this looks like {found}"


def _of_json(content: bytes) -> Source | str | None:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        items = decode(_LIST, content)
        return _of_object(decode(_TOP, items[0])) if items else None
    return _of_object(decode(_TOP, content))


def _of_object(top: dict[str, msgspec.Raw]) -> Source | str | None:
    if "CVE_Items" in top:
        return f"an NVD feed of the retired version 1.1. {_OLD_NVD_STEP}"
    for key, words in _OTHERS:
        if key in top:
            return f"{words}. {VEX_STEP if 'VEX' in words else SBOM_STEP}"
    if "cveMetadata" in top:
        return Source.CVE
    if "document" in top:
        return Source.CSAF
    if "vulnerabilities" in top:
        return _of_list(top)
    return Source.OSV if "id" in top and "modified" in top else None


def _of_list(top: dict[str, msgspec.Raw]) -> Source | None:
    """NVD and KEV both call their list `vulnerabilities`."""
    if "catalogVersion" in top or "dateReleased" in top:
        return Source.KEV
    if "resultsPerPage" in top or "totalResults" in top:
        return Source.NVD
    items = decode(_LIST, top["vulnerabilities"])
    first = decode(_TOP, items[0]) if items else {}
    return Source.KEV if "cveID" in first else Source.NVD if "cve" in first else None


def _of_text(head: bytes) -> Source | str | None:
    if head.startswith((b"#model_version", b"cve,epss")):
        return Source.EPSS
    if b"SPDXVersion:" in head:
        return f"an SPDX SBOM. {SBOM_STEP}"
    low = head.lower()
    if low.startswith((b"<!doctype html", b"<html")):
        return "a web page, not the feed. Fetch it again: a login or a proxy may have answered instead."
    if low.startswith(b"<") and b"cyclonedx.org/schema" in low:
        return f"a CycloneDX SBOM. {SBOM_STEP}"
    return None
