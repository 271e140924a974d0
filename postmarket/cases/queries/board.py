"""The board: open cases by where they stand, in the order of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Count

from postmarket.accounts.authority import Caller
from postmarket.cases.queries.listing import ENDED, EVERYTHING, Asked, CaseRow, case_rows, list_cases, narrowed
from postmarket.cases.queries.visible import cases
from postmarket.cases.words import WAY, CaseState

MOST: Final = 30
"""Cards in a column: more than anybody reads at once."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """The cases in one state: the first of them in the order of work, and how many there are in all."""

    state: CaseState
    rows: Sequence[CaseRow]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def board(*, by: Caller, asked: Asked = EVERYTHING, now: datetime, most: int = MOST) -> Sequence[BoardColumn]:
    """Open cases that `by` may see; every state has its column, an empty one too. A fixed number of queries."""
    asked = replace(asked, open=True)
    counted = narrowed(cases(by), by, asked, now=now).values_list("state").annotate(Count("pk"))
    counts = {CaseState(state): count for state, count in counted}
    listed = list_cases(by=by, asked=asked, now=now).query
    states = [state for state in WAY if state not in ENDED]
    first = [case for state in states for case in listed.filter(state=state.value)[:most]]
    columns: dict[CaseState, list[CaseRow]] = {state: [] for state in states}
    for row in case_rows(first, now=now):
        columns[CaseState(row.case.state)].append(row)
    return [BoardColumn(state, rows, counts.get(state, 0)) for state, rows in columns.items()]
