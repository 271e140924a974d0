"""For which device versions an answer would be proposed: asked by the form before it is given, and by what gives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from postmarket.accounts.rules import Lines
from postmarket.monitoring.queries.findings import Asked, FindingRow
from postmarket.monitoring.queries.findings.sql import LANE, STATE, statement
from postmarket.monitoring.queries.grounds import Place
from postmarket.monitoring.words import FindingState
from postmarket.worklist.interface import Lane

COLUMNS = f"v.id, i.id, s.lead, d.name, v.label, d.line_id, {LANE}, {STATE}"


@dataclass(frozen=True, slots=True)
class Target:
    """One place for which an answer is proposed, with what a person knows it by; `line` is its device line's."""

    place: Place
    device: str
    label: str
    line: int | None


def proposed_to(rows: Iterable[FindingRow]) -> list[Target]:
    """
    Where answers to these rows are proposed, of every line, by device and version: one statement.

    One answer for each component and vulnerability: for its first row, and for every other version with the same
    component that waits to be judged. A version whose row is decided is not among them, nor one in another lane than
    the worklist (a supplier says it is not affected, it is only possible), unless the row answered is in that lane too.
    """
    first: dict[tuple[int, int], FindingRow] = {}
    for row in rows:
        first.setdefault((row.identity.pk, row.match.lead), row)
    if not first:
        return []
    asked = Asked(
        identities=sorted({identity for identity, _ in first}), vulnerabilities=sorted({lead for _, lead in first})
    )
    found = statement(asked, Lines(every=True), with_state=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} {found.text}", found.values)
        read = cursor.fetchall()
    targets = []
    for version, identity, lead, device, label, line, lane, state in read:
        answered = first.get((identity, lead))
        if answered is None:
            continue
        itself = answered.place == (version, identity, lead)
        waits = FindingState(state) is not FindingState.DECIDED and Lane(lane) in {Lane.WORKLIST, answered.lane}
        if itself or waits:
            targets.append(Target((version, identity, lead), device, label, line))
    return sorted(targets, key=lambda one: (one.device, one.label, one.place))
