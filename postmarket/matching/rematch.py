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
    from collections.abc import Iterable, Sequence

    from postmarket.matching.store.engine import Connection

COLUMNS = ("vulnerability_id", "identity_id", "evidence")
RECORD_BITS = 36
POSITION_BITS = 14
RUNG_BITS = 4
PAIR = 1 << 31
CONDITION, ATTRIBUTES = Flag.CONDITION.value, Flag.ATTRIBUTES.value
CERTAIN = f"c.flags & {(Flag.PLATFORM | Flag.POSSIBLE | Flag.RETIRED).value} = 0"

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
CHANGED = "SELECT DISTINCT vulnerability_id FROM record WHERE since > ? AND since <= ?"
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
        changed = connection.execute(CHANGED, (before, visible)).fetchall()
        _match_anew(connection, changed, visible)
        if _has_new_identities(connection):
            _insert(connection, HITS_OF_NEW, visible)
        _matched(connection, visible)
    return len(changed)


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    What came since the portfolio was last matched.

    Generations after `before` up to `visible`, the vulnerabilities they changed, and the identities from
    `first_identity` to `last_identity` (none where the first is the larger).
    """

    before: int
    visible: int
    vulnerabilities: tuple[int, ...]
    first_identity: int
    last_identity: int

    @property
    def nothing(self) -> bool:
        """Whether the portfolio is matched with all there is."""
        return self.before == self.visible and not self.identities

    @property
    def identities(self) -> int:
        """How many identities are new, at most."""
        return max(0, self.last_identity - self.first_identity + 1)


def is_behind(connection: Connection) -> bool:
    """Whether something came since the portfolio was last matched: three look-ups."""
    _has_new_identities(connection)
    (behind,) = connection.execute(
        "SELECT (SELECT value FROM store_state WHERE name = 'generation')"
        " > (SELECT value FROM store_state WHERE name = 'matched')"
        " OR (SELECT coalesce(max(id), 0) FROM identity)"
        " > (SELECT value FROM store_state WHERE name = 'matched_identity')"
    ).fetchone()
    return bool(behind)


def waiting(connection: Connection) -> Waiting:
    """What `rematch_changes` would match."""
    _has_new_identities(connection)
    before, visible = state(connection, "matched"), generation(connection)
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM identity").fetchone()
    changed = connection.execute(CHANGED, (before, visible)).fetchall() if visible > before else []
    first = state(connection, "matched_identity") + 1
    return Waiting(before, visible, tuple(sorted(id_ for (id_,) in changed)), first, int(last))


def rematch_vulnerabilities(connection: Connection, vulnerabilities: Iterable[int]) -> None:
    """Match these vulnerabilities anew with the whole portfolio."""
    with connection.writing():
        _match_anew(connection, [(id_,) for id_ in sorted(set(vulnerabilities))], generation(connection))


@dataclass(frozen=True, slots=True)
class PartChange:
    """
    What matching a range of identities anew changes, by the generation `visible`.

    `put` are rows of `match` that are new or rest on other evidence, `gone` matches that end; both by vulnerability and
    identity. `gained` are those of `put` that were no match before, `matches` how many the range has then.
    """

    visible: int
    matches: int
    put: tuple[tuple[int, int, int], ...]
    gone: tuple[tuple[int, int], ...]
    gained: tuple[tuple[int, int], ...]


def part_change(connection: Connection, *, first: int, last: int) -> PartChange:
    """
    What matching the identities from `first` to `last` with all that is visible changes; nothing is written.

    Needs `tie_new_products` before. Ranges that do not overlap may be looked at side by side.
    """
    with connection.reading():
        connection.join_widely()
        visible = generation(connection)
        among = f"{HITS} AND w.identity_id >= {int(first)} AND w.identity_id <= {int(last)}"
        _rule_out(connection, among, visible)
        wanted = {
            (vulnerability, identity): evidence
            for vulnerability, identity, evidence in connection.execute(_select(among), asked_at(visible))
        }
        kept = {
            (vulnerability, identity): evidence
            for vulnerability, identity, evidence in connection.execute(
                "SELECT vulnerability_id, identity_id, evidence FROM match WHERE identity_id >= ? AND identity_id <= ?",
                (first, last),
            )
        }
    return PartChange(
        visible=visible,
        matches=len(wanted),
        put=tuple(sorted((*pair, evidence) for pair, evidence in wanted.items() if kept.get(pair) != evidence)),
        gone=tuple(sorted(kept.keys() - wanted.keys())),
        gained=tuple(sorted(wanted.keys() - kept.keys())),
    )


def apply_part(connection: Connection, change: PartChange) -> None:
    """Write what `part_change` found; call inside a transaction in which `change.visible` is still the generation."""
    connection.executemany("DELETE FROM match WHERE vulnerability_id = ? AND identity_id = ?", change.gone)
    connection.executemany(
        "INSERT INTO match VALUES (?, ?, ?)"
        " ON CONFLICT (vulnerability_id, identity_id) DO UPDATE SET evidence = excluded.evidence",
        change.put,
    )


def parts_matched(connection: Connection, *, visible: int, last_identity: int) -> None:
    """Note that every identity up to `last_identity` is matched with the generation `visible`, or a later one."""
    with connection.writing():
        connection.execute("UPDATE store_state SET value = ? WHERE name = 'matched'", (visible,))
        connection.execute("UPDATE store_state SET value = ? WHERE name = 'matched_identity'", (last_identity,))


def pairs(connection: Connection, *, vulnerabilities: Iterable[int], since_identity: int) -> set[tuple[int, int]]:
    """The stored matches (vulnerability, identity) of these vulnerabilities and of identities from one on."""
    fill(connection, "wanted_id", [(id_,) for id_ in sorted(set(vulnerabilities))])
    found = connection.execute(
        "SELECT m.vulnerability_id, m.identity_id FROM wanted_id v CROSS JOIN match m WHERE m.vulnerability_id = v.id"
    ).fetchall()
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM identity").fetchone()
    if since_identity <= last:
        found += connection.execute(
            "SELECT vulnerability_id, identity_id FROM match WHERE identity_id >= ?", (since_identity,)
        ).fetchall()
    return {(vulnerability, identity) for vulnerability, identity in found}


def matches_without(
    connection: Connection, vulnerability_id: int, *, record_id: int, positions: Iterable[int]
) -> dict[int, PortfolioEvidence]:
    """The identities a vulnerability would hit, if one record had not the criteria at `positions`."""
    listed = ", ".join(str(int(position)) for position in positions) or "-1"
    among = f"{CHANGED_HITS} AND NOT (c.record_id = {int(record_id)} AND c.position IN ({listed}))"
    visible = generation(connection)
    fill(connection, "wanted_id", [(vulnerability_id,)])
    _rule_out(connection, among, visible)
    rows = connection.execute(_select(among), asked_at(visible)).fetchall()
    return {identity_id: PortfolioEvidence.unpack(evidence) for _, identity_id, evidence in rows}


def matches_of(connection: Connection, vulnerability_id: int) -> dict[int, PortfolioEvidence]:
    """The identities a vulnerability hits, with the surest evidence of each."""
    rows = connection.execute("SELECT identity_id, evidence FROM match WHERE vulnerability_id = ?", (vulnerability_id,))
    return {identity_id: PortfolioEvidence.unpack(evidence) for identity_id, evidence in rows}


def _match_anew(connection: Connection, vulnerabilities: Sequence[tuple[int]], visible: int) -> None:
    connection.executemany("DELETE FROM match WHERE vulnerability_id = ?", vulnerabilities)
    fill(connection, "wanted_id", vulnerabilities)
    _insert(connection, CHANGED_HITS, visible)


def _insert(connection: Connection, hits: str, visible: int) -> None:
    _rule_out(connection, hits, visible)
    connection.execute(f"INSERT INTO match {_select(hits)} ON CONFLICT DO NOTHING", asked_at(visible))


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
