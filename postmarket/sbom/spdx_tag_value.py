"""
SPDX tag-value, 2.1 to 2.3 (https://spdx.github.io/spdx-spec/v2.3/conformance/), brought into the shape of SPDX JSON.

A line is `Tag: value`; a value that begins with `<text>` goes on to `</text>`. Tags before the first package, file,
snippet, licence, relationship or annotation speak of the document; the rest of whatever stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from postmarket.sbom.errors import SbomError
from postmarket.sbom.interface import Format
from postmarket.sbom.spdx2 import read_document
from postmarket.sbom.spdx2_package import PLACE

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom

_BEGINS = re.compile(r"^[ \t]*SPDXVersion[ \t]*:", re.MULTILINE)
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9]*)\s*:\s*(.*)", re.DOTALL)
_CHECKSUM = re.compile(r"([A-Za-z0-9_-]+)\s*:\s*(\S+)")
_REFERENCE = re.compile(r"(\S+)\s+(\S+)\s+(\S.*)")
_LINK = re.compile(r"(\S+)\s+([A-Za-z_]+)\s+(\S+)")

_SECTIONS = {
    "PackageName": ("packages", "name"),
    "FileName": ("files", "fileName"),
    "SnippetSPDXID": ("snippets", "SPDXID"),
    "LicenseID": ("licences", "licenseId"),
    "Annotator": ("annotations", "annotator"),
}
_PACKAGE_FIELDS = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageComment": "comment",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
    "ValidUntilDate": "validUntilDate",
}
_OTHER_FIELDS = {"SPDXID": "SPDXID", "SPDXREF": "spdxElementId", "AnnotationComment": "comment"}
_DOCUMENT_FIELDS = {
    "SPDXVersion": "spdxVersion",
    "SPDXID": "SPDXID",
    "DocumentName": "name",
    "DocumentNamespace": "documentNamespace",
}


def recognises(content: str) -> bool:
    """Whether a line says `SPDXVersion:`; comments may stand before it."""
    return bool(_BEGINS.search(content))


def read(content: str, *, name: str) -> Bom:
    """The Bom in a tag-value document. Raises SbomError naming the line."""
    document: dict[str, Any] = {"creationInfo": {"creators": []}, "relationships": []}
    here: dict[str, Any] | None = None
    section = ""
    for line, tag, value in _tags(content, name):
        if tag in _SECTIONS:
            section, field = _SECTIONS[tag]
            here = {field: value, PLACE: f"line {line}"}
            document.setdefault(section, []).append(here)
        elif tag == "Relationship":
            _add_link(document, value)
        elif here is None or tag in ("Creator", "Created"):
            _add_to_document(document, tag, value)
        else:
            _add_to_section(here, section, tag, value)
    return read_document(document, format=Format.SPDX_TAG_VALUE, name=name)


def _tags(content: str, name: str) -> Iterator[tuple[int, str, str]]:
    """Line number, tag and value of every tag; comments, blank and stray lines are passed over."""
    lines = enumerate(content.replace("\r\n", "\n").split("\n"), start=1)
    for number, line in lines:
        found = None if line.lstrip().startswith("#") else _TAG.fullmatch(line)
        if not found:
            continue
        value = found[2].strip()
        if value.startswith("<text>"):
            parts = [value.removeprefix("<text>")]
            while "</text>" not in parts[-1]:
                following = next(lines, None)
                if following is None:
                    raise SbomError(
                        "the SBOM ends too soon",
                        where=f"{name}: line {number}",
                        why=f"the <text> that begins at {found[1]} is never closed",
                        next_step="Export it again from the tool that wrote it.",
                    )
                parts.append(following[1])
            value = "\n".join(parts).partition("</text>")[0].strip()
        yield number, found[1], value


def _add_to_document(document: dict[str, Any], tag: str, value: str) -> None:
    if tag == "Creator":
        document["creationInfo"]["creators"].append(value)
    elif tag == "Created":
        document["creationInfo"]["created"] = value
    elif tag in _DOCUMENT_FIELDS:
        document[_DOCUMENT_FIELDS[tag]] = value


def _add_to_section(here: dict[str, Any], section: str, tag: str, value: str) -> None:
    if section != "packages":
        if tag in _OTHER_FIELDS:
            here.setdefault(_OTHER_FIELDS[tag], value)
    elif tag in _PACKAGE_FIELDS:
        here.setdefault(_PACKAGE_FIELDS[tag], value)
    elif tag == "PackageChecksum" and (found := _CHECKSUM.fullmatch(value)):
        here.setdefault("checksums", []).append({"algorithm": found[1], "checksumValue": found[2]})
    elif tag == "ExternalRef" and (found := _REFERENCE.fullmatch(value)):
        here.setdefault("externalRefs", []).append(
            {"referenceCategory": found[1], "referenceType": found[2], "referenceLocator": found[3]}
        )


def _add_link(document: dict[str, Any], value: str) -> None:
    if found := _LINK.fullmatch(value):
        document["relationships"].append(
            {"spdxElementId": found[1], "relationshipType": found[2], "relatedSpdxElement": found[3]}
        )
