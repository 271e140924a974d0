"""Device versions and a filled store in, a worklist in order of patient risk out."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from postmarket.matching.coverage import coverage_counts
from postmarket.matching.devices import match_device
from postmarket.matching.facts import vulnerabilities
from postmarket.matching.interface import Grade
from postmarket.matching.loaded import loaded
from postmarket.matching.store.status import data_as_of
from postmarket.policy.interface import ClinicalRole
from postmarket.policy.priority import rank
from postmarket.policy.response import response
from postmarket.policy.timeline import timeline
from postmarket.scoring.choice import choose
from postmarket.scoring.exploitability import exploitability
from postmarket.scoring.interface import ExploitabilityInputs, ExploitMaturity
from postmarket.sources.interface import Certainty, Source
from postmarket.worklist.interface import DeviceReport, Lane, Row, Worklist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from postmarket.documents.vex.interface import Statement
    from postmarket.errors import PostmarketError
    from postmarket.matching.aliases import AliasTable
    from postmarket.matching.interface import DeviceMatches, Match, Vulnerability
    from postmarket.matching.store.engine import Connection
    from postmarket.policy.pack import Pack
    from postmarket.sbom.interface import Bom, Component
    from postmarket.scoring.interface import Chosen, ExploitabilityResult, ExploitabilityThresholds
    from postmarket.worklist.interface import DeviceVersion, RoleRule, VexLine

LANES = {
    Grade.CONFIRMED: Lane.WORKLIST,
    Grade.UNVERIFIED: Lane.WORKLIST,
    Grade.POSSIBLE: Lane.POSSIBLE,
    Grade.CONTRADICTED: Lane.SUGGESTED_NOT_AFFECTED,
}
MATURITIES = {
    "none": ExploitMaturity.NONE,
    "poc": ExploitMaturity.PROOF_OF_CONCEPT,
    "public poc": ExploitMaturity.PROOF_OF_CONCEPT,
    "active": ExploitMaturity.ACTIVE,
}
"""SSVC's exploitation point in the words of exploit maturity."""


def assemble(
    connection: Connection,
    devices: Sequence[DeviceVersion],
    *,
    aliases: AliasTable,
    pack: Pack,
    now: datetime,
    aware: datetime,
    aware_basis: str,
    statements: Sequence[Statement] = (),
    refused: Sequence[PostmarketError] = (),
) -> Worklist:
    """
    Match every device version and put what was found in order of patient risk.

    `now` is when the scan runs; all dates count from `aware` (both UTC). `statements` are suppliers' VEX: those that
    apply move a row with attribution and never delete it. `refused` are inputs that could not be read, to be shown.
    """
    found = [
        match_device(connection, listed(device.bom), aliases=aliases, profile=device.profile, maker=device.maker)
        for device in devices
    ]
    known = vulnerabilities(connection, {match.vulnerability for item in found for match in item.matches})
    judged = {id_: Judged(item, pack.thresholds) for id_, item in known.items()}
    rows = [
        row
        for device, matches in zip(devices, found, strict=True)
        for row in _rows(device, matches, judged, pack=pack, aware=aware)
    ]
    lines: Sequence[VexLine] = ()
    if statements:
        from postmarket.worklist.vex import apply_vex

        rows, lines = apply_vex(rows, statements)
    rows.sort(key=_order)
    return Worklist(
        rows=tuple(rows),
        devices=tuple(_report(device, matches) for device, matches in zip(devices, found, strict=True)),
        scanned_at=now,
        aware=aware,
        aware_basis=aware_basis,
        policy=pack.version,
        data_as_of=data_as_of(connection),
        refused=tuple(refused),
        vex=tuple(lines),
        never_loaded=_never_loaded(connection),
    )


def _never_loaded(connection: Connection) -> tuple[str, ...]:
    known = loaded(connection)
    return tuple(source.value for source in Source if source.value not in known)


