"""
SPDX 2.1 to 2.3 (https://spdx.github.io/spdx-spec/v2.3/), once it is an object with the field names of SPDX JSON.

`spdx2_json` and `spdx_tag_value` bring it into that shape. Packages are components; files and snippets are not,
and relationships that end in one are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from postmarket.sbom.errors import SbomError
from postmarket.sbom.graph import Refs, check_graph
from postmarket.sbom.interface import Bom, Component, Relationship
from postmarket.sbom.notes import Notes
from postmarket.sbom.spdx2_package import read_package, security_references
from postmarket.sbom.spdx_words import NO_ANSWER, actor
from postmarket.sbom.values import record, records, text, texts

if TYPE_CHECKING:
    from postmarket.sbom.interface import Format

KNOWN_VERSIONS = ("SPDX-2.1", "SPDX-2.2", "SPDX-2.3")
DOCUMENT = "SPDXRef-DOCUMENT"

_FORWARD = {
    "DEPENDS_ON": "depends-on",
    "HAS_PREREQUISITE": "depends-on",
    "CONTAINS": "contains",
}
_BACKWARD = {
    "DEPENDENCY_OF": "depends-on",
    "RUNTIME_DEPENDENCY_OF": "depends-on",
    "PREREQUISITE_FOR": "depends-on",
    "CONTAINED_BY": "contains",
}


def read_document(document: Mapping[str, Any], *, format: Format, name: str) -> Bom:
    """The Bom in `document`. Raises SbomError when `packages` is not a list."""
    notes = Notes()
    version = text(document.get("spdxVersion"))
    if version not in KNOWN_VERSIONS and not version.startswith("SPDX-2.2."):
        notes.add("spdxVersion", f'the version "{version[:20]}" is not known here; read as {KNOWN_VERSIONS[-1]}.')
    packages = _packages(document, notes, name)
    links = [_link(one) for one in records(document.get("relationships"))]
    subject_id = _subject_id(document, links, [text(one.get("SPDXID")) for one in packages])
    if not subject_id:
        notes.add("relationships", "the SBOM does not say which one package it describes (DESCRIBES).")
    components, subject = _components(packages, subject_id, _comments(document), notes)
    if not components:
        notes.add(
            "packages", "the SBOM lists no package but the one it describes." if subject else _no_package(document)
        )
    relationships, completeness = _relationships(links, _inside_packages(document))
    known = {one.ref for one in components} | ({subject.ref} if subject else set())
    check_graph(relationships, known | {text(document.get("SPDXID")) or DOCUMENT}, notes)
    creation = record(document.get("creationInfo"))
    creators = texts(creation.get("creators"))
    return Bom(
        format=format,
        spec_version=version.removeprefix("SPDX-"),
        name=text(document.get("name")) or (subject.name if subject else "") or name,
        components=tuple(components),
        subject=subject,
        relationships=relationships,
        serial=text(document.get("documentNamespace")),
        authors=tuple(filter(None, (actor(one) for one in creators if not _is_tool(one)))),
        tools=tuple(filter(None, (actor(one) for one in creators if _is_tool(one)))),
        timestamp=text(creation.get("created")),
        completeness=completeness,
        vulnerabilities=tuple(found for one in packages for found in security_references(one)),
        warnings=notes.sentences(),
    )


def _is_tool(creator: str) -> bool:
    return creator[:5].lower() == "tool:"


def _no_package(document: Mapping[str, Any]) -> str:
    files = len(records(document.get("files")))
    return (
        f"the SBOM lists no package, only {files} files, which are no components."
        if files
        else "the SBOM lists no package."
    )


def _packages(document: Mapping[str, Any], notes: Notes, name: str) -> list[Mapping[str, Any]]:
    written = document.get("packages")
    if written is not None and not isinstance(written, list):
        raise SbomError(
            "the packages cannot be read",
            where=f"{name}: packages",
            why=f"a list is expected, not {type(written).__name__}",
            next_step="Export the SBOM again, or have its tool's output checked against the SPDX schema.",
        )
    found = records(written)
    if written and len(found) < len(written):
        notes.add("packages", f"{len(written) - len(found)} entries are no packages and are passed over.")
    return found


def _link(written: Mapping[str, Any]) -> tuple[str, str, str]:
    """Source, the kind in capitals, target."""
    kind = text(written.get("relationshipType")).upper()
    return text(written.get("spdxElementId")), kind, text(written.get("relatedSpdxElement"))


def _subject_id(document: Mapping[str, Any], links: Sequence[tuple[str, str, str]], packages: Sequence[str]) -> str:
    """The one package the document describes; empty when it describes none or several."""
    described = set(texts(document.get("documentDescribes")))
    for source, kind, target in links:
        # "DESCRIBE" is what one widespread tool writes.
        if kind in ("DESCRIBES", "DESCRIBE"):
            described.add(target)
        elif kind == "DESCRIBED_BY":
            described.add(source)
    found = described.intersection(packages)
    return found.pop() if len(found) == 1 else ""


def _comments(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Annotations that stand apart from the package they are made on, as in tag-value."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in records(document.get("annotations")):
        found[text(one.get("spdxElementId"))].append(text(one.get("comment")))
    return found


def _components(
    packages: Sequence[Mapping[str, Any]], subject_id: str, comments: Mapping[str, list[str]], notes: Notes
) -> tuple[list[Component], Component | None]:
    refs = Refs(notes)
    components: list[Component] = []
    subject = None
    for number, one in enumerate(packages):
        here = text(one.get("SPDXID"))
        is_subject = bool(subject_id) and here == subject_id and subject is None
        component = read_package(
            one,
            place=f"packages[{number}]",
            comments=comments.get(here, ()),
            refs=refs,
            notes=notes,
            subject=is_subject,
        )
        if is_subject:
            subject = component
        else:
            components.append(component)
    return components, subject


def _inside_packages(document: Mapping[str, Any]) -> set[str]:
    """The ids of files and snippets."""
    both = records(document.get("files")) + records(document.get("snippets"))
    listed = {text(one.get("SPDXID")) for one in both}
    for package in records(document.get("packages")):
        listed.update(texts(package.get("hasFiles")))
    return listed


def _relationships(
    links: Sequence[tuple[str, str, str]], files: set[str]
) -> tuple[tuple[Relationship, ...], dict[str, str]]:
    """Relationships among packages, and for which packages NONE or NOASSERTION says how complete they are."""
    completeness: dict[str, str] = {}
    found: dict[Relationship, None] = {}
    for source, kind, target in links:
        if kind.startswith("DESCRIBE") or source in files or target in files or not source:
            continue
        if target.upper() in NO_ANSWER:
            if kind in _FORWARD:
                completeness[source] = "complete" if target.upper() == "NONE" else "unknown"
            continue
        found[_relationship(source, kind, target)] = None
    return tuple(found), completeness


def _relationship(source: str, kind: str, target: str) -> Relationship:
    if kind in _BACKWARD:
        return Relationship(target, source, _BACKWARD[kind])
    return Relationship(source, target, _FORWARD.get(kind, kind.lower().replace("_", "-")))
