"""Clocks as people look at them: what is due, what drives, and all of a case's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from postmarket.accounts.authority import Caller
from postmarket.cases.models import Case, Clock
from postmarket.cases.queries.visible import visible_to
from postmarket.cases.words import ClockState

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """
    A clock at one moment.

    `drives` is false for one that an earlier date for the same act still stands before: both are shown, the earlier
    drives alerts. `late` is whether its end has passed and nothing stopped it; of a stopped one whether it was stopped
    too late. `share` is how much of it has passed, 0 to 1; None without a date.
    """

    clock: Clock
    drives: bool
    late: bool
    share: float | None

    @property
    def case(self) -> Case:
        """Whose it is."""
        return self.clock.case

    @property
    def is_on(self) -> bool:
        """Whether it has not ended."""
        return self.clock.state in (ClockState.RUNNING.value, ClockState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How many clocks that drive are late, and how many more end within a week."""

    late: int
    soon: int


def driving(now: datetime) -> QuerySet[Clock]:
    """
    Running clocks with a date that no other, earlier date for the same act stands before.

    A date that has passed hides none: behind it the next one drives as well.
    """
    earlier = Clock.objects.filter(
        Q(until__lt=OuterRef("until")) | Q(until=OuterRef("until"), pk__lt=OuterRef("pk")),
        case=OuterRef("case"),
        duty=OuterRef("duty"),
        state=ClockState.RUNNING.value,
        each=False,
        until__gt=now,
    )
    return with_a_date().filter(Q(each=True) | ~Exists(earlier))


def with_a_date() -> QuerySet[Clock]:
    """Running clocks that end at a known time."""
    return Clock.objects.filter(state=ClockState.RUNNING.value, until__isnull=False)


def due(*, by: Caller, now: datetime, within: timedelta | None = None, mine: bool = False) -> QuerySet[Clock]:
    """
    The clocks that drive, soonest end first, with their case and its owner; those of `by`'s own cases with `mine`.

    `within` keeps those that end so soon or are late.
    """
    found = driving(now).filter(visible_to(by, "case"))
    if within is not None:
        found = found.filter(until__lte=now + within)
    if mine:
        found = found.filter(case__owner=getattr(by, "pk", None))
    return found.select_related("case__owner", "start").order_by("until", "pk")


def due_counts(*, by: Caller, now: datetime) -> DueCounts:
    """One query for each number."""
    late = due(by=by, now=now).filter(until__lte=now).count()
    return DueCounts(late, due(by=by, now=now, within=SOON).count() - late)


def rows(clocks: Sequence[Clock], *, now: datetime) -> list[ClockRow]:
    """Clocks of whole cases as rows: which drives is worked out among those given."""
    return [
        ClockRow(clock, drives=_drives(clock, clocks, now), late=_late(clock, now), share=_share(clock, now))
        for clock in clocks
    ]


def clocks_of(case: Case, *, now: datetime) -> list[ClockRow]:
    """Every clock of a case, void ones too: those that run by their end, then the others; two queries."""
    found = list(Clock.objects.filter(case=case).select_related("start__report", "case").prefetch_related("pauses"))
    shown = rows(found, now=now)
    return sorted(shown, key=lambda row: (not row.is_on, row.clock.until is None, row.clock.until or now, row.clock.pk))


def _drives(clock: Clock, among: Sequence[Clock], now: datetime) -> bool:
    if clock.state != ClockState.RUNNING.value or clock.until is None:
        return False
    return clock.each or not any(
        other.until is not None
        and other.state == ClockState.RUNNING.value
        and not other.each
        and (other.case_id, other.duty) == (clock.case_id, clock.duty)
        and now < other.until
        and (other.until, other.pk) < (clock.until, clock.pk)
        for other in among
    )


def _late(clock: Clock, now: datetime) -> bool:
    if clock.until is None or clock.state in (ClockState.VOID.value, ClockState.PAUSED.value):
        return False
    return (clock.ended_at or now) >= clock.until


def _share(clock: Clock, now: datetime) -> float | None:
    if clock.until is None or clock.until <= clock.started_at:
        return None
    passed = ((clock.ended_at or now) - clock.started_at) / (clock.until - clock.started_at)
    return min(max(passed, 0.0), 1.0)
