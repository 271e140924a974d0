"""Dates that have passed: said as such, never left for a tired reader to work out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.policy.interface import Timeline


def overdue(until: datetime | None, now: datetime) -> int | None:
    """Whole days since `until`, 0 within the first; None when it has not passed, or there is no such date."""
    return (now - until).days if until is not None and now > until else None


def is_overdue(timeline: Timeline, now: datetime) -> bool:
    """Whether a hard limit of `timeline` has passed; a target that has is no breach."""
    return any(overdue(until, now) is not None for until in (timeline.mitigate_by, timeline.patch_limit))


def overdue_words(days: int) -> str:
    """As people read it: `OVERDUE 12 days`."""
    return f"OVERDUE {days} day{'' if days == 1 else 's'}" if days else "OVERDUE less than a day"
