"""CycloneDX VEX 1.4 and later in JSON: `vulnerabilities[].analysis`, alone or inside an SBOM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from postmarket.documents.errors import VexError
from postmarket.documents.vex.cyclonedx_refs import Refs
from postmarket.documents.vex.interface import Justification, Product, Statement, Status, VexFormat
from postmarket.documents.vex.words import justification, sentences, text, texts, typed, utc

STATUS = {
    "not_affected": Status.NOT_AFFECTED,
    "false_positive": Status.NOT_AFFECTED,
    "exploitable": Status.AFFECTED,
    "resolved": Status.FIXED,
    "resolved_with_pedigree": Status.FIXED,
    "in_triage": Status.UNDER_INVESTIGATION,
}
"""`analysis.state` (reference §7.5)."""

JUSTIFICATION = {
    "code_not_present": Justification.VULNERABLE_CODE_NOT_PRESENT,
    "code_not_reachable": Justification.VULNERABLE_CODE_NOT_IN_EXECUTE_PATH,
    "requires_configuration": Justification.VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY,
    "requires_environment": Justification.VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY,
    "protected_at_runtime": Justification.INLINE_MITIGATIONS_ALREADY_EXIST,
    "protected_by_mitigating_control": Justification.INLINE_MITIGATIONS_ALREADY_EXIST,
}
"""
`analysis.justification` (reference §7.5). `code_not_present` also stands for a component that is absent: the weaker of
the two is taken. Labels that the reference does not map (`requires_dependency`, `protected_by_compiler`,
`protected_at_perimeter`) are kept as said and count for no justification: a perimeter is not inside the product.
"""

_AGREES = {
    "affected": (Status.AFFECTED, Status.UNDER_INVESTIGATION),
    "unaffected": (Status.NOT_AFFECTED, Status.FIXED),
    "unknown": (Status.UNDER_INVESTIGATION,),
}
"""Which statuses a version's own status may stand beside."""
_OVERRULES = {
    "affected": Status.AFFECTED,
    "unaffected": Status.NOT_AFFECTED,
    "unknown": Status.UNDER_INVESTIGATION,
}


class _Version(msgspec.Struct):
    version: str | None = None
    range: str | None = None
    status: str | None = None


class _Affect(msgspec.Struct):
    ref: str
    versions: list[_Version] | None = None


class _Analysis(msgspec.Struct):
    state: str | None = None
    justification: str | None = None
    response: list[str] | None = None
    detail: str | None = None
    firstIssued: str | None = None  # noqa: N815 - CycloneDX's spelling
    lastUpdated: str | None = None  # noqa: N815 - CycloneDX's spelling


class _Reference(msgspec.Struct):
    id: str | None = None


class _Vulnerability(msgspec.Struct):
    id: str | None = None
    references: list[_Reference] | None = None
    analysis: _Analysis | None = None
    affects: list[_Affect] | None = None
    recommendation: str | None = None
    workaround: str | None = None
    updated: str | None = None


class _Party(msgspec.Struct):
    name: str | None = None


class _Metadata(msgspec.Struct):
    timestamp: str | None = None
    authors: list[_Party] | None = None
    manufacturer: _Party | None = None
    manufacture: _Party | None = None
    supplier: _Party | None = None


class _Document(msgspec.Struct):
    serialNumber: str | None = None  # noqa: N815 - CycloneDX's spelling
    metadata: _Metadata | None = None
    vulnerabilities: list[_Vulnerability] | None = None


def is_cyclonedx(tree: dict[str, Any]) -> bool:
    """Whether a JSON object says that it is a CycloneDX document."""
    return tree.get("bomFormat") == "CycloneDX"


