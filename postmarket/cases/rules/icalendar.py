"""Clocks as a calendar (RFC 5545): text from values. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_OCTETS = 75
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One date: a whole day (`day`), or for a clock in hours the instant it ends (`at`, UTC).

    `uid` stays the same as long as it is the same clock; `changed` is when it was last counted (UTC).
    """

    uid: str
    summary: str
    description: str
    changed: datetime
    day: date
    at: datetime | None = None


def calendar(entries: Iterable[Entry], *, name: str) -> str:
    """The whole calendar, its lines ended and folded as the standard asks. Nobody is busy because of it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//postmarket//clocks//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(entry.uid)}",
            f"DTSTAMP:{_moment(entry.changed)}",
            *_when(entry),
            f"SUMMARY:{_text(entry.summary)}",
            f"DESCRIPTION:{_text(entry.description)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _when(entry: Entry) -> list[str]:
    if entry.at is not None:
        return [f"DTSTART:{_moment(entry.at)}", f"DTEND:{_moment(entry.at)}"]
    return [
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    plain = "".join(character for character in said if character in "\n\t" or character.isprintable())
    return plain.translate(ESCAPED)


def _folded(line: str) -> str:
    """Cut after at most 75 octets, never within a character."""
    parts: list[str] = []
    current = ""
    for character in line:
        if len((current + character).encode()) > (MOST_OCTETS if not parts else MOST_OCTETS - 1):
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])
