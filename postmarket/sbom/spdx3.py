"""
SPDX 3.0 JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/).

Packages are components; files, snippets and other artefacts are only where they carry an identifier or a version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from postmarket.sbom.errors import SbomError
from postmarket.sbom.graph import Refs, check_graph
from postmarket.sbom.interface import Bom, Component, Format
from postmarket.sbom.notes import Notes
from postmarket.sbom.spdx3_elements import Elements, bare, element_id, element_type, ids, value
from postmarket.sbom.spdx3_links import Links, read_links
from postmarket.sbom.spdx3_package import agent_name, is_component, read_package
from postmarket.sbom.spdx_words import stated
from postmarket.sbom.values import NOTHING, record, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = ("SpdxDocument", "Sbom", "Bom", "Package", "CreationInfo")


def recognises(document: Mapping[str, Any]) -> bool:
    """Whether its JSON-LD context is SPDX 3's, or its graph holds SPDX elements."""
    contexts = texts(document.get("@context"))
    if any("spdx.org/rdf/3" in one for one in contexts):
        return True
    graph = document.get("@graph")
    return isinstance(graph, list) and any(isinstance(one, dict) and element_type(one) in _TYPES for one in graph)


def read(document: Mapping[str, Any], *, name: str) -> Bom:
    """The Bom in an SPDX 3 JSON-LD object. Raises SbomError when its `@graph` is not a list."""
    if "@graph" in document and not isinstance(document["@graph"], list):
        raise SbomError(
            "the elements cannot be read",
            where=f"{name}: @graph",
            why=f"a list is expected, not {type(document['@graph']).__name__}",
            next_step="Export the SBOM again, or have its tool's output checked against the SPDX 3 schema.",
        )
    notes = Notes()
    elements = Elements(document)
    packages = [(place, one) for place, one in elements.listed if is_component(one)]
    component_ids = {element_id(one) for _, one in packages}
    others = {element_id(one) for _, one in elements.listed} - component_ids
    links = read_links(elements, component_ids, others)
    spdx_document = next((one for _, one in elements.of_type("SpdxDocument")), NOTHING)
    boms = [one for _, one in elements.of_type("Sbom", "Bom")]
    subject_id = _subject_id([spdx_document, *boms], links.described, component_ids)
    if not subject_id:
        notes.add("@graph", "the SBOM does not say which one package it describes (rootElement).")
    components, subject = _components(packages, subject_id, elements, links, notes)
    if not components:
        notes.add(
            "@graph", "the SBOM lists no package but the one it describes." if subject else "the SBOM lists no package."
        )
    known = {one.ref for one in components} | set(_imported(spdx_document)) | ({subject.ref} if subject else set())
    check_graph(links.relationships, known, notes)
    creation = _creation(spdx_document, boms, elements)
    version = text(creation.get("specVersion"))
    if not version.startswith("3.0"):
        notes.add("specVersion", f'the version "{version[:20]}" is not known here; read as 3.0.1.')
    return Bom(
        format=Format.SPDX_3_JSON_LD,
        spec_version=version,
        name=_name(spdx_document, subject, name),
        components=tuple(components),
        subject=subject,
        relationships=tuple(links.relationships),
        serial=element_id(spdx_document),
        authors=_agents(creation.get("createdBy"), elements),
        tools=_agents(creation.get("createdUsing"), elements),
        timestamp=text(creation.get("created")),
        lifecycle=tuple(dict.fromkeys(bare(kind) for one in boms for kind in texts(value(one, "sbomType")))),
        completeness=links.completeness,
        vulnerabilities=tuple(links.vulnerabilities),
        warnings=notes.sentences(),
    )


def _components(
    packages: Sequence[tuple[str, Mapping[str, Any]]], subject_id: str, elements: Elements, links: Links, notes: Notes
) -> tuple[list[Component], Component | None]:
    refs = Refs(notes)
    comments = _comments(elements)
    components: list[Component] = []
    subject = None
    for place, one in packages:
        here = element_id(one)
        is_subject = bool(subject_id) and here == subject_id and subject is None
        component = read_package(
            one,
            place=place,
            elements=elements,
            licenses=links.licenses.get(here, ()),
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


def _subject_id(holders: Sequence[Mapping[str, Any]], described: Sequence[str], components: set[str]) -> str:
    """The one component named as root element of the document or its SBOM, else as described."""
    roots = {ref for one in holders for ref in ids(one.get("rootElement"))} & components
    found = roots or set(described) & components
    return found.pop() if len(found) == 1 else ""


def _comments(elements: Elements) -> dict[str, list[str]]:
    """Annotation statements by the element they are about."""
    found: dict[str, list[str]] = defaultdict(list)
    for _, one in elements.of_type("Annotation"):
        for subject in ids(one.get("subject")):
            found[subject].append(text(one.get("statement")))
    return found


def _imported(document: Mapping[str, Any]) -> Iterator[str]:
    """Ids that the document says are defined elsewhere."""
    written = document.get("import")
    for one in written if isinstance(written, list) else ():
        yield text(record(one).get("externalSpdxId"))


def _creation(document: Mapping[str, Any], boms: Sequence[Mapping[str, Any]], elements: Elements) -> Mapping[str, Any]:
    """The creation information of the document, else of an SBOM in it, else the first one there is."""
    for one in (document, *boms):
        if found := elements.get(one.get("creationInfo")):
            return found
    return next((one for _, one in elements.of_type("CreationInfo")), NOTHING)


def _agents(written: object, elements: Elements) -> tuple[str, ...]:
    many = written if isinstance(written, list) else [written]
    return tuple(dict.fromkeys(filter(None, (agent_name(one, elements) for one in many if one))))


def _name(document: Mapping[str, Any], subject: Component | None, name: str) -> str:
    return stated(text(document.get("name"))) or (subject.name if subject else "") or name
