"""One CycloneDX component, as the JSON object it is or the XML element made into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postmarket.sbom.classes import component_class
from postmarket.sbom.cpes import read_cpes
from postmarket.sbom.hashes import read_hashes
from postmarket.sbom.interface import Component
from postmarket.sbom.support import end_of_support, level_of_support
from postmarket.sbom.values import record, records, text, texts

if TYPE_CHECKING:
    from postmarket.sbom.graph import Refs
    from postmarket.sbom.notes import Notes

IDENTIFIER = "identifier:"
"""Before the name of a unique identifier that is neither purl nor CPE, kept among the properties: swid, swhid, …"""
VERSION_RANGE = "cyclonedx:versionRange"
"""Where the range of an external component is kept (CycloneDX 1.7); it pins no version."""

SCOPE = "cyclonedx:scope"
"""Where required, optional or excluded is kept; excluded means not reachable at runtime (a test tool, say)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parts of one document share while it is read."""

    refs: Refs
    notes: Notes


def read_component(
    written: Mapping[str, Any], *, place: str, parent: str, reading: Reading, subject: bool = False
) -> Component:
    """The component at `place`, without those nested in it; nothing is refused, what is odd is noted."""
    notes = reading.notes
    name = text(written.get("name"))
    if not name:
        notes.add(place, "a component has no name.")
    properties = read_properties(written.get("properties"))
    purl = text(written.get("purl")) or next(_identities(written, "purl"), "")
    if purl and not purl.startswith("pkg:"):
        notes.add(place, f'"{purl[:80]}" is no package URL: it does not begin with pkg:.', kind="purl")
    licenses = read_licenses(written.get("licenses"))
    kind = text(written.get("type")) or "library"
    return Component(
        ref=reading.refs.unique(text(written.get("bom-ref")), place),
        name=name,
        version=text(written.get("version")),
        group=text(written.get("group")),
        supplier=_supplier(written),
        kind=kind,
        component_class=component_class(properties, licenses=licenses, purl=purl, kind=kind, place_is_subject=subject),
        purl=purl,
        cpes=read_cpes(_cpes(written), place=place, notes=notes),
        hashes=read_hashes(
            ((text(one.get("alg")), text(one.get("content"))) for one in records(written.get("hashes"))),
            place=place,
            notes=notes,
        ),
        licenses=licenses,
        parent=parent,
        support_level=level_of_support(properties, place=place, notes=notes),
        end_of_support=end_of_support(properties, place=place, notes=notes),
        properties=properties | _other_identifiers(written) | _external(written),
        patched=_patched(written),
        place=place,
    )


def read_properties(written: object) -> dict[str, str]:
    """Name to value; the last of a repeated name."""
    return {text(one.get("name")): text(one.get("value")) for one in records(written) if text(one.get("name"))}


def read_licenses(written: object) -> tuple[str, ...]:
    """Each licence as its SPDX expression, id or name; one wrapped, unwrapped or plain string is read alike."""
    found = []
    for one in written if isinstance(written, list) else records(written):
        if isinstance(one, str):
            found.append(text(one))
            continue
        entry = record(one)
        licence = record(entry.get("license")) or entry
        found.append(text(entry.get("expression")) or text(licence.get("id")) or text(licence.get("name")))
    return tuple(dict.fromkeys(filter(None, found)))


def organisation(written: object) -> str:
    """The name of an organisation or person, or the plain string that stands for one."""
    entry = record(written)
    return text(entry.get("name")) or text(entry.get("email")) if entry else text(written)


def _supplier(written: Mapping[str, Any]) -> str:
    """Supplier, else manufacturer (1.6+), else publisher, else author: NTIA asks who made it available."""
    for key in ("supplier", "manufacturer", "publisher", "author"):
        if found := organisation(written.get(key)):
            return found
    return ", ".join(filter(None, map(organisation, records(written.get("authors")))))


def _cpes(written: Mapping[str, Any]) -> Iterator[str]:
    yield text(written.get("cpe"))
    yield from _identities(written, "cpe")
    for one in records(written.get("properties")):
        value = text(one.get("value"))
        # Tools list further candidates as properties: syft:cpe23, …
        if value.startswith("cpe:") and "cpe" in text(one.get("name")).lower():
            yield value


def _identities(written: Mapping[str, Any], field: str) -> Iterator[str]:
    """What evidence concludes a purl or CPE to be: one object in 1.5, a list since 1.6."""
    for identity in records(record(written.get("evidence")).get("identity")):
        if text(identity.get("field")) == field and (concluded := text(identity.get("concludedValue"))):
            yield concluded


def _other_identifiers(written: Mapping[str, Any]) -> dict[str, str]:
    found = {"swid": text(record(written.get("swid")).get("tagId"))}
    for key in ("omniborId", "swhid"):
        found[key] = " ".join(texts(written.get(key)))
    return {IDENTIFIER + key: value for key, value in found.items() if value}


def _external(written: Mapping[str, Any]) -> dict[str, str]:
    """Scope; and since 1.7, that the environment must bring the component, and in which versions."""
    found = {VERSION_RANGE: text(written.get("versionRange")), SCOPE: text(written.get("scope"))}
    if written.get("isExternal") in (True, "true", "1"):
        found["cyclonedx:isExternal"] = "true"
    return {key: value for key, value in found.items() if value}


def _patched(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Security issues that patches applied to this component resolve."""
    ids = (
        text(issue.get("id"))
        for patch in records(record(written.get("pedigree")).get("patches"))
        for issue in records(patch.get("resolves"))
        if text(issue.get("type")) == "security" or text(issue.get("id")).upper().startswith(("CVE-", "GHSA-"))
    )
    return tuple(dict.fromkeys(filter(None, ids)))
