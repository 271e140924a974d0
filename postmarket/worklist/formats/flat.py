"""A worklist as plain values, the same for every machine-readable format."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from postmarket import __version__
from postmarket.worklist.explain import explain, fixed_version, next_step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from postmarket.matching.interface import ComponentCoverage
    from postmarket.policy.interface import Citation
    from postmarket.sbom.interface import Component
    from postmarket.worklist.interface import DeviceReport, Reason, Row, Worklist

FORMAT_VERSION = 1


class FlatCitation(msgspec.Struct):
    """Whose rule it is."""

    authority: str
    text: str
    flags: tuple[str, ...]


class FlatReason(msgspec.Struct):
    """Why the row matched."""

    rung: str
    identifier: str
    version: str
    scheme: str
    range: str
    source: str
    record: str
    confidence: str
    grade: str
    fixed: str
    notes: tuple[str, ...]


class FlatScore(msgspec.Struct):
    """The CVSS score the row is banded by; `value` is null when nothing scored it."""

    value: float | None
    severity: str
    version: str
    nomenclature: str
    vector: str
    by: str
    flag: str


class FlatComponent(msgspec.Struct):
    """A component as the SBOM lists it."""

    ref: str
    group: str
    name: str
    version: str
    supplier: str
    purl: str
    cpes: tuple[str, ...]
    component_class: str
    support_level: str
    end_of_support: str


class FlatVulnerability(msgspec.Struct):
    """What the loaded sources say; `epss` and `kev_added` are null when they say nothing."""

    id: str
    aliases: tuple[str, ...]
    sources: tuple[str, ...]
    kev_added: str | None
    kev_ransomware: bool
    epss: float | None
    epss_percentile: float | None
    epss_date: str
    ssvc_exploitation: str
    ssvc_automatable: str
    ssvc_technical_impact: str


class FlatTimeline(msgspec.Struct):
    """The article's dates (RFC 3339, UTC); null where it gives none."""

    band: str
    clinical_risk: str
    words: str
    provisional: bool
    mitigate_target: datetime | None
    mitigate_by: datetime | None
    patch_target: datetime | None
    patch_limit: datetime | None
    citation: FlatCitation
    notes: tuple[str, ...]


class FlatRow(msgspec.Struct):
    """One row of the worklist; `device_index` is its device version's place in `devices`, from 0."""

    device_index: int
    device: str
    device_version: str
    criticality: str
    lane: str
    state: str
    """Always `in_triage`: a scan states no clinical VEX."""
    priority: int
    priority_name: str
    priority_rule: str
    priority_reason: str
    priority_citation: FlatCitation
    component: FlatComponent
    occurrences: int
    clinical_role: str
    clinical_role_why: str
    vulnerability: FlatVulnerability
    grade: str
    reasons: tuple[FlatReason, ...]
    score: FlatScore
    exploitability: str
    exploitability_known: bool
    exploitability_factors: tuple[str, ...]
    timeline: FlatTimeline
    response_active: str
    response_suspected: str
    response_citation: FlatCitation
    fixed: str
    next_step: str
    supplier_vex: tuple[str, ...]


class FlatCoverage(msgspec.Struct):
    """One component that is not a plain match, and why."""

    component: FlatComponent
    state: str
    why: str
    next_step: str
    suspects: tuple[str, ...]
    possible_without_version: int


class FlatDevice(msgspec.Struct):
    """A device version and how much of it could be held against vulnerability data."""

    device: str
    version: str
    criticality: str
    criticality_note: str
    sbom: str
    sbom_sha256: str
    sbom_format: str
    units: int | None
    components: int
    matched: int
    matched_none: int
    unmatched: int
    not_monitorable: int
    monitored_percent: float | None
    coverage: tuple[FlatCoverage, ...]


class FlatWorklist(msgspec.Struct):
    """The whole answer of a scan."""

    format_version: int
    tool: str
    tool_version: str
    scanned_at: datetime
    aware: datetime
    aware_basis: str
    policy: str
    data_as_of: dict[str, str]
    devices: tuple[FlatDevice, ...]
    rows: tuple[FlatRow, ...]
    refused: tuple[str, ...]
    vex: tuple[str, ...]


def flatten(connection: sqlite3.Connection, worklist: Worklist) -> FlatWorklist:
    """The worklist as plain values, every row explained from the store."""
    reasons = explain(connection, worklist.rows)
    places = {id(report.device): place for place, report in enumerate(worklist.devices)}
    return FlatWorklist(
        format_version=FORMAT_VERSION,
        tool="postmarket",
        tool_version=__version__,
        scanned_at=worklist.scanned_at,
        aware=worklist.aware,
        aware_basis=worklist.aware_basis,
        policy=worklist.policy,
        data_as_of=dict(worklist.data_as_of),
        devices=tuple(_device(report) for report in worklist.devices),
        rows=tuple(
            flat_row(row, why, device_index=places[id(row.device)])
            for row, why in zip(worklist.rows, reasons, strict=True)
        ),
        refused=tuple(error.line() for error in worklist.refused),
        vex=tuple(f"{line.outcome.value}: {line.why}" for line in worklist.vex),
    )


