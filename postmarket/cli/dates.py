"""Dates as people say them; exact times stay in the exports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from postmarket.policy.errors import PolicyError

A_DAY = len("2026-11-24")
MINUTE = 60
UNITS = ((86_400, "day"), (3_600, "hour"), (MINUTE, "minute"))


def day(moment: datetime) -> str:
    """The one way a day is written for people: `2026-11-24`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def old(when: str, now: datetime) -> str:
    """How old a feed's RFC 3339 time or `YYYY-MM-DD` is: `3 hours old`, `just now`; or that it cannot be told."""
    seconds = _seconds_since(when, now)
    if seconds is None:
        return "age unknown"
    return f"{_units(seconds)} old" if seconds >= MINUTE else "just now" if seconds > -MINUTE else "dated in the future"


def ago(when: str, now: datetime) -> str:
    """When something was done, RFC 3339: `3 hours ago`, `just now`."""
    seconds = _seconds_since(when, now)
    if seconds is None:
        return "time unknown"
    return f"{_units(seconds)} ago" if seconds >= MINUTE else "just now"


def parse_moment(text: str, *, where: str) -> datetime:
    """
    An ISO 8601 date or time as a moment in UTC; without a zone it is taken as UTC.

    Raises PolicyError that blames `where`, such as `--aware`.
    """
    moment = _moment(text)
    if moment is None:
        raise PolicyError(
            f"{text!r} is no date",
            where=where,
            next_step="Write it as 2026-11-24 or 2026-11-24T08:30:00+01:00.",
        )
    return moment


def moment_or_end(text: str, *, where: str) -> datetime:
    """
    A moment in UTC: a day alone is its end in the site's zone, nothing is now. Call it once the site is started.

    Raises PolicyError that blames `where`.
    """
    from django.conf import settings

    from postmarket.records.queries import end_of

    if not text:
        return datetime.now(UTC)
    moment = parse_moment(text, where=where)
    return end_of(date.fromisoformat(text), zone=settings.SITE_TIME_ZONE) if len(text) == A_DAY else moment


def past_or_end(text: str, *, where: str) -> datetime:
    """As `moment_or_end`, for what has been: today is until now. Raises PolicyError also for what is to come."""
    moment = moment_or_end(text, where=where)
    now = datetime.now(UTC)  # read after it: nothing given is a now that has been
    if moment - now > timedelta(days=1) or (moment > now and len(text) != A_DAY):
        raise PolicyError(f"{text} is to come", where=where, next_step="Give a day or moment that has been.")
    return min(moment, now)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the first hours of year 1 east of Greenwich are before time
        return None


def _seconds_since(when: str, now: datetime) -> float | None:
    moment = _moment(when)
    return (now - moment).total_seconds() if moment is not None else None


def _units(seconds: float) -> str:
    """A duration of at least a minute in its largest unit."""
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size)
    number = int(seconds // size)
    return f"{number} {unit}{'' if number == 1 else 's'}"
