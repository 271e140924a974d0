"""
The elements a quality profile can ask for, each one small check.

A check answers with what is wrong, as a clause without a full stop, or with nothing. The field mapping per format is
reference §8.2; the readers have applied it, so a check only looks at the Bom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from postmarket.sbom.cyclonedx_component import IDENTIFIER, VERSION_RANGE
from postmarket.sbom.interface import ComponentClass, SupportLevel
from postmarket.sbom.pinning import unpinned_reason
from postmarket.sbom.support import JUSTIFICATION

if TYPE_CHECKING:
    from postmarket.sbom.interface import Bom, Component


@dataclass(frozen=True, slots=True)
class Facts:
    """What checks of single components need to know of the whole: refs that stand in a relationship."""

    related: frozenset[str]


def facts_of(bom: Bom) -> Facts:
    """Refs at either end of a relationship, nested in another component, or of stated completeness."""
    ends = {end for one in bom.relationships for end in (one.source, one.target)}
    parents = {one.parent for one in bom.components if one.parent}
    return Facts(frozenset(ends | parents | set(bom.completeness)))


def _supplier(one: Component, _: Facts) -> str:
    return "" if one.supplier else "no supplier is named"


def _name(one: Component, _: Facts) -> str:
    return "" if one.name else "it has no name"


def _version(one: Component, _: Facts) -> str:
    return "" if one.version else "it has no version"


def _pinned(one: Component, _: Facts) -> str:
    """A missing version is the business of the version rule; here only one that floats."""
    written = one.version or one.properties.get(VERSION_RANGE, "")
    return unpinned_reason(written) if written else ""


def _identifier(one: Component, _: Facts) -> str:
    if one.purl.startswith("pkg:") or one.cpes or any(key.startswith(IDENTIFIER) for key in one.properties):
        return ""
    return "it has no purl, CPE or other unique identifier"


def _relationship(one: Component, facts: Facts) -> str:
    return "" if one.parent or one.ref in facts.related else "it stands in no relationship"


def _hash(one: Component, _: Facts) -> str:
    return "" if one.hashes else "it has no hash"


def _license(one: Component, _: Facts) -> str:
    return "" if one.licenses else "it has no licence"


def _support_level(one: Component, _: Facts) -> str:
    return "its level of support is not stated" if one.support_level is SupportLevel.UNKNOWN else ""


def _end_of_support(one: Component, _: Facts) -> str:
    """FDA: justify what cannot be given; a justification takes the place of the date."""
    if one.end_of_support or one.properties.get(JUSTIFICATION):
        return ""
    return "it has neither an end-of-support date nor a justification for its absence"


def _component_class(one: Component, _: Facts) -> str:
    if one.component_class is ComponentClass.UNKNOWN:
        return "it is not said whether it is commercial, open-source, off-the-shelf or your own"
    return ""


def _author(bom: Bom) -> str:
    return "" if bom.authors else "no author of the SBOM is named"


def _timestamp(bom: Bom) -> str:
    if not bom.timestamp:
        return "it has no timestamp"
    try:
        moment = datetime.fromisoformat(bom.timestamp)
    except ValueError:
        return f'its timestamp "{bom.timestamp[:40]}" is no ISO 8601 time'
    return "" if moment.tzinfo else f'its timestamp "{bom.timestamp}" has no time zone'


def _tool(bom: Bom) -> str:
    return "" if bom.tools else "it does not name the tool that made it"


def _context(bom: Bom) -> str:
    return "" if any(bom.lifecycle) else "it does not say at which stage it was made: before, during or after the build"


def _coverage(bom: Bom) -> str:
    """Known unknowns: somewhere it must say how complete it is."""
    return "" if bom.completeness else "it does not say how complete it is"


def _vulnerabilities(bom: Bom) -> str:
    if any(one.id and one.refs for one in bom.vulnerabilities):
        return ""
    return "it maps no component to a known vulnerability"


def _subject(bom: Bom) -> str:
    return "" if bom.subject and bom.subject.name else "it does not name the product it describes"


COMPONENT_ELEMENTS: Mapping[str, Callable[[Component, Facts], str]] = {
    "supplier": _supplier,
    "component-name": _name,
    "version": _version,
    "version-pinned": _pinned,
    "identifier": _identifier,
    "relationship": _relationship,
    "hash": _hash,
    "license": _license,
    "support-level": _support_level,
    "end-of-support": _end_of_support,
    "component-class": _component_class,
}
BOM_ELEMENTS: Mapping[str, Callable[[Bom], str]] = {
    "author": _author,
    "timestamp": _timestamp,
    "tool": _tool,
    "generation-context": _context,
    "coverage": _coverage,
    "known-vulnerabilities": _vulnerabilities,
    "subject": _subject,
}
