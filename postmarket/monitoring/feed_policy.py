"""How often sources are asked and when they count as late: the firm's numbers, as data (feed_policy.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

from postmarket.sources.interface import Source

MOST_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class FeedPolicy:
    """The firm's numbers for feeds."""

    every: dict[Source, timedelta]
    late_after_intervals: int
    first_retry: timedelta
    watch_every: timedelta

    def pause_after(self, failures: int, *, every: timedelta) -> timedelta:
        """How long to wait after so many failures in a row: longer each time, never longer than the interval."""
        if failures <= 0:
            return every
        return min(every, self.first_retry * (1 << min(failures - 1, MOST_DOUBLINGS)))


@cache
def feed_policy() -> FeedPolicy:
    """The numbers that come with postmarket."""
    written = tomllib.loads(files(__package__).joinpath("feed_policy.toml").read_text("utf-8"))
    limits = written["limits"]
    return FeedPolicy(
        every={source: timedelta(minutes=written[source.value]["every_minutes"]) for source in Source},
        late_after_intervals=limits["late_after_intervals"],
        first_retry=timedelta(minutes=limits["first_retry_minutes"]),
        watch_every=timedelta(minutes=limits["watch_every_minutes"]),
    )