def listed(bom: Bom) -> tuple[Component, ...]:
    """What is matched of an SBOM: its components, and its subject where that is itself a known product."""
    if bom.subject is not None and (bom.subject.purl or bom.subject.cpes):
        return (*bom.components, bom.subject)
    return bom.components


class Judged:
    """What is the same for every row of one vulnerability: its score and how exploitable it is."""

    def __init__(self, vulnerability: Vulnerability, thresholds: ExploitabilityThresholds) -> None:
        self.vulnerability = vulnerability
        self.score: Chosen = choose(vulnerability.ratings)
        ssvc = vulnerability.ssvc
        kev = vulnerability.kev is not None
        exploitation = ssvc.exploitation if ssvc else ""
        vector = self.score.rating.vector if self.score.rating is not None else ""
        self.maturity = MATURITIES.get(exploitation, ExploitMaturity.UNKNOWN)
        self.exploitability: ExploitabilityResult = exploitability(
            ExploitabilityInputs(
                vector=vector,
                kev=kev,
                ssvc_exploitation=exploitation,
                ssvc_automatable=ssvc.automatable if ssvc else "",
                epss=vulnerability.epss.probability if vulnerability.epss else None,
                maturity=self.maturity,
            ),
            thresholds,
        )

    @property
    def value(self) -> float | None:
        """The score's number, None when nothing scored it."""
        return self.score.score.value if self.score.score is not None else None


def _rows(
    device: DeviceVersion, found: DeviceMatches, judged: dict[int, Judged], *, pack: Pack, aware: datetime
) -> list[Row]:
    same: dict[tuple[object, ...], list[Match]] = defaultdict(list)
    for match in found.matches:
        item = found.components[match.component]
        same[match.vulnerability, item.supplier, item.group, item.name, item.version, item.purl, item.cpes].append(
            match
        )
    rows = []
    advice = response(device.criticality, pack)
    for matches in same.values():
        best = min(matches, key=lambda match: match.grade)
        components = tuple(found.components[match.component] for match in matches)
        subject = judged[best.vulnerability]
        role, why = clinical_role(components[0].name, components[0].purl, device.roles)
        notes = (subject.score.flag,) if subject.score.flag else ()
        rows.append(
            Row(
                device=device,
                components=components,
                vulnerability=subject.vulnerability,
                match=best,
                lane=LANES[best.grade],
                role=role,
                role_why=why,
                score=subject.score,
                exploitability=subject.exploitability,
                ranking=rank(
                    device.criticality,
                    role,
                    subject.exploitability.level if subject.exploitability.known else None,
                    score=subject.value,
                    pack=pack,
                    kev=subject.vulnerability.kev is not None,
                    maturity=subject.maturity,
                    certainty=Certainty.POSSIBLE if best.grade is Grade.POSSIBLE else Certainty.STATED,
                ),
                timeline=timeline(subject.value, aware=aware, pack=pack, notes=notes),
                response=advice,
            )
        )
    return rows


@lru_cache(maxsize=1 << 14)
def clinical_role(name: str, purl: str, rules: tuple[RoleRule, ...]) -> tuple[ClinicalRole, str]:
    """The role the firm gave a component, and why; the first rule that fits wins, none gives unknown."""
    for rule in rules:
        pattern = rule.pattern.casefold()
        if fnmatchcase(name.casefold(), pattern) or (purl and fnmatchcase(purl.casefold(), pattern)):
            return rule.role, rule.why
    return ClinicalRole.UNKNOWN, ""


def _order(row: Row) -> tuple[object, ...]:
    return (
        row.ranking.priority,
        row.ranking.order,
        row.match.grade,
        row.vulnerability.name,
        row.device.device,
        row.device.version,
        row.component.name,
        row.component.version,
    )


def _report(device: DeviceVersion, found: DeviceMatches) -> DeviceReport:
    return DeviceReport(
        device=device,
        coverage=tuple(zip(found.components, found.coverage, strict=True)),
        counts=coverage_counts(found.coverage),
    )
