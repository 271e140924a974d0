"""One SPDX 2 package, in the field names of SPDX JSON (https://spdx.github.io/spdx-spec/v2.3/package-information/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from postmarket.sbom.classes import component_class
from postmarket.sbom.cpes import read_cpes
from postmarket.sbom.cyclonedx_component import IDENTIFIER
from postmarket.sbom.hashes import read_hashes
from postmarket.sbom.interface import Component, StatedVulnerability
from postmarket.sbom.spdx_words import actor, annotated_properties, component_kind, stated
from postmarket.sbom.support import END_OF_SUPPORT, MILESTONE, end_of_support, level_of_support
from postmarket.sbom.values import calendar_date, records, text

if TYPE_CHECKING:
    from postmarket.sbom.graph import Refs
    from postmarket.sbom.notes import Notes

PLACE = "postmarket:place"
"""Key under which the tag-value reader leaves the line a package begins at."""
VULNERABILITY_ID = re.compile(r"(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})", re.IGNORECASE)

_IDENTIFIERS = {"swh": "swhid", "gitoid": "gitoid", "swid": "swid"}
_ADVICE = frozenset(("advisory", "fix", "url", "swid"))


def read_package(
    written: Mapping[str, Any], *, place: str, comments: Iterable[str], refs: Refs, notes: Notes, subject: bool
) -> Component:
    """The component that a package is; `comments` are the annotations made on it. Nothing is refused, only noted."""
    place = text(written.get(PLACE)) or place
    name = stated(text(written.get("name")))
    if not name:
        notes.add(place, "a package has no name.")
    properties = annotated_properties([*comments, *_own_comments(written)])
    licenses = _licenses(written)
    purl = next(_locators(written, ("purl",)), "")
    kind = component_kind(text(written.get("primaryPackagePurpose")))
    return Component(
        ref=refs.unique(text(written.get("SPDXID")), place),
        name=name,
        version=stated(text(written.get("versionInfo"))),
        supplier=actor(text(written.get("supplier"))) or actor(text(written.get("originator"))),
        kind=kind,
        component_class=component_class(properties, licenses=licenses, purl=purl, kind=kind, place_is_subject=subject),
        purl=purl,
        cpes=read_cpes(_locators(written, ("cpe23type", "cpe22type")), place=place, notes=notes),
        hashes=read_hashes(
            ((text(one.get("algorithm")), text(one.get("checksumValue"))) for one in records(written.get("checksums"))),
            place=place,
            notes=notes,
        ),
        licenses=licenses,
        support_level=level_of_support(properties, place=place, notes=notes),
        end_of_support=_end_of_support(written, properties, place=place, notes=notes),
        properties=properties | _other_identifiers(written),
        place=place,
    )


def security_references(written: Mapping[str, Any]) -> Iterator[StatedVulnerability]:
    """
    Advisories and fixes a package points to (SECURITY references, 2.3), by the CVE or GHSA id in them.

    SPDX 2 does not say whether the package is affected, so the state stays empty.
    """
    for one in records(written.get("externalRefs")):
        if text(one.get("referenceCategory")).upper() == "SECURITY":
            kind, locator = text(one.get("referenceType")).lower(), text(one.get("referenceLocator"))
            found = VULNERABILITY_ID.search(locator) if kind in _ADVICE else None
            if found:
                yield StatedVulnerability(
                    id=found[0].upper() if found[0][0] in "cC" else found[0],
                    refs=(text(written.get("SPDXID")),),
                    detail=text(one.get("comment")),
                    properties={f"spdx:{kind}": locator},
                )


def _own_comments(written: Mapping[str, Any]) -> Iterator[str]:
    """The package's own comment counts as an annotation only where it is one: `cdx:...` lines."""
    comment = text(written.get("comment"))
    if comment.startswith(("cdx:", "postmarket:")):
        yield comment
    for one in records(written.get("annotations")):
        yield text(one.get("comment"))


def _licenses(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Declared and concluded, each once."""
    both = (stated(text(written.get(key))) for key in ("licenseDeclared", "licenseConcluded"))
    return tuple(dict.fromkeys(filter(None, both)))


def _locators(written: Mapping[str, Any], kinds: tuple[str, ...]) -> Iterator[str]:
    for one in records(written.get("externalRefs")):
        # Old documents write the type as a URL that ends in its name.
        if text(one.get("referenceType")).rpartition("/")[2].lower() in kinds:
            yield text(one.get("referenceLocator"))


def _other_identifiers(written: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for one in records(written.get("externalRefs")):
        kind = _IDENTIFIERS.get(text(one.get("referenceType")).lower())
        if kind and text(one.get("referenceLocator")):
            found[IDENTIFIER + kind] = text(one.get("referenceLocator"))
    return found


def _end_of_support(written: Mapping[str, Any], properties: Mapping[str, str], *, place: str, notes: Notes) -> str:
    """An annotation in CycloneDX's words, else ValidUntilDate (SPDX 2.3 §7.27)."""
    if END_OF_SUPPORT in properties or MILESTONE in properties:
        return end_of_support(properties, place=place, notes=notes)
    valid_until = text(written.get("validUntilDate"))
    day = calendar_date(valid_until)
    if valid_until and not day:
        notes.add(place, f'validUntilDate "{valid_until[:40]}" is no date.', kind="validUntilDate")
    return day
