"""How often a worker looks, and how long it may be silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Pace:
    """
    The worker's times.

    `lease` is several beats long: a worker may miss some while the database is busy. An idle slot looks each `poll`.
    After `trouble` with the database it tries again. When it is to stop, running tasks have `grace` to end.
    """

    lease: timedelta = timedelta(seconds=60)
    beat: timedelta = timedelta(seconds=5)
    poll: timedelta = timedelta(seconds=0.5)
    trouble: timedelta = timedelta(seconds=3)
    grace: timedelta = timedelta(seconds=30)
