"""
The article's dates for one finding.

The lower end of a range is the target, the upper end the hard limit (F06); a single figure is both. Periods run from
awareness (F07) in hours or whole 24-hour days; all times are UTC.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from postmarket.policy.clocks import in_utc
from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Citation, Timeline

if TYPE_CHECKING:
    from postmarket.policy.pack import Pack
    from postmarket.policy.tables import TimelineRow, TimelineTable

HIGHEST_SCORE = 10.0
WITHOUT_SCORE = "No CVSS score: the {band} row runs provisionally until a person bands it."
RAISED = "Raised from {band} on clinical risk."
NOT_LOWERED = "Banded {wanted} on clinical risk, but lowering from {band} needs both leads' signatures."


def timeline(
    score: float | None,
    *,
    aware: datetime,
    pack: Pack,
    notes: tuple[str, ...] = (),
    clinical_band: str = "",
) -> Timeline:
    """
    The dates for a finding with CVSS `score` (None when nothing scored it), counted from `aware`.

    `clinical_band` ("High") is the band a clinical judgement asks for: it raises the row freely; asking for less urgent
    changes nothing and is noted, since lowering needs both leads' signatures. `notes`, such as a substitute
    score's, are passed on first. Raises PolicyError for a score outside 0–10, a band the pack does not know, and an
    `aware` without a time zone. Cheap for many rows of one `aware`: equal calls share one answer.
    """
    return _timeline(score, aware, pack, notes, clinical_band)


@lru_cache(maxsize=4096)
def _timeline(score: float | None, aware: datetime, pack: Pack, notes: tuple[str, ...], clinical_band: str) -> Timeline:
    rows = pack.timeline.row
    if score is None:
        at = _named(pack.timeline.without_score, pack)
        notes = (*notes, WITHOUT_SCORE.format(band=rows[at].band))
    else:
        at = _banded(score, pack.timeline)
    if clinical_band:
        wanted = _named(clinical_band, pack)
        if wanted < at:
            notes = (*notes, RAISED.format(band=rows[at].band))
            at = wanted
        elif wanted > at:
            notes = (*notes, NOT_LOWERED.format(wanted=rows[wanted].band, band=rows[at].band))
    return _dated(rows[at], pack.timeline, in_utc(aware, what="the awareness date"), score is None, notes)


def _banded(score: float, table: TimelineTable) -> int:
    """The row of `score`; one between two rows (8.95) belongs to the more urgent."""
    if math.isnan(score) or not 0 <= score <= HIGHEST_SCORE:
        raise PolicyError("the CVSS score is not one", why=f"{score} is not between 0 and 10")
    fitting = [index for index, row in enumerate(table.row) if score <= row.highest]
    if not fitting:
        raise PolicyError("the timeline has no row for a CVSS score", where="timeline", why=f"none reaches {score}")
    return fitting[-1]


def _named(band: str, pack: Pack) -> int:
    for index, row in enumerate(pack.timeline.row):
        if row.band.casefold() == band.casefold():
            return index
    known = ", ".join(row.band for row in pack.timeline.row)
    raise PolicyError(f"there is no timeline band “{band}”", where=pack.version, next_step=f"Use one of: {known}.")


def _dated(
    row: TimelineRow, table: TimelineTable, aware: datetime, provisional: bool, notes: tuple[str, ...]
) -> Timeline:
    hours, days = row.mitigate_hours, row.patch_days
    try:
        return Timeline(
            band=row.band,
            clinical_risk=row.clinical_risk,
            words=row.words,
            aware=aware,
            mitigate_target=aware + timedelta(hours=hours[0]) if hours else None,
            mitigate_by=aware + timedelta(hours=hours[1]) if hours else None,
            patch_target=aware + timedelta(days=days[0]) if days else None,
            patch_limit=aware + timedelta(days=days[1]) if days else None,
            provisional=provisional,
            citation=Citation(row.authority or table.authority, row.citation or table.citation, table.flags),
            notes=notes,
        )
    except OverflowError as error:
        raise PolicyError("the timeline lies beyond the calendar", why=f"counted from {aware}") from error
