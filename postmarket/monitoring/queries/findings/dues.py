"""From when the dates of findings run, and how many run from there: what a picture of time is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.queries.findings.asked import Asked
from postmarket.monitoring.queries.findings.sql import FIRST_LISTED, statement


@dataclass(frozen=True, slots=True)
class Running:
    """
    How many rows share a score (None: nothing scored them) and the moment they were known (UTC).

    `device` is the name of the device when they are all of one, else "".
    """

    score: float | None
    aware: datetime
    rows: int
    device: str


def running(*, by: Caller, asked: Asked) -> list[Running]:
    """What of `asked` runs, and since when. Only versions that are shipped have dates: ask for those."""
    found = statement(asked, lines(by, Permission.CONTENT_READ), with_state=False)
    latest = "greatest" if connection.vendor == "postgresql" else "max"
    aware = f"{latest}(m.first_matched, v.shipped_at, coalesce({FIRST_LISTED}, m.first_matched))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.score, {aware}, count(*), min(d.name), max(d.name) {found.text}"
            " AND v.shipped_at IS NOT NULL GROUP BY 1, 2",
            found.values,
        )
        rows = cursor.fetchall()
    return [
        Running(score, _moment(at), number, first if first == last else "") for score, at, number, first, last in rows
    ]


def _moment(kept: object) -> datetime:
    """A time as the driver gives it: SQLite's is text, in UTC and without saying so."""
    at = kept if isinstance(kept, datetime) else datetime.fromisoformat(str(kept))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
