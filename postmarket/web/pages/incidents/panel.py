"""Incidents on the first page: what is not over, what waits for this person's approval first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from postmarket.assessment.queries.incidents import NOT_OVER, incidents, standing_of, waiting_for_approval
from postmarket.assessment.rules.incident import Standing
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import counted_words
from postmarket.web.pages.incidents.words import STANDINGS, finding

if TYPE_CHECKING:
    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Incident

MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Line:
    """An incident in one sentence; `mine` waits for this person's approval."""

    row: Incident
    sentence: str
    meaning: Meaning
    mine: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Those that are shown, how many more there are, and what the day begins with because of them ("" for nothing)."""

    lines: Sequence[Line]
    more: int
    headline: str


def panel(*, by: Person) -> Panel:
    """What `by` may see of incidents that are not over, newest first behind those that wait for them."""
    rows = list(incidents(by).filter(NOT_OVER))
    mine = {row.pk for row in waiting_for_approval(by=by)} if rows else set()
    rows.sort(key=lambda row: (row.pk not in mine, standing_of(row) is Standing.ISOLATED))
    loose = [row for row in rows if standing_of(row) is not Standing.ISOLATED]
    lines = [Line(row, finding(row), STANDINGS[standing_of(row)][1], row.pk in mine) for row in rows[:MOST]]
    return Panel(lines, max(len(rows) - MOST, 0), _headline(loose))


def _headline(loose: Sequence[Incident]) -> str:
    if len(loose) == 1:
        return finding(loose[0])
    return f"{counted_words(len(loose), 'incident')} at hospitals are not isolated." if loose else ""
