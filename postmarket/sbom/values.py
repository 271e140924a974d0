"""Take typed values out of JSON whose shape nobody vouches for: what has another shape counts as absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

NOTHING: Mapping[str, Any] = {}


def text(value: object) -> str:
    """A string without white space around it; a number as its digits (a version `2`); anything else is empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def record(value: object) -> Mapping[str, Any]:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else NOTHING


def records(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one object that stands where a list should."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """The strings of a list, or the one string that stands where a list should; empty ones left out."""
    many = value if isinstance(value, list) else [value]
    return [found for found in map(text, many) if found]


def calendar_date(written: str) -> str:
    """
    The `YYYY-MM-DD` that `written` begins with, or empty when that is no day of the calendar.

    A time of day after it is cut off, not converted: the day as its author wrote it.
    """
    day, rest = written[:10], written[10:]
    if len(day) != 10 or (rest and rest[0] not in "Tt "):
        return ""
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return ""
