"""When people are told that a clock ends. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta


def steps_reached(
    until: datetime, *, started_at: datetime, before: Sequence[timedelta], now: datetime
) -> list[timedelta]:
    """
    The steps before the end of a clock that lie behind us, the one nearest to the end last.

    A step as long as the clock itself, or longer, is none: nobody is warned of what has only begun.
    """
    length = until - started_at
    return sorted((step for step in before if step < length and now >= until - step), reverse=True)


def in_words(left: timedelta) -> str:
    """How much time a clock has left, as people say it: "3 days", "5 hours"; "" when none is left."""
    if left <= timedelta():
        return ""
    hours = -(-left // timedelta(hours=1))
    count, unit = (hours, "hour") if hours < 48 else (left // timedelta(days=1), "day")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
