"""Why a row matched and what to do next, in words; read from the store only for the rows that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.matching.facts import words
from postmarket.matching.interface import Grade
from postmarket.policy.interface import Criticality
from postmarket.scoring.interface import Exploitability
from postmarket.versions import cpe
from postmarket.worklist.interface import Lane, Reason

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from postmarket.matching.interface import Evidence
    from postmarket.sources.interface import Record
    from postmarket.worklist.interface import Row

MOST_EVIDENCE = 4
"""How many reasons a row shows; the surest come first."""
MOST_NEEDS = 2
LIFE = frozenset({Criticality.LIFE_SUSTAINING, Criticality.LIFE_SUPPORTING, Criticality.UNKNOWN})


def explain(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[tuple[Reason, ...]]:
    """For each row its reasons, surest first, in the sources' words."""
    wanted = {item.record_id for row in rows for item in row.match.evidence[:MOST_EVIDENCE]}
    records = words(connection, wanted)
    explained = []
    for row in rows:
        reasons = []
        for item in row.match.evidence[:MOST_EVIDENCE]:
            record = records[item.record_id]
            criterion = record.criteria[item.position]
            reasons.append(
                Reason(
                    evidence=item,
                    source=record.source.value,
                    record=record.record_id,
                    range=criterion.text,
                    fixed=criterion.fixed,
                    advice=record.advice,
                    notes=(*item.notes, *_needs(item, record)),
                )
            )
        explained.append(tuple(reasons))
    return explained


def _needs(item: Evidence, record: Record) -> tuple[str, ...]:
    """What else the device would have to have, in words."""
    if not item.needs:
        return ()
    names = [record.criteria[position].name for position in item.needs]
    unique = list(dict.fromkeys(" ".join(cpe.split(name)[1:]) for name in names))
    more = f" (or {len(unique) - MOST_NEEDS} more)" if len(unique) > MOST_NEEDS else ""
    return (
        f"condition unverified: also needs {' or '.join(unique[:MOST_NEEDS])}{more}, which the SBOM does not state",
    )


def fixed_version(reasons: Sequence[Reason]) -> str:
    """The first fixed version any source names for this component, surest source first; "" when none does."""
    for reason in reasons:
        if reason.fixed:
            return reason.fixed
    return ""


def next_step(row: Row, reasons: Sequence[Reason]) -> str:
    """The one thing to do next with a row, in a sentence."""
    if row.lane is Lane.SUPPLIER_NOT_AFFECTED:
        return "Review the supplier's statement and confirm it for this device version."
    if row.lane is Lane.SUGGESTED_NOT_AFFECTED:
        return "Confirm what contradicts it, and record why the device is not affected."
    if row.lane is Lane.POSSIBLE:
        return "Read the source and say whether this component is meant."
    if row.vulnerability.kev is not None:
        return _exploited(row)
    if row.match.grade is Grade.UNVERIFIED:
        open_point = reasons[0].notes[-1] if reasons[0].notes else "its condition"
        return f"Settle what is open ({open_point}), then assess patient harm."
    if row.timeline.provisional:
        return "No score: have a person band it; the Critical dates run until then."
    fixed = fixed_version(reasons)
    if row.exploitability.level is Exploitability.LOW and fixed:
        return f"Assess patient harm; plan the update of {row.component.name} to {fixed}."
    if fixed:
        return f"Assess patient harm with both leads; fixed in {fixed}, start verification of the update."
    return "Assess patient harm with both leads; no fixed version is known, so look for a compensating control."


def _exploited(row: Row) -> str:
    by = row.timeline.mitigate_by or row.timeline.patch_target
    until = f" by {by:%d %b %Y}" if by else ""
    if row.device.criticality in LIFE:
        return f"Exploited elsewhere: open a case and ask the clinical safety lead for the response below{until}."
    return f"Exploited elsewhere: open a case and prepare the response below{until}."
