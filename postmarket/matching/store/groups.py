"""Alias groups: several names of one vulnerability, shown under one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import OPEN_END, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

PREFERRED = ("CVE-", "GHSA-")
"""The name a group is shown under: the CVE id, else GitHub's, else the alphabetically first."""


def regroup(connection: sqlite3.Connection) -> None:
    """Recompute `vulnerability.lead_id` from the aliases of all records that nothing has replaced."""
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
    moved = [(leads.get(name, name), id_) for id_, name, current in rows if leads.get(name, name) != current]
    with writing(connection):
        connection.executemany(
            "UPDATE vulnerability SET lead_id = (SELECT id FROM vulnerability WHERE name = ?) WHERE id = ?", moved
        )


def groups(pairs: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    """
    The groups that one-to-one `pairs` of names make.

    A name that is tied to two names of one kind (two CVEs) joins none of that kind: which one it means is not known,
    and merging would hide one vulnerability behind another.
    """
    partners: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        partners[a].add(b)
        partners[b].add(a)
    members: dict[str, set[str]] = {}
    for name in sorted(partners):
        for partner in sorted(partners[name]):
            if _ambiguous(partners[name], partner):
                continue
            joined = members.get(name, {name}) | members.get(partner, {partner})
            if _one_cve(joined):
                for member in joined:
                    members[member] = joined
    return sorted({frozenset(group) for group in members.values()}, key=sorted)


def lead(names: Iterable[str]) -> str:
    """The name a group is shown under."""
    ordered = sorted(names)
    return next((name for prefix in PREFERRED for name in ordered if name.startswith(prefix)), ordered[0])


def _ambiguous(partners: set[str], partner: str) -> bool:
    return partner.startswith("CVE-") and sum(other.startswith("CVE-") for other in partners) > 1


def _one_cve(names: set[str]) -> bool:
    return sum(name.startswith("CVE-") for name in names) <= 1
