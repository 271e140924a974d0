"""How a worklist becomes plain values: every row explained and described from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket import __version__
from postmarket.matching.interface import Coverage
from postmarket.worklist.describe import describe
from postmarket.worklist.explain import explain, exploitability_word, fixed_version, next_step
from postmarket.worklist.formats.values import (
    FORMAT_VERSION,
    FlatCitation,
    FlatComponent,
    FlatCoverage,
    FlatDevice,
    FlatReason,
    FlatRow,
    FlatScore,
    FlatTimeline,
    FlatVulnerability,
    FlatWorklist,
)
from postmarket.worklist.overdue import overdue
from postmarket.worklist.unseen import causes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from postmarket.matching.interface import ComponentCoverage
    from postmarket.matching.store.engine import Connection
    from postmarket.policy.interface import Citation
    from postmarket.sbom.interface import Component
    from postmarket.worklist.describe import Description
    from postmarket.worklist.interface import DeviceReport, Reason, Row, Worklist


def flatten(connection: Connection, worklist: Worklist) -> FlatWorklist:
    """The worklist as plain values, every row explained from the store."""
    reasons, words = explain(connection, worklist.rows), describe(connection, worklist.rows)
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
        never_loaded=worklist.never_loaded,
        devices=tuple(_device(report) for report in worklist.devices),
        rows=tuple(
            _row(row, why, what, device_index=places[id(row.device)], now=worklist.scanned_at)
            for row, why, what in zip(worklist.rows, reasons, words, strict=True)
        ),
        refused=tuple(error.line() for error in worklist.refused),
        vex=tuple(f"{line.outcome.value}: {line.why}" for line in worklist.vex),
    )


def _row(row: Row, reasons: Sequence[Reason], words: Description, *, device_index: int, now: datetime) -> FlatRow:
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
        vulnerability=_vulnerability(row, words),
        grade=row.match.grade.name.lower(),
        reasons=tuple(_reason(reason) for reason in reasons),
        score=_score(row),
        exploitability=exploitability_word(row),
        exploitability_known=row.exploitability.known,
        exploitability_factors=tuple(f"{factor.name}: {factor.says}" for factor in row.exploitability.factors),
        timeline=_timeline(row, now),
        response_active=row.response.active,
        response_suspected=row.response.suspected,
        response_citation=_citation(row.response.citation),
        fixed=fixed_version(row, reasons),
        next_step=next_step(row, reasons),
        supplier_vex=tuple(f"{item.author}: {item.status.value} {item.justification}".strip() for item in row.vex),
    )


def _vulnerability(row: Row, words: Description) -> FlatVulnerability:
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
        summary=words.summary,
        summary_source=words.source,
        weaknesses=words.weaknesses,
        link=words.link,
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


def _timeline(row: Row, now: datetime) -> FlatTimeline:
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
        mitigate_overdue_days=overdue(item.mitigate_by, now),
        patch_overdue_days=overdue(item.patch_limit, now),
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
        unseen=causes((report,)),
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
