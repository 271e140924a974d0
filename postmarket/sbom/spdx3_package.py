"""One SPDX 3 software artefact (https://spdx.github.io/spdx-spec/v3.0.1/model/Software/Classes/Package/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from postmarket.sbom.classes import component_class
from postmarket.sbom.cpes import read_cpes
from postmarket.sbom.cyclonedx_component import IDENTIFIER
from postmarket.sbom.hashes import read_hashes
from postmarket.sbom.interface import Component, SupportLevel
from postmarket.sbom.spdx3_elements import Elements, element_id, element_type, value
from postmarket.sbom.spdx_words import actor, annotated_properties, component_kind, stated
from postmarket.sbom.support import END_OF_SUPPORT, MILESTONE, end_of_support, level_of_support, spdx_support
from postmarket.sbom.values import calendar_date, records, text, texts

if TYPE_CHECKING:
    from postmarket.sbom.graph import Refs
    from postmarket.sbom.notes import Notes

PACKAGES = ("Package", "AIPackage", "DatasetPackage")
ARTEFACTS = ("File", "Snippet", "SoftwareArtifact")
"""Parts of packages; one is a component of its own only when it carries an identifier or a version."""

_IDENTIFIERS = {"swhid": "swhid", "swid": "swid", "gitoid": "gitoid"}
_KINDS = {"AIPackage": "machine-learning-model", "DatasetPackage": "data", "File": "file", "Snippet": "file"}


def is_component(element: Mapping[str, Any]) -> bool:
    """Whether this element is a component."""
    kind = element_type(element)
    named = value(element, "packageUrl") or value(element, "packageVersion") or any(_identifiers(element))
    return kind in PACKAGES or (kind in ARTEFACTS and bool(named))


def read_package(
    element: Mapping[str, Any],
    *,
    place: str,
    elements: Elements,
    licenses: Sequence[str],
    comments: Iterable[str],
    refs: Refs,
    notes: Notes,
    subject: bool,
) -> Component:
    """The component an element is; `licenses` and `comments` come from relationships and annotations to it."""
    name = stated(text(element.get("name")))
    if not name:
        notes.add(place, "a package has no name.")
    properties = annotated_properties(comments)
    identifiers = list(_identifiers(element))
    purl = text(value(element, "packageUrl")) or next((one for kind, one in identifiers if kind == "packageUrl"), "")
    kind = _KINDS.get(element_type(element)) or component_kind(text(value(element, "primaryPurpose")))
    cpes = (one for found, one in identifiers if found in ("cpe23", "cpe22"))
    hashes = ((text(one.get("algorithm")), text(one.get("hashValue"))) for one in _hashes(element))
    others = {IDENTIFIER + _IDENTIFIERS[found]: one for found, one in identifiers if found in _IDENTIFIERS}
    return Component(
        ref=refs.unique(element_id(element), place),
        name=name,
        version=stated(text(value(element, "packageVersion"))),
        supplier=_supplier(element, elements),
        kind=kind,
        component_class=component_class(properties, licenses=licenses, purl=purl, kind=kind, place_is_subject=subject),
        purl=purl,
        cpes=read_cpes(cpes, place=place, notes=notes),
        hashes=read_hashes(hashes, place=place, notes=notes),
        licenses=tuple(dict.fromkeys(licenses)),
        support_level=_support_level(element, properties, place=place, notes=notes),
        end_of_support=_end_of_support(element, properties, place=place, notes=notes),
        properties=properties | others,
        place=place,
    )


def agent_name(reference: object, elements: Elements) -> str:
    """The name of the agent a reference means; the id's tail when the agent is not in the document."""
    agent = elements.get(reference)
    return actor(text(agent.get("name"))) if agent else stated(text(reference).rpartition("/")[2])


def _supplier(element: Mapping[str, Any], elements: Elements) -> str:
    for field in ("suppliedBy", "originatedBy"):
        written = value(element, field)
        names = [agent_name(one, elements) for one in (written if isinstance(written, list) else [written]) if one]
        if any(names):
            return ", ".join(filter(None, names))
    return ""


def _identifiers(element: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Type and value; the plural key is no SPDX 3 but is written by real tools."""
    for key in ("externalIdentifier", "externalIdentifiers"):
        for one in records(element.get(key)):
            kind, identifier = text(one.get("externalIdentifierType")), text(one.get("identifier"))
            if identifier:
                yield {"cpe23Type": "cpe23", "cpe22Type": "cpe22", "purl": "packageUrl"}.get(kind, kind), identifier
    for one in records(value(element, "contentIdentifier")):
        yield text(one.get("contentIdentifierType")), text(one.get("contentIdentifierValue"))


def _hashes(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return records(element.get("verifiedUsing"))


def _support_level(
    element: Mapping[str, Any], properties: Mapping[str, str], *, place: str, notes: Notes
) -> SupportLevel:
    """An annotation in FDA's words, else `supportLevel`."""
    said = level_of_support(properties, place=place, notes=notes)
    if said is not SupportLevel.UNKNOWN:
        return said
    return spdx_support(texts(value(element, "supportLevel")), place=place, notes=notes)


def _end_of_support(element: Mapping[str, Any], properties: Mapping[str, str], *, place: str, notes: Notes) -> str:
    """An annotation in CycloneDX's words, else `validUntilTime`."""
    if END_OF_SUPPORT in properties or MILESTONE in properties:
        return end_of_support(properties, place=place, notes=notes)
    written = text(value(element, "validUntilTime"))
    day = calendar_date(written)
    if written and not day:
        notes.add(place, f'validUntilTime "{written[:40]}" is no date.', kind="validUntilTime")
    return day
