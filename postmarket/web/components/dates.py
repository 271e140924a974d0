"""Dates as people say them, with the exact time and its zone on hover, on paper and in exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.template import Library
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from postmarket.web import clock
from postmarket.web.components.tags import unknown

WEEKDAY_WITHIN_DAYS = 14
YEAR_MINUTES = 365 * 24 * 60
NEAR = {0: "today", 1: "tomorrow", -1: "yesterday"}
DAY = re.compile(r"((?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-]))")
"""A day as records write it, and no part of a longer word."""
Moment = date | datetime


def said(value: Moment | None) -> SafeString:
    """
    `{{ due|said }}`: "tomorrow, 24 Nov", "Fri 4 Dec", "18 Dec", "5 Jan 2027"; of today the time as well.

    A datetime is shown in the site's zone. None is the hatched unknown. Raises ValueError without a time zone.
    """
    return unknown() if value is None else _element(value, in_words(value))


def said_time(value: datetime | None) -> SafeString:
    """`said` with the time always: "tomorrow, 24 Nov, 17:00"."""
    if value is None:
        return unknown()
    text = in_words(value)
    at = f"{local(value):%H:%M}"
    return _element(value, text if text.endswith(at) else f"{text}, {at}")


def dated(said: str | Sequence[str]) -> SafeString:
    """`{{ why|dated }}`: one or several sentences in which days stand as 2026-11-20, with each as "Fri 20 Nov"."""
    parts = DAY.split(said if isinstance(said, str) else " ".join(said))
    return format_html_join("", "{}", ((_said_day(part) if DAY.fullmatch(part) else part,) for part in parts))


def exact(value: Moment | None) -> str:
    """The exact time with its zone: "Tue 24 Nov 2026, 17:00:00 CET (UTC+01:00)"; a date alone has no zone."""
    if value is None:
        return "unknown"
    if not isinstance(value, datetime):
        return f"{value:%a} {value.day} {value:%b %Y}"
    here = local(value)
    return f"{here:%a} {here.day} {here:%b %Y, %H:%M:%S} {_zone(here)}"


def clock_time(value: datetime) -> str:
    """The time alone where it is of today, else with its day: "06:12", "yesterday, 06:12", "3 Nov, 06:12"."""
    here = local(value)
    days = (here.date() - today()).days
    if days == 0:
        return f"{here:%H:%M}"
    return f"{NEAR.get(days) or _day(here.date())}, {here:%H:%M}"


def age(value: datetime) -> str:
    """How long ago, in one unit: "now", "12 min", "2 h", "1 d", from two years on "4 y"."""
    minutes = int((clock.now() - _zoned(value)).total_seconds() // 60)
    if minutes >= 2 * YEAR_MINUTES:
        return f"{minutes // YEAR_MINUTES} y"
    for size, unit in ((24 * 60, "d"), (60, "h"), (1, "min")):
        if minutes >= size:
            return f"{minutes // size} {unit}"
    return "now"


def in_words(value: Moment) -> str:
    """What `said` writes, without the element."""
    if not isinstance(value, datetime):
        return _near(value) or _day(value)
    here = local(value)
    if here.date() == today():
        return f"today, {here:%H:%M}"
    return _near(here.date()) or _day(here.date())


def local(value: datetime) -> datetime:
    """The moment in the site's zone. Raises ValueError without a time zone."""
    return _zoned(value).astimezone(timezone.get_current_timezone())


def today() -> date:
    """The site's day at the request's instant."""
    return clock.now().astimezone(timezone.get_current_timezone()).date()


def _said_day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return _element(day, _day(day))


def _near(day: date) -> str:
    days = (day - today()).days
    if days == 0:
        return "today"
    return f"{NEAR[days]}, {day.day} {day:%b}" if days in NEAR else ""


def _day(day: date) -> str:
    text = f"{day.day} {day:%b}"
    if day.year != today().year and abs((day - today()).days) > WEEKDAY_WITHIN_DAYS:
        return f"{text} {day.year}"
    return f"{day:%a} {text}" if abs((day - today()).days) <= WEEKDAY_WITHIN_DAYS else text


def _element(value: Moment, text: str) -> SafeString:
    machine = _zoned(value).astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()
    whole = exact(value)
    return format_html(
        '<time class="said" datetime="{}" title="{}" data-exact="{}">{}</time>', machine, whole, whole, text
    )


def _zoned(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return value


def _zone(value: datetime) -> str:
    """Its name with its distance from UTC; many zones have no name but the distance."""
    name, raw = value.tzname() or "", f"{value:%z}"
    offset = f"UTC{raw[:3]}:{raw[3:5]}"
    if name == "UTC":
        return name
    return f"{name} ({offset})" if name.isalpha() else offset


def furnish(register: Library) -> None:
    """Put the filters into a library."""
    for function in (said, said_time, dated, exact, clock_time, age):
        register.filter(function)
