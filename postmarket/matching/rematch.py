"""
The stored portfolio against everything in the store, in one join; then only what changed.

Matches are kept once per identity and vulnerability with their surest evidence. What depends on the whole device (its
configurations, its profile) and what is only possible is judged when a device is looked at (`devices.match_device`),
from the same criteria: a possible one holds for every version, so a row for each would only repeat the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.matching.attributes import Fit, fit
from postmarket.matching.join import IN_RANGE, asked_at
from postmarket.matching.portfolio import tie_new_products
from postmarket.matching.store.connection import generation, state
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.wanted import fill

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection

COLUMNS = ("vulnerability_id", "identity_id", "evidence")
RECORD_BITS = 36
POSITION_BITS = 14
RUNG_BITS = 4
PAIR = 1 << 31
CONDITION, ATTRIBUTES = Flag.CONDITION.value, Flag.ATTRIBUTES.value
CERTAIN = f"c.flags & {(Flag.PLATFORM | Flag.POSSIBLE).value} = 0"

HITS = f"""
FROM identity_product w
CROSS JOIN criterion c
WHERE {IN_RANGE} AND {CERTAIN}
"""
HITS_OF_NEW = f"{HITS} AND w.identity_id > (SELECT value FROM store_state WHERE name = 'matched_identity')"  # noqa: S608
"""Of the identities kept since the portfolio was last matched: ids only grow."""
CHANGED_HITS = f"""
FROM wanted_id v
CROSS JOIN record r
CROSS JOIN criterion c
CROSS JOIN identity_product w
WHERE r.vulnerability_id = v.id AND c.record_id = r.id
  AND {IN_RANGE} AND {CERTAIN}
"""
NARROWED = "AND w.stated_id <> 0 AND c.asked_id <> 0"
NOT_DISJOINT = f"""
AND (w.stated_id = 0 OR c.asked_id = 0 OR NOT EXISTS (
  SELECT 1 FROM wanted_disjoint d WHERE d.pair = c.asked_id * {PAIR} + w.stated_id))
"""  # noqa: S608 - our own words
EVIDENCE = f"""
(((c.flags & {ATTRIBUTES}) / {ATTRIBUTES} * 2 + (c.flags & {CONDITION}) / {CONDITION})
  * {1 << (RUNG_BITS + RECORD_BITS + POSITION_BITS)}
  + w.rung * {1 << (RECORD_BITS + POSITION_BITS)} + c.record_id * {1 << POSITION_BITS} + c.position)
"""
"""Surest first as one number, so that the surest of a group is its minimum in any engine."""


@dataclass(frozen=True, slots=True)
class PortfolioEvidence:
    """The surest criterion behind a stored match: `doubt` is 0 plain, +1 under a condition, +2 narrowed further."""

    doubt: int
    rung: int
    record_id: int
    position: int

    @classmethod
    def unpack(cls, number: int) -> PortfolioEvidence:
        """Read the number `EVIDENCE` makes."""
        position = number & ((1 << POSITION_BITS) - 1)
        record_id = (number >> POSITION_BITS) & ((1 << RECORD_BITS) - 1)
        rung = (number >> (POSITION_BITS + RECORD_BITS)) & ((1 << RUNG_BITS) - 1)
        return cls(number >> (POSITION_BITS + RECORD_BITS + RUNG_BITS), rung, record_id, position)


def rematch(connection: Connection) -> int:
    """Match the whole portfolio anew, in one transaction; how many matches there are."""
    with connection.writing():
        connection.join_widely()
        tie_new_products(connection)
        visible = generation(connection)
        _rule_out(connection, HITS, visible)
        connection.replace("match", _select(HITS), asked_at(visible), columns=COLUMNS)
        _matched(connection, visible)
    return _count(connection)


def rematch_changes(connection: Connection) -> int:
    """
    Match only the vulnerabilities that changed and the identities that came since the portfolio was last matched.

    Gives what `rematch` gives; returns how many vulnerabilities changed.
    """
    with connection.writing():
        before = state(connection, "matched")
        tie_new_products(connection)
        visible = generation(connection)
        changed = connection.execute(
            "SELECT DISTINCT vulnerability_id FROM record WHERE since > ? AND since <= ?", (before, visible)
        ).fetchall()
        fill(connection, "wanted_id", changed)
        connection.executemany("DELETE FROM match WHERE vulnerability_id = ?", changed)
        parts = (CHANGED_HITS, HITS_OF_NEW) if _has_new_identities(connection) else (CHANGED_HITS,)
        for hits in parts:
            _rule_out(connection, hits, visible)
            connection.execute(f"INSERT INTO match {_select(hits)} ON CONFLICT DO NOTHING", asked_at(visible))
        _matched(connection, visible)
    return len(changed)


def matches_of(connection: Connection, vulnerability_id: int) -> dict[int, PortfolioEvidence]:
    """The identities a vulnerability hits, with the surest evidence of each."""
    rows = connection.execute("SELECT identity_id, evidence FROM match WHERE vulnerability_id = ?", (vulnerability_id,))
    return {identity_id: PortfolioEvidence.unpack(evidence) for identity_id, evidence in rows}


def _has_new_identities(connection: Connection) -> bool:
    connection.execute("INSERT INTO store_state VALUES ('matched_identity', 0) ON CONFLICT DO NOTHING")
    (new,) = connection.execute(
        "SELECT coalesce(max(id), 0) > (SELECT value FROM store_state WHERE name = 'matched_identity') FROM identity"
    ).fetchone()
    return bool(new)


def _select(hits: str) -> str:
    """The matches of `hits` with the surest criterion of each, but those that `_rule_out` found."""
    return (
        f"SELECT c.vulnerability_id, w.identity_id, min({EVIDENCE}) {hits} {NOT_DISJOINT}"
        " GROUP BY c.vulnerability_id, w.identity_id"
    )


def _rule_out(connection: Connection, hits: str, visible: int) -> None:
    """Find the pairs among `hits` in which what an identity states rules out what a criterion asks for."""
    pairs = connection.execute(
        "SELECT a.id, s.id, a.words, s.words"  # noqa: S608 - our own words
        f" FROM (SELECT DISTINCT c.asked_id, w.stated_id {hits} {NARROWED}) p"
        " JOIN asked a ON a.id = p.asked_id JOIN stated s ON s.id = p.stated_id",
        asked_at(visible),
    )
    disjoint = [(asked * PAIR + stated,) for asked, stated, want, have in pairs if fit(want, have)[0] is Fit.DISJOINT]
    fill(connection, "wanted_disjoint", disjoint)


def _matched(connection: Connection, visible: int) -> None:
    connection.execute("UPDATE store_state SET value = ? WHERE name = 'matched'", (visible,))
    connection.execute(
        "INSERT INTO store_state SELECT 'matched_identity', coalesce(max(id), 0) FROM identity WHERE true"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )


def _count(connection: Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM match").fetchone()
    return int(count)
