"""How many findings of each kind there are: what headings, filters and Today say, in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.queries.findings.asked import EVERYTHING, Asked
from postmarket.monitoring.queries.findings.sql import LANE, STATE, statement
from postmarket.monitoring.words import FindingState
from postmarket.policy.interface import Priority
from postmarket.worklist.interface import Lane


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows share lane, priority, state, KEV or not, and whether their version is shipped."""

    lane: Lane
    priority: Priority
    state: FindingState
    kev: bool
    shipped: bool
    rows: int


def counts(*, by: Caller, asked: Asked = EVERYTHING) -> list[Count]:
    """The counts of what `by` may read and `asked` means, most pressing first; add up what is wanted."""
    found = statement(asked, lines(by, Permission.CONTENT_READ), with_state=True)
    kev, shipped = "CASE WHEN f.kev_added IS NULL THEN 0 ELSE 1 END", "CASE WHEN v.state = 'shipped' THEN 1 ELSE 0 END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.priority, {LANE}, {STATE}, {kev}, {shipped}, count(*) {found.text}"
            " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 4 DESC, 5 DESC, 3",
            found.values,
        )
        rows = cursor.fetchall()
    merged: dict[tuple[Lane, Priority, FindingState, bool, bool], int] = {}
    for priority, lane, state, in_kev, is_shipped, number in rows:
        key = Lane(lane), Priority(priority), FindingState(state), bool(in_kev), bool(is_shipped)
        merged[key] = merged.get(key, 0) + number
    return [Count(*key, rows=number) for key, number in merged.items()]