def flat_row(row: Row, reasons: Sequence[Reason], *, device_index: int) -> FlatRow:
    """One row with its reasons as plain values."""
    return FlatRow(
        device_index=device_index,
        device=row.device.device,
        device_version=row.device.version,
        criticality=row.device.criticality.value,
        lane=row.lane.value,
        state="in_triage",
        priority=row.ranking.priority.value,
        priority_name=row.ranking.priority.name.lower(),
        priority_rule=row.ranking.rule,
        priority_reason=row.ranking.reason,
        priority_citation=_citation(row.ranking.citation),
        component=_component(row.component),
        occurrences=len(row.components),
        clinical_role=row.role.value,
        clinical_role_why=row.role_why,
        vulnerability=_vulnerability(row),
        grade=row.match.grade.name.lower(),
        reasons=tuple(_reason(reason) for reason in reasons),
        score=_score(row),
        exploitability=row.exploitability.level.name.lower(),
        exploitability_known=row.exploitability.known,
        exploitability_factors=tuple(f"{factor.name}: {factor.says}" for factor in row.exploitability.factors),
        timeline=_timeline(row),
        response_active=row.response.active,
        response_suspected=row.response.suspected,
        response_citation=_citation(row.response.citation),
        fixed=fixed_version(reasons),
        next_step=next_step(row, reasons),
        supplier_vex=tuple(f"{item.author}: {item.status.value} {item.justification}".strip() for item in row.vex),
    )


def _vulnerability(row: Row) -> FlatVulnerability:
    item = row.vulnerability
    return FlatVulnerability(
        id=item.name,
        aliases=item.aliases,
        sources=tuple(source.value for source in item.sources),
        kev_added=item.kev.added if item.kev else None,
        kev_ransomware=item.kev.ransomware if item.kev else False,
        epss=item.epss.probability if item.epss else None,
        epss_percentile=item.epss.percentile if item.epss else None,
        epss_date=item.epss.date if item.epss else "",
        ssvc_exploitation=item.ssvc.exploitation if item.ssvc else "",
        ssvc_automatable=item.ssvc.automatable if item.ssvc else "",
        ssvc_technical_impact=item.ssvc.technical_impact if item.ssvc else "",
    )


def _score(row: Row) -> FlatScore:
    score = row.score.score
    return FlatScore(
        value=score.value if score else None,
        severity=row.score.severity.value,
        version=score.version if score else "",
        nomenclature=score.nomenclature if score else "",
        vector=score.vector if score else "",
        by=score.by if score else "",
        flag=row.score.flag,
    )


def _timeline(row: Row) -> FlatTimeline:
    item = row.timeline
    return FlatTimeline(
        band=item.band,
        clinical_risk=item.clinical_risk,
        words=item.words,
        provisional=item.provisional,
        mitigate_target=item.mitigate_target,
        mitigate_by=item.mitigate_by,
        patch_target=item.patch_target,
        patch_limit=item.patch_limit,
        citation=_citation(item.citation),
        notes=item.notes,
    )


def _reason(reason: Reason) -> FlatReason:
    item = reason.evidence
    return FlatReason(
        rung=item.rung.label,
        identifier=item.name,
        version=item.version,
        scheme=item.scheme.value,
        range=reason.range,
        source=reason.source,
        record=reason.record,
        confidence=item.confidence.value,
        grade=item.grade.name.lower(),
        fixed=reason.fixed,
        notes=reason.notes,
    )


def _citation(citation: Citation) -> FlatCitation:
    return FlatCitation(authority=citation.authority.value, text=citation.text, flags=citation.flags)


def _component(component: Component) -> FlatComponent:
    return FlatComponent(
        ref=component.ref,
        group=component.group,
        name=component.name,
        version=component.version,
        supplier=component.supplier,
        purl=component.purl,
        cpes=component.cpes,
        component_class=component.component_class.value,
        support_level=component.support_level.value,
        end_of_support=component.end_of_support,
    )


def _device(report: DeviceReport) -> FlatDevice:
    from postmarket.matching.interface import Coverage

    monitored = report.monitored
    return FlatDevice(
        device=report.device.device,
        version=report.device.version,
        criticality=report.device.criticality.value,
        criticality_note=report.device.criticality_note,
        sbom=report.device.source,
        sbom_sha256=report.device.bom.sha256,
        sbom_format=f"{report.device.bom.format.value} {report.device.bom.spec_version}",
        units=report.device.units,
        components=len(report.coverage),
        matched=report.counts[Coverage.MATCHED],
        matched_none=report.counts[Coverage.MATCHED_NONE],
        unmatched=report.counts[Coverage.UNMATCHED],
        not_monitorable=report.counts[Coverage.NOT_MONITORABLE],
        monitored_percent=round(100 * monitored, 1) if monitored is not None else None,
        coverage=tuple(_coverage(component, item) for component, item in report.coverage),
    )


def _coverage(component: Component, item: ComponentCoverage) -> FlatCoverage:
    return FlatCoverage(
        component=_component(component),
        state=item.state.value,
        why=item.why,
        next_step=item.next_step,
        suspects=item.suspects,
        possible_without_version=item.possible_without_version,
    )
