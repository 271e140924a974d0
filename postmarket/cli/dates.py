"""Dates as people say them; exact times stay in the exports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.policy.errors import PolicyError

if TYPE_CHECKING:
    from datetime import date

SOON_DAYS = 6


def say(moment: datetime | date, now: datetime) -> str:
    """`today`, `tomorrow`, a weekday within the week, else the date; a moment is said in `now`'s zone."""
    day = moment.astimezone(now.tzinfo).date() if isinstance(moment, datetime) else moment
    away = (day - now.date()).days
    if away in {-1, 0, 1}:
        return f"{ {-1: 'yesterday', 0: 'today', 1: 'tomorrow'}[away] }, {day.day} {day:%b}"
    if 0 < away <= SOON_DAYS:
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day.day} {day:%b %Y}" if day.year != now.year else f"{day.day} {day:%b}"


def age(when: str, now: datetime) -> str:
    """How old an RFC 3339 time or `YYYY-MM-DD` is: `3 hours`, `12 days`; "" for an empty one."""
    if not when:
        return ""
    seconds = (now - parse_moment(when)).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "just now"


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date or time as a moment in UTC; without a zone it is taken as UTC. Raises PolicyError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise PolicyError(
            f"{text!r} is no date",
            where="--aware",
            next_step="Write it as 2026-11-24 or 2026-11-24T08:30:00+01:00.",
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
