"""How long a door stays shut after failures: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Patience:
    """
    After `free` failures in a row the door shuts for `first`, then for twice as long each time, `longest` at most.

    Failures are forgotten `forgets_after` the last one.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgets_after: timedelta


ACCOUNT: Final = Patience(
    free=5, first=timedelta(minutes=1), longest=timedelta(hours=1), forgets_after=timedelta(hours=24)
)
ADDRESS: Final = Patience(
    free=20, first=timedelta(minutes=1), longest=timedelta(hours=1), forgets_after=timedelta(hours=1)
)
"""Wider: a whole office may come from one address."""
SIGNING: Final = Patience(
    free=3, first=timedelta(minutes=5), longest=timedelta(hours=1), forgets_after=timedelta(hours=24)
)
"""Narrower: somebody sits in a session that is signed in already."""


def failures_after(failures: int, *, last_failed_at: datetime, now: datetime, patience: Patience) -> int:
    """The count with one more failure at `now`; it starts anew when the last one is long ago."""
    return 1 if now - last_failed_at >= patience.forgets_after else failures + 1


def locked_until(failures: int, *, now: datetime, patience: Patience) -> datetime | None:
    """Until when the door is shut after this many failures in a row, the last at `now`; None while it is open."""
    beyond = failures - patience.free
    if beyond < 0:
        return None
    # 2**12 minutes pass every `longest`; a larger exponent would only overflow.
    return now + min(patience.first * (1 << min(beyond, 12)), patience.longest)
