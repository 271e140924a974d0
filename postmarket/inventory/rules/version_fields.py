"""The fields of versions, builds and counts of units as people give them, checked one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from postmarket.inventory.errors import InvalidVersion
from postmarket.inventory.rules.fields import one_line
from postmarket.inventory.words import SupportStage

MOST_UNITS = 2**31 - 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class VersionFields:
    """What people say of a version; `support_stage` None follows the device's. Days are calendar days."""

    label: str
    released_on: date | None = None
    support_stage: SupportStage | None = None
    end_of_support: date | None = None


def check_version(fields: VersionFields) -> VersionFields:
    """The fields in the form they are kept in. Raises InvalidVersion naming the first that cannot be right."""
    released, ends = fields.released_on, fields.end_of_support
    if released is not None and ends is not None and ends < released:
        raise InvalidVersion(
            "Support ends before the version is released",
            where="end of support",
            why=f"it ends on {ends}, and the release is on {released}",
            next_step="Correct one of the two dates.",
        )
    return VersionFields(
        label=one_line("version", fields.label, needed=True, wrong=InvalidVersion),
        released_on=released,
        support_stage=fields.support_stage,
        end_of_support=ends,
    )


def check_sha256(text: str) -> str:
    """A SHA-256 in lower-case hex, or "" for unknown. Raises InvalidVersion."""
    plain = text.strip().lower()
    if plain and not _SHA256.fullmatch(plain):
        raise InvalidVersion(
            "This is no SHA-256", where="SHA-256", next_step="Copy its 64 hexadecimal digits, or leave it empty."
        )
    return plain


def check_country(text: str) -> str:
    """An ISO 3166 country code, or "" for unknown. Raises InvalidVersion."""
    plain = text.strip().upper()
    if plain and not _COUNTRY.fullmatch(plain):
        raise InvalidVersion(f"{text[:20]!r} is no country", where="country", next_step="Write two letters, as in US.")
    return plain


def check_count(units: int, counted_on: date, *, today: date) -> None:
    """Raise InvalidVersion for a number nobody counts to, and for a count that was not made yet."""
    if not 0 <= units <= MOST_UNITS:
        raise InvalidVersion(
            f"{units} is no number of units", where="units", next_step="Count them: a whole number from 0 on."
        )
    if counted_on > today + timedelta(days=1):  # a day: zones differ
        raise InvalidVersion(
            "The count is of a day to come", where="counted on", why=f"{counted_on}", next_step="Correct the date."
        )
