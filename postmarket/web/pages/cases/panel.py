"""What Today shows of cases: clocks that end next, and what waits for who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from postmarket.cases.queries.clocks import DueCounts, due, due_counts
from postmarket.cases.queries.listing import Asked, CaseRow, list_cases, my_tasks
from postmarket.cases.words import CaseState
from postmarket.web.components import dates
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.cases.words import STATES

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.accounts.models import Person
    from postmarket.cases.models import Case, Clock, Task

WITHIN: Final = timedelta(days=30)
SOON: Final = timedelta(days=7)
MOST_CLOCKS: Final = 5
MOST_WAITING: Final = 4
MINE: Final = Asked(open=True, mine=True)


@dataclass(frozen=True, slots=True)
class Ending:
    """A clock that ends soon or has passed; `due` says when, `meaning` is its colour."""

    clock: Clock
    due: str
    meaning: Meaning

    @property
    def case(self) -> Case:
        """Whose it is."""
        return self.clock.case


@dataclass(frozen=True, slots=True)
class Panel:
    """
    Clocks that drive and end within 30 days or have passed, soonest first; open cases of the person's own, and tasks.

    `more_clocks` and `more_mine` are how many more there are than are shown.
    """

    counts: DueCounts
    clocks: Sequence[Ending]
    more_clocks: int
    mine: Sequence[tuple[CaseRow, str]]
    more_mine: int
    tasks: Sequence[Task]

    @property
    def waits(self) -> bool:
        """Whether anything waits for the person."""
        return bool(self.mine or self.tasks)


def panel(*, by: Person, now: datetime) -> Panel:
    """What `by` may see of cases, `now`; a fixed number of queries."""
    ending = due(by=by, now=now, within=WITHIN)
    own = list_cases(by=by, asked=MINE, now=now)
    mine = own.cut(0, MOST_WAITING)
    return Panel(
        counts=due_counts(by=by, now=now),
        clocks=[_ending(clock, now) for clock in ending[:MOST_CLOCKS]],
        more_clocks=max(ending.count() - MOST_CLOCKS, 0),
        mine=[(row, STATES[CaseState(row.case.state)].lower()) for row in mine],
        more_mine=max(own.count() - MOST_WAITING, 0),
        tasks=list(my_tasks(by=by)[:MOST_WAITING]),
    )


def _ending(clock: Clock, now: datetime) -> Ending:
    assert clock.until is not None  # noqa: S101 - only clocks with a date are due
    when = dates.in_words(clock.day or clock.until)
    if clock.until <= now:
        return Ending(clock, f"{when}, has passed", Meaning.HARM)
    return Ending(clock, when, Meaning.SOON if clock.until - now <= SOON else Meaning.ACT)
