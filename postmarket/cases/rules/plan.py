"""
What becomes of a case's clocks when its events, what is known of it, or the policy changed: pure.

A clock that stays right is left alone. One whose start, rule or date changed is declared void, its date kept to be
read, and another runs instead, which takes over that it was stopped, and its pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from postmarket.cases.rules.events import Event
from postmarket.cases.rules.which_clocks import Facts, Wanted, wanted
from postmarket.cases.words import ClockState
from postmarket.policy.clocks import due
from postmarket.policy.interface import Due
from postmarket.policy.pack import Pack

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Counting:
    """How this site counts: its policy, its zone, and whether it leaves holidays out."""

    pack: Pack
    zone: ZoneInfo
    conservative: bool = False

    def due(self, one: Wanted, started_at: datetime) -> Due:
        """When a clock that started then runs out."""
        return due(one.clock, started_at, zone=self.zone, conservative=self.conservative)


@dataclass(frozen=True, slots=True)
class Kept:
    """
    A clock as it is kept, not void. `event` is the id of its start event. `stood` is how long it stood still in pauses
    that have ended; `until`, `day` and `target_day` have that counted in.
    """

    id: int
    clock: str
    event: int
    started_at: datetime
    state: ClockState
    authority: str
    words: str
    until: datetime | None
    target_day: date | None
    stood: timedelta = timedelta()
    series: bool = False
    """Whether it followed one before it, so that it did not start with its event."""

    @property
    def is_on(self) -> bool:
        """Whether it has not ended."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)


@dataclass(frozen=True, slots=True)
class Begin:
    """A clock to be kept; `takes_over` is the one it stands instead of."""

    wanted: Wanted
    due: Due
    takes_over: Kept | None = None


@dataclass(frozen=True, slots=True)
class Void:
    """A clock to be declared void, and why."""

    kept: Kept
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. `same` are right as they are: (kept, why it is provisional now)."""

    begin: tuple[Begin, ...]
    void: tuple[Void, ...]
    same: tuple[tuple[Kept, str], ...]


def plan(kept: Sequence[Kept], events: Sequence[Event], facts: Facts, how: Counting) -> Plan:
    """What to do so that the kept clocks (those not void) are those the case has."""
    waiting = list(kept)
    begin: list[Begin] = []
    void: list[Void] = []
    same: list[tuple[Kept, str]] = []
    by_id = {event.id: event for event in events}
    for one in wanted(events, facts, how.pack):
        mine = [item for item in waiting if _is_for(item, one)]
        for item in mine:
            waiting.remove(item)
        if not mine:
            begin.append(Begin(one, how.due(one, one.event.at)))
            continue
        last = max(mine, key=lambda item: (item.is_on, item.started_at, item.id))
        same += [(item, "") for item in mine if item is not last]
        started_at = last.started_at if last.series else one.event.at
        found = how.due(one, started_at)
        why = _why_not(last, one, found, by_id.get(last.event))
        if why:
            void.append(Void(last, why))
            begin.append(Begin(one, found, last))
        else:
            same.append((last, one.provisional if last.is_on else ""))
    for item in waiting:
        why = _why_gone(item, by_id.get(item.event))
        if why:
            void.append(Void(item, why))
        else:
            same.append((item, ""))
    return Plan(tuple(begin), tuple(void), tuple(same))


def shifted(found: Due, stood: timedelta) -> tuple[date | None, date | None, datetime | None]:
    """Target day, day and instant of a due date after standing still for so long; exact, never rounded up."""
    if not stood or found.until is None or found.day is None:
        return found.target_day, found.day, found.until
    until = found.until + stood
    zone = ZoneInfo(found.zone)
    day = (until - MOMENT).astimezone(zone).date()
    target = None if found.target_day is None else found.target_day + (day - found.day)
    return target, day, until


def _is_for(kept: Kept, one: Wanted) -> bool:
    return kept.clock == one.clock.id and (not one.clock.each or kept.event == one.event.id)


def _why_not(kept: Kept, one: Wanted, found: Due, old: Event | None) -> str:
    """Why a kept clock is not right any more; "" when it is. One that has ended is not counted by a newer policy."""
    if kept.event != one.event.id:
        if old is None or old.void:
            return "Its start was declared void."
        return "An earlier start is known." if one.event.order < old.order else "Its start does not count any more."
    if not kept.is_on:
        return ""
    target_day, _, until = shifted(found, kept.stood)
    rule = (one.clock.citation.authority.value, one.clock.words)
    if (kept.until, kept.target_day, kept.authority, kept.words) != (until, target_day, *rule):
        return "The policy counts it differently."
    return ""


def _why_gone(kept: Kept, event: Event | None) -> str:
    """Why a clock the case does not have any more is void; "" for one that was stopped and whose start stands."""
    if event is None or event.void:
        return "Its start was declared void."
    if kept.is_on:
        return "What is known of the case now says that it does not apply."
    return ""