def read_cyclonedx(tree: dict[str, Any], *, name: str) -> Iterator[Statement]:
    """
    The statements of a CycloneDX document, one for each product and status; a vulnerability without state is none.

    Versions with a status of their own that contradicts the analysis get that status, without its reasons: the
    analysis gave them for the others. Raises VexError for another shape or an unknown state, naming the place.
    """
    document = typed(tree, _Document, name=name)
    refs = Refs.of(tree, name=name)
    for index, vulnerability in enumerate(document.vulnerabilities or []):
        analysis = vulnerability.analysis
        if analysis is None or not text(analysis.state):
            continue
        place = f"vulnerabilities[{index}]"
        state = text(analysis.state)
        if state not in STATUS:
            raise VexError(
                f"{state!r} is no analysis state",
                where=f"{name}: {place}.analysis.state",
                next_step=f"Use one of {', '.join(STATUS)}.",
            )
        for at, product, status in _products(vulnerability, STATUS[state], refs, name=name, place=place):
            yield _statement(document, vulnerability, analysis, product, status, name=name, place=at)


def _statement(
    document: _Document,
    vulnerability: _Vulnerability,
    analysis: _Analysis,
    product: Product,
    status: Status,
    *,
    name: str,
    place: str,
) -> Statement:
    own = status is STATUS[text(analysis.state)]
    label, said = justification(analysis.justification, JUSTIFICATION)
    excused = own and status is Status.NOT_AFFECTED
    main = text(vulnerability.id)
    metadata = document.metadata or _Metadata()
    return Statement(
        source=name,
        format=VexFormat.CYCLONEDX,
        document=text(document.serialNumber),
        author=_author(metadata),
        timestamp=next(filter(None, map(utc, _times(vulnerability, analysis, metadata))), ""),
        vulnerability=main,
        aliases=tuple(one for one in texts(ref.id for ref in vulnerability.references or ()) if one != main),
        product=product,
        status=status,
        justification=label if excused else Justification.NOT_GIVEN,
        said=sentences([text(analysis.state) if text(analysis.state) != status.value else None, said]),
        impact=text(analysis.detail) if excused else "",
        action=_action(vulnerability, analysis) if status is Status.AFFECTED else "",
        notes="" if excused else text(analysis.detail),
        place=place,
    )


def _action(vulnerability: _Vulnerability, analysis: _Analysis) -> str:
    return sentences([*(analysis.response or ()), vulnerability.recommendation, vulnerability.workaround])


def _times(vulnerability: _Vulnerability, analysis: _Analysis, metadata: _Metadata) -> tuple[str | None, ...]:
    return analysis.lastUpdated, analysis.firstIssued, vulnerability.updated, metadata.timestamp


def _author(metadata: _Metadata) -> str:
    authors = ", ".join(texts(author.name for author in metadata.authors or ()))
    parties = (metadata.manufacturer, metadata.manufacture, metadata.supplier)
    return authors or next(iter(texts(party.name for party in parties if party is not None)), "")


def _products(
    vulnerability: _Vulnerability, status: Status, refs: Refs, *, name: str, place: str
) -> Iterator[tuple[str, Product, Status]]:
    if not vulnerability.affects:
        yield place, Product(ref="", described=False), status
    for index, affect in enumerate(vulnerability.affects or []):
        at = f"{place}.affects[{index}]"
        product = refs.product(affect.ref)
        if not affect.versions:
            yield at, product, status
            continue
        by_status: dict[Status, list[_Version]] = {}
        for number, version in enumerate(affect.versions):
            own = _own_status(version, status, where=f"{name}: {at}.versions[{number}].status")
            by_status.setdefault(own, []).append(version)
        for own, versions in by_status.items():
            exact, ranges = texts(one.version for one in versions), texts(one.range for one in versions)
            yield at, replace(product, versions=exact, ranges=ranges), own


def _own_status(version: _Version, status: Status, *, where: str) -> Status:
    said = text(version.status)
    if not said:
        return status
    if said not in _AGREES:
        raise VexError(f"{said!r} is no status of a version", where=where, next_step=f"Use {', '.join(_AGREES)}.")
    return status if status in _AGREES[said] else _OVERRULES[said]
