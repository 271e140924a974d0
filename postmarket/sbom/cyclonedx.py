"""
CycloneDX in any of its forms (https://cyclonedx.org/specification/overview), once it is a JSON object.

`cyclonedx_json` and `cyclonedx_xml` bring it into that shape; this module knows what the fields mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from postmarket.sbom.cyclonedx_component import Reading, organisation, read_component
from postmarket.sbom.cyclonedx_vulnerabilities import read_vulnerabilities
from postmarket.sbom.errors import SbomError
from postmarket.sbom.graph import Refs, check_graph
from postmarket.sbom.interface import Bom, Component, Relationship
from postmarket.sbom.notes import Notes
from postmarket.sbom.values import record, records, text, texts

if TYPE_CHECKING:
    from postmarket.sbom.interface import Format

KNOWN_VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


def read_document(document: Mapping[str, Any], *, format: Format, name: str) -> Bom:
    """
    The Bom in `document`; `name` is what the file is called, used where the document names nothing.

    Raises SbomError when `components` is not a list.
    """
    notes = Notes()
    version = text(document.get("specVersion"))
    if version not in KNOWN_VERSIONS:
        said = f'the version "{version[:20]}" is' if version else "no version is stated, or one that is"
        notes.add("specVersion", f"{said} not known here; read as {KNOWN_VERSIONS[-1]}.")
    reading = Reading(Refs(notes), notes)
    metadata = record(document.get("metadata"))
    subject, inner = _subject(metadata, reading, name)
    components = [*inner, *_components(document.get("components"), "components", "", reading, name)]
    if not components:
        notes.add("components", "the SBOM lists no component.")
    relationships = tuple(_relationships(document.get("dependencies")))
    known = {one.ref for one in components} | _service_refs(document.get("services"))
    if subject:
        known.add(subject.ref)
    check_graph(relationships, known, notes)
    serial = text(document.get("serialNumber"))
    return Bom(
        format=format,
        spec_version=version,
        name=subject.name if subject and subject.name else name,
        components=tuple(components),
        subject=subject,
        relationships=relationships,
        serial=serial,
        authors=_authors(metadata),
        tools=tuple(_tools(metadata.get("tools"))),
        timestamp=text(metadata.get("timestamp")),
        lifecycle=tuple(text(one.get("phase")) or text(one.get("name")) for one in records(metadata.get("lifecycles"))),
        completeness=_completeness(document.get("compositions"), subject.ref if subject else ""),
        vulnerabilities=read_vulnerabilities(document.get("vulnerabilities"), serial=serial, notes=notes),
        warnings=notes.sentences(),
    )


def _subject(metadata: Mapping[str, Any], reading: Reading, name: str) -> tuple[Component | None, list[Component]]:
    """What the SBOM is about, and the components nested in it."""
    written = record(metadata.get("component"))
    if not written:
        reading.notes.add("metadata", "the SBOM does not say which product it describes (metadata.component).")
        return None, []
    place = "metadata.component"
    subject = read_component(written, place=place, parent="", reading=reading, subject=True)
    nested = written.get("components")
    return subject, list(_components(nested, f"{place}.components", subject.ref, reading, name)) if nested else []


def _components(written: object, place: str, parent: str, reading: Reading, name: str) -> Iterator[Component]:
    """The components of one list and, after each, those nested in it. The parser has bounded the depth."""
    if written is None:
        return
    if not isinstance(written, list):
        raise SbomError(
            "the components cannot be read",
            where=f"{name}: {place}",
            why=f"a list is expected, not {type(written).__name__}",
            next_step="Export the SBOM again, or have its tool's output checked against the CycloneDX schema.",
        )
    for number, one in enumerate(written):
        here = f"{place}[{number}]"
        if not isinstance(one, dict):
            reading.notes.add(here, "this entry is no component and is passed over.")
            continue
        component = read_component(one, place=here, parent=parent, reading=reading)
        yield component
        if one.get("components"):
            yield from _components(one["components"], f"{here}.components", component.ref, reading, name)


def _relationships(written: object) -> Iterator[Relationship]:
    for one in records(written):
        source = text(one.get("ref"))
        for key, kind in (("dependsOn", "depends-on"), ("provides", "provides")):
            for target in texts(one.get(key)):
                yield Relationship(source, target, kind)


def _service_refs(written: object) -> set[str]:
    """Services are no components, but components may depend on them."""
    found, left = set(), records(written)
    while left:
        service = left.pop()
        found.add(text(service.get("bom-ref")))
        left.extend(records(service.get("services")))
    return found


def _authors(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Who made the SBOM: authors, 1.6 manufacturer, then the older manufacture and supplier (reference §8.2)."""
    people = [organisation(one) for one in records(metadata.get("authors"))]
    firms = [organisation(metadata.get(key)) for key in ("manufacturer", "manufacture", "supplier")]
    return tuple(dict.fromkeys(filter(None, people + firms)))


def _tools(written: object) -> Iterator[str]:
    """A list of tools up to 1.4; an object with components and services since 1.5."""
    if isinstance(written, dict) and ("components" in written or "services" in written):
        listed = records(written.get("components")) + records(written.get("services"))
    else:
        listed = records(written)
    for tool in listed:
        words = (organisation(tool.get("vendor")), text(tool.get("name")), text(tool.get("version")))
        if any(words):
            yield " ".join(filter(None, words))


def _completeness(written: object, subject_ref: str) -> dict[str, str]:
    """Ref to aggregate; a composition that names nothing speaks of the whole SBOM, so of its subject."""
    found: dict[str, str] = {}
    for one in records(written):
        named = texts(one.get("assemblies")) + texts(one.get("dependencies"))
        for ref in named or [subject_ref]:
            found[ref] = text(one.get("aggregate"))
    return found
