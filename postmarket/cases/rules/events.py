"""Start events: which count, and what can be right of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.cases.errors import InvalidEvent
from postmarket.cases.words import EmployeeClass
from postmarket.policy.interface import StartBasis

LEARNED = StartBasis.VULNERABILITY_LEARNED
INITIATED = (
    StartBasis.CORRECTION_DECISION,
    StartBasis.CORRECTION_FIRST_NOTICE,
    StartBasis.CORRECTION_FIRST_UNIT,
)
"""What initiating a correction or removal can be; the earliest counts (regulatory reference §3.1)."""
ASKS_WHO = (StartBasis.MDR_AWARE, StartBasis.REMEDIAL_ACTION_NEED_AWARE)
"""Where it matters which kind of employee became aware (21 CFR 803)."""


@dataclass(frozen=True, slots=True)
class Event:
    """A start event as the rules see it: `id` tells it from every other, `at` is in UTC."""

    id: int
    basis: StartBasis
    at: datetime
    employee_class: EmployeeClass | None = None
    void: bool = False

    @property
    def order(self) -> tuple[datetime, int]:
        """Earlier first; of two at one moment the one noted first."""
        return self.at, self.id


def counting(events: Iterable[Event], bases: Sequence[StartBasis]) -> list[Event]:
    """
    The events that start a clock which starts on one of `bases`, the earliest first.

    Void ones do not. That some employee knew of a need for remedial action starts the five days only when it was one
    of the kinds the rule names; when nobody says who it was, it does.
    """
    found = (event for event in events if event.basis in bases and not event.void)
    return sorted((event for event in found if _of_the_kind(event)), key=lambda event: event.order)


def earliest(events: Iterable[Event], bases: Sequence[StartBasis]) -> Event | None:
    """The first of them, in whatever order they are given."""
    return next(iter(counting(events, bases)), None)


def check_event(
    basis: StartBasis, at: datetime, *, person: str, employee_class: EmployeeClass | None, now: datetime
) -> None:
    """Raise InvalidEvent unless such a start event can have happened."""
    if at.tzinfo is None:
        raise InvalidEvent("This time names no time zone", where="at", next_step="Give it with its zone.")
    if at > now:
        raise InvalidEvent(
            "A start event cannot lie after now",
            where="at",
            next_step="Note it once it has happened, at the time at which it did.",
        )
    if not person.strip():
        raise InvalidEvent("Nobody is named", where="person", next_step="Say who it was, or who learned of it first.")
    if basis in ASKS_WHO and employee_class is None:
        raise InvalidEvent(
            "It is not said what kind of employee became aware",
            where="employee class",
            why="the 30 days start with any employee, the 5 work days with management, regulatory or technical staff",
            next_step="Choose one.",
        )


def _of_the_kind(event: Event) -> bool:
    return not (event.basis is StartBasis.REMEDIAL_ACTION_NEED_AWARE and event.employee_class is EmployeeClass.ANY)
