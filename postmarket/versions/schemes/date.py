"""
Versions that are dates, as ISO 8601 orders them: `2023-01-05`, `2023.1.5`, `20230105`, `2023-01`, with an optional
time of day in UTC (`2023-01-05T10:15:09Z`). What is missing is zero, so the month comes before its first day.
"""

from __future__ import annotations

import re

_DATE = re.compile(
    r"([0-9]{4})(?:([-./_])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z?)?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def key(text: str) -> bytes | None:
    """The key of a date, or None; years before 1970 and days that no month has are none."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        fields = [int(part) for part in compact.groups()] + [0, 0, 0]
    else:
        found = _DATE.fullmatch(text)
        if not found:
            return None
        year, _, *rest = found.groups()
        fields = [int(year), *(int(part or 0) for part in rest)]
    year_number, month, day, hour, minute, second = fields
    if year_number < 1970 or month > 12 or day > 31 or hour > 23 or minute > 59 or second > 60:
        return None
    return "".join(f"{field:02d}" for field in fields).encode("ascii")
