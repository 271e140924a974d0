"""One clock for all worker machines: the database's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection


class DatabaseClock:
    """
    The machine's clock, set right by what the database said at the last `ask`.

    Leases are compared across machines: a machine whose clock is ahead must not take what others hold. An embedded
    database has no other clock than the machine's.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    def ask(self) -> None:
        """Compare with the database's clock."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
        self._ahead = theirs - datetime.now(UTC)
