"""The relationships of an SPDX 3 document, sorted by what they say about a component."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from postmarket.sbom.interface import Relationship, StatedVulnerability
from postmarket.sbom.spdx3_elements import Elements, bare, element_type, ids, value
from postmarket.sbom.spdx_words import stated
from postmarket.sbom.values import text

_KINDS = {"dependsOn": "depends-on", "hasPrerequisite": "depends-on", "contains": "contains"}
_LICENCES = ("hasDeclaredLicense", "hasConcludedLicense")
_COMPLETENESS = {"complete": "complete", "incomplete": "incomplete", "noAssertion": "unknown"}
_STATES = {
    "VexAffectedVulnAssessmentRelationship": "exploitable",
    "VexFixedVulnAssessmentRelationship": "resolved",
    "VexNotAffectedVulnAssessmentRelationship": "not_affected",
    "VexUnderInvestigationVulnAssessmentRelationship": "in_triage",
}
"""SPDX 3 VEX classes in the words of a CycloneDX analysis state."""


@dataclass(slots=True)
class Links:
    """Everything relationships say, by kind; refs are element ids."""

    described: list[str] = field(default_factory=list)
    licenses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    relationships: list[Relationship] = field(default_factory=list)
    completeness: dict[str, str] = field(default_factory=dict)
    vulnerabilities: list[StatedVulnerability] = field(default_factory=list)


def read_links(elements: Elements, components: Collection[str], passed_over: Collection[str]) -> Links:
    """All links; one that ends in an element of `passed_over` (a file, a licence) joins no components."""
    links = Links()
    for _, one in elements.listed:
        kind = text(one.get("relationshipType"))
        sources, targets = ids(one.get("from")), ids(one.get("to"))
        if not kind or not sources:
            continue
        if element_type(one) in _STATES or kind == "hasAssociatedVulnerability":
            links.vulnerabilities.extend(_vulnerabilities(one, sources[0], targets, elements))
        elif kind == "describes":
            links.described.extend(targets)
        elif kind in _LICENCES:
            links.licenses[sources[0]].extend(filter(None, (_license(target, elements) for target in targets)))
        else:
            _join(links, one, sources[0], kind, targets, components, passed_over)
    return links


def _join(
    links: Links,
    one: Mapping[str, Any],
    source: str,
    kind: str,
    targets: list[str],
    components: Collection[str],
    passed_over: Collection[str],
) -> None:
    word = _KINDS.get(kind, kind)
    if word in ("depends-on", "contains") and source in components:
        aggregate = _COMPLETENESS.get(bare(text(one.get("completeness"))))
        if aggregate:
            links.completeness[source] = aggregate
    for target in targets:
        tail = bare(target)
        if tail in ("NoneElement", "NoAssertionElement"):
            links.completeness[source] = "complete" if tail == "NoneElement" else "unknown"
        elif source not in passed_over and target not in passed_over:
            links.relationships.append(Relationship(source, target, word))


def _license(reference: str, elements: Elements) -> str:
    element = elements.get(reference)
    found = text(value(element, "licenseExpression")) or text(element.get("name"))
    if found or element:
        return stated(found)
    # A listed licence may be named by its address only: https://spdx.org/licenses/MIT
    tail = reference.rpartition("/")[2]
    return "" if tail in ("NoneLicense", "NoAssertionLicense") else stated(tail)


def _vulnerabilities(
    one: Mapping[str, Any], source: str, targets: list[str], elements: Elements
) -> list[StatedVulnerability]:
    """VEX goes from the vulnerability to packages; "hasAssociatedVulnerability" from a package to vulnerabilities."""
    if element_type(one) in _STATES:
        found, refs = [source], tuple(targets)
    else:
        found, refs = targets, (source,)
    return [
        StatedVulnerability(
            id=_vulnerability_name(reference, elements),
            refs=refs,
            state=_STATES.get(element_type(one), ""),
            justification=bare(text(value(one, "justificationType"))),
            detail=text(value(one, "impactStatement")) or text(value(one, "statusNotes")),
        )
        for reference in found
    ]


def _vulnerability_name(reference: str, elements: Elements) -> str:
    element = elements.get(reference)
    for key in ("externalIdentifier", "externalIdentifiers"):
        written = element.get(key)
        for identifier in written if isinstance(written, list) else ():
            if isinstance(identifier, dict) and identifier.get("externalIdentifierType") in ("cve", "securityOther"):
                return text(identifier.get("identifier"))
    return text(element.get("name")) or reference.rpartition("/")[2]
