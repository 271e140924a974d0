"""When periodic work is due: pure, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

import msgspec

from postmarket.tasks.errors import WrongHandler

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))
SHORTEST = timedelta(seconds=1)


class Tick(msgspec.Struct, frozen=True):
    """The payload of periodic work: the moment it was due (UTC), which is not the moment it runs."""

    at: datetime


class Schedule(Protocol):
    """Says when the next tick is."""

    def next_after(self, moment: datetime) -> datetime:
        """The first tick later than `moment` (UTC)."""


@dataclass(frozen=True)
class Every:
    """A tick each `interval`, counted from 1970 so that all machines mean the same moments."""

    interval: timedelta

    def __post_init__(self) -> None:
        if self.interval < SHORTEST:
            raise WrongHandler("A schedule ticks too often", next_step="Give it an interval of a second or more.")

    def next_after(self, moment: datetime) -> datetime:
        """The first multiple of the interval later than `moment` (UTC)."""
        return EPOCH + ((moment - EPOCH) // self.interval + 1) * self.interval


@dataclass(frozen=True)
class Daily:
    """A tick at the time of day `at` (UTC), on `days` only: Monday is 0."""

    at: time
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY or self.at.tzinfo is not None:
            raise WrongHandler("A schedule names no day", next_step="Give days from 0, Monday, to 6; times are in UTC.")

    def next_after(self, moment: datetime) -> datetime:
        """The first such moment later than `moment` (UTC)."""
        today = moment.astimezone(UTC).date()
        coming = (
            datetime.combine(today + timedelta(days=offset), self.at, tzinfo=UTC)
            for offset in range(len(EVERY_DAY) + 1)
        )
        return next(tick for tick in coming if tick > moment and tick.weekday() in self.days)
