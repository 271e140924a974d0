"""Alias groups: several names of one vulnerability, shown under one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import OPEN_END

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postmarket.matching.store.engine import Connection

PREFERRED = ("CVE-", "GHSA-")
"""The name a group is shown under: the CVE id, else GitHub's, else the alphabetically first."""


def regrouped(connection: Connection) -> list[tuple[str, int]]:
    """
    What `vulnerability.lead_id` has to become by the aliases of all records that nothing has replaced.

    Gives (name of the lead, id of the vulnerability) for those that change; `move` writes it.
    """
    pairs = connection.execute(
        "SELECT v.name, a.name FROM alias"
        " JOIN record r ON r.id = alias.record_id AND r.until = ?"
        " JOIN vulnerability v ON v.id = alias.vulnerability_id"
        " JOIN vulnerability a ON a.id = alias.alias_id",
        (OPEN_END,),
    ).fetchall()
    leads = {name: lead(group) for group in groups(pairs) for name in group}
    rows = connection.execute(
        "SELECT v.id, v.name, l.name FROM vulnerability v JOIN vulnerability l ON l.id = v.lead_id"
        " WHERE v.lead_id <> v.id OR v.id IN (SELECT vulnerability_id FROM alias UNION SELECT alias_id FROM alias)"
    ).fetchall()
    return [(leads.get(name, name), id_) for id_, name, current in rows if leads.get(name, name) != current]


def move(connection: Connection, moved: Iterable[tuple[str, int]]) -> None:
    """Write what `regrouped` gave; call inside the transaction that makes the aliases visible."""
    connection.executemany(
        "UPDATE vulnerability SET lead_id = (SELECT id FROM vulnerability WHERE name = ?) WHERE id = ?", moved
    )


def groups(pairs: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    """
    The groups that one-to-one `pairs` of names make, the same in whatever order they come.

    A name that is tied to two CVEs takes part in none of these ties, and names whose ties lead to two CVEs all stay
    alone: which one is meant is not known, and merging would hide one vulnerability behind another.
    """
    partners: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        partners[a].add(b)
        partners[b].add(a)
    ties = {
        name: {other for other in others if not (_torn(name, other, partners) or _torn(other, name, partners))}
        for name, others in partners.items()
    }
    found: list[frozenset[str]] = []
    seen: set[str] = set()
    for name in sorted(ties):
        if name in seen:
            continue
        group = _reached(name, ties)
        seen |= group
        if len(group) > 1 and _cves(group) <= 1:
            found.append(frozenset(group))
    return found


def lead(names: Iterable[str]) -> str:
    """The name a group is shown under."""
    ordered = sorted(names)
    return next((name for prefix in PREFERRED for name in ordered if name.startswith(prefix)), ordered[0])


def _torn(name: str, cve: str, partners: dict[str, set[str]]) -> bool:
    """Whether `name` is tied to `cve` and to another CVE as well."""
    return cve.startswith("CVE-") and _cves(partners[name]) > 1


def _cves(names: set[str]) -> int:
    return sum(name.startswith("CVE-") for name in names)


def _reached(start: str, ties: dict[str, set[str]]) -> set[str]:
    reached = {start}
    waiting = [start]
    while waiting:
        for other in ties[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    return reached
