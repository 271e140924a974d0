"""What becomes of a task whose attempt failed: pure."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=10)
PAUSE_GROWS = 4
LONGEST_PAUSE = timedelta(hours=1)
MOST_GROWTH = 10
"""From here on the pause is the longest whatever is multiplied; it keeps the numbers small."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: 10 s, 40 s, 160 s … and never more than an hour."""
    return min(FIRST_PAUSE * int(PAUSE_GROWS ** min(max(attempts, 1) - 1, MOST_GROWTH)), LONGEST_PAUSE)


def is_spent(attempts: int, retries: int) -> bool:
    """Whether the first attempt and all its retries are used up."""
    return attempts > retries
