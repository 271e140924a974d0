"""Why a finding is there and what to do next, in words: read from the store only for the rows that are shown."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from postmarket.inventory.store import store
from postmarket.matching.facts import told, vulnerabilities
from postmarket.matching.interface import Grade, Match, Vulnerability
from postmarket.monitoring.queries.findings import FindingRow
from postmarket.policy.interface import Ranking, Response, Timeline
from postmarket.policy.pack import Pack
from postmarket.policy.priority import rank
from postmarket.policy.response import device_type, response
from postmarket.policy.timeline import timeline
from postmarket.sbom.interface import Bom, Component, Format
from postmarket.sources.interface import Certainty
from postmarket.worklist.assemble import Judged
from postmarket.worklist.explain import explain, fixed_version, next_step
from postmarket.worklist.interface import DeviceVersion as Scanned
from postmarket.worklist.interface import Reason, Row

NO_BOM = Bom(format=Format.CYCLONEDX_JSON, spec_version="", name="", components=())


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    A finding with its grounds in words.

    `timeline` is None for a version in development, which has no clock (DESIGN §4); its dates count from `row.aware`.
    `fixed` is the version that ends it, "" when no source names one that is believed.
    """

    row: FindingRow
    vulnerability: Vulnerability
    reasons: tuple[Reason, ...]
    ranking: Ranking
    response: Response
    timeline: Timeline | None
    fixed: str
    next_step: str


def explained(rows: Sequence[FindingRow], *, pack: Pack, now: datetime) -> list[Explanation]:
    """For each row why it matched, what its device type asks for, its dates; a fixed number of queries for all."""
    connection = store()
    known = vulnerabilities(connection, {row.match.lead for row in rows})
    there = told(connection, {item.record_id for row in rows for item in row.evidence})
    scanned = [_known_still(as_scanned(row, known[row.match.lead], pack=pack, now=now), there) for row in rows]
    return [
        Explanation(
            row=row,
            vulnerability=item.vulnerability,
            reasons=reasons,
            ranking=item.ranking,
            response=item.response,
            timeline=item.timeline if row.aware is not None else None,
            fixed=fixed_version(item, reasons),
            next_step=next_step(item, reasons) if row.aware is not None else _before_it_ships(item, reasons),
        )
        for row, item, reasons in zip(rows, scanned, explain(connection, scanned), strict=True)
    ]


def as_scanned(row: FindingRow, vulnerability: Vulnerability, *, pack: Pack, now: datetime) -> Row:
    """The row that a scan of this device version has; what is in development counts from `now`, and shows no date."""
    judged = Judged(vulnerability, pack.thresholds)
    kind = device_type(row.device.device_type, pack)
    notes = (judged.score.flag,) if judged.score.flag else ()
    return Row(
        device=Scanned(
            device=row.device.name,
            version=row.version.label,
            bom=NO_BOM,
            source="",
            criticality=kind.criticality,
            criticality_note=kind.note,
            maker=row.device.manufacturer,
        ),
        components=(_component(row),),
        vulnerability=vulnerability,
        match=Match(component=0, vulnerability=row.match.lead, grade=row.grade, evidence=row.evidence),
        lane=row.lane,
        role=row.role,
        role_why=row.listing.role_why,
        score=judged.score,
        exploitability=judged.exploitability,
        ranking=rank(
            kind.criticality,
            row.role,
            judged.exploitability.level if judged.exploitability.known else None,
            score=judged.value,
            pack=pack,
            kev=vulnerability.kev is not None,
            maturity=judged.maturity,
            certainty=Certainty.POSSIBLE if row.grade is Grade.POSSIBLE else Certainty.STATED,
        ),
        timeline=timeline(judged.value, aware=row.aware or now, pack=pack, notes=notes),
        response=response(kind.criticality, pack),
    )


def _known_still(row: Row, records: Container[int]) -> Row:
    """Without evidence that a load has replaced since: the next run of the projection brings what stands now."""
    kept = tuple(item for item in row.match.evidence if item.record_id in records)
    return row if len(kept) == len(row.match.evidence) else replace(row, match=replace(row.match, evidence=kept))


def _component(row: FindingRow) -> Component:
    identity = row.identity
    return Component(
        ref="",
        name=identity.name,
        version=identity.version,
        supplier=identity.supplier,
        purl=identity.purl,
        cpes=tuple(identity.cpes),
    )


def _before_it_ships(row: Row, reasons: Sequence[Reason]) -> str:
    fixed = fixed_version(row, reasons)
    update = f"update {row.component.name} to {fixed}" if fixed else "decide what to do"
    return f"In development, so without case and clock: {update} before it ships."
