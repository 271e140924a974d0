"""
The stored portfolio: distinct identities against everything in the store, in one join, then only what changed.

Matches are kept once per identity and vulnerability with their surest evidence. What depends on the whole device (its
configurations, its profile) and what is only possible is judged when a device is looked at (`devices.match_device`),
from the same criteria: a possible one holds for every version, so a row for each would only repeat the product.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.attributes import Fit, fit
from postmarket.matching.interface import Identity
from postmarket.matching.join import IN_RANGE, UNKNOWN_VERSION, asked_at, named_by
from postmarket.matching.store.connection import generation, writing
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.records import ANY_WORD
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import NameKind
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

CHUNK_IDENTITIES = 2_000
RECORD_BITS = 36
POSITION_BITS = 14
RUNG_BITS = 4

Row = tuple[int, bytes, Identity, bytes]
"""Id, digest, identity, and the identity packed."""
Tie = tuple[int, str, int, int, int, str]
"""Product, scheme, identity, exact, rung, version."""

HITS = f"""
FROM identity_product w
CROSS JOIN criterion c
WHERE {IN_RANGE}
"""
HITS_OF_NEW = f"{HITS} AND w.identity_id > (SELECT value FROM store_state WHERE name = 'matched_identity')"  # noqa: S608
"""Of the identities kept since the portfolio was last matched: ids only grow."""
CHANGED_HITS = f"""
FROM wanted_id v
CROSS JOIN record r
CROSS JOIN criterion c
CROSS JOIN identity_product w
WHERE r.vulnerability_id = v.id AND c.record_id = r.id AND {IN_RANGE}
"""
ASKED = (Flag.PLATFORM | Flag.POSSIBLE | Flag.ATTRIBUTES).value
PLAIN = f"AND c.flags & {ASKED} = 0"
NARROWED = f"AND c.flags & {ASKED} = {Flag.ATTRIBUTES.value}"
EVIDENCE = f"""
((CASE WHEN c.flags & {Flag.CONDITION.value} <> 0 THEN 1 ELSE 0 END)
  * {1 << (RUNG_BITS + RECORD_BITS + POSITION_BITS)}
  + w.rung * {1 << (RECORD_BITS + POSITION_BITS)} + c.record_id * {1 << POSITION_BITS} + c.position)
"""
"""Surest first as one number, so that the surest of a group is its minimum in any engine."""


@dataclass(frozen=True, slots=True)
class PortfolioEvidence:
    """The surest criterion behind a stored match: `doubt` is 0 plain, 1 under a condition."""

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


def keep_identities(connection: sqlite3.Connection, identities: Iterable[Identity]) -> list[int]:
    """Keep each distinct identity once and tie it to the products the store knows; the id of each one given."""
    known: dict[bytes, int] = dict(connection.execute("SELECT digest, id FROM identity"))
    ids: list[int] = []
    new: list[Row] = []
    for identity in identities:
        packed = msgspec.msgpack.encode(identity)
        digest = hashlib.blake2b(packed, digest_size=16).digest()
        if digest not in known:
            known[digest] = len(known) + 1
            new.append((known[digest], digest, identity, packed))
        ids.append(known[digest])
    for chunk in _chunks(new):
        with writing(connection):
            connection.executemany(
                "INSERT INTO identity VALUES (?, ?, ?, ?)",
                [(id_, digest, identity.attributes, packed) for id_, digest, identity, packed in chunk],
            )
            connection.executemany(
                "INSERT INTO identity_name VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (name.kind.value, name.name, id_, name.exact, name.rung.value, name.version)
                    for id_, _, identity, _ in chunk
                    for name in identity.names
                ],
            )
            _resolve(connection, [id_ for id_, *_ in chunk])
    return ids


def rematch(connection: sqlite3.Connection) -> int:
    """Match the whole portfolio anew, in one transaction; how many matches there are."""
    with writing(connection):
        visible = _resolve_new_products(connection)
        connection.execute("DELETE FROM match")
        _add_plain(connection, HITS, visible)
        _add_narrowed(connection, HITS, visible)
        _matched(connection, visible)
    return _count(connection)


def rematch_changes(connection: sqlite3.Connection) -> int:
    """
    Match only the vulnerabilities that changed and the identities that came since the portfolio was last matched.

    Gives what `rematch` gives; returns how many vulnerabilities changed.
    """
    with writing(connection):
        (before,) = connection.execute("SELECT value FROM store_state WHERE name = 'matched'").fetchone()
        visible = _resolve_new_products(connection)
        changed = connection.execute(
            "SELECT DISTINCT vulnerability_id FROM record WHERE since > ? AND since <= ?", (before, visible)
        ).fetchall()
        fill(connection, "wanted_id", changed)
        connection.executemany("DELETE FROM match WHERE vulnerability_id = ?", changed)
        parts = (CHANGED_HITS, HITS_OF_NEW) if _has_new_identities(connection) else (CHANGED_HITS,)
        for hits in parts:
            _add_plain(connection, hits, visible)
        for hits in parts:
            _add_narrowed(connection, hits, visible)
        _matched(connection, visible)
    return len(changed)


def matches_of(connection: sqlite3.Connection, vulnerability_id: int) -> dict[int, PortfolioEvidence]:
    """The identities a vulnerability hits, with the surest evidence of each."""
    rows = connection.execute("SELECT identity_id, evidence FROM match WHERE vulnerability_id = ?", (vulnerability_id,))
    return {identity_id: PortfolioEvidence.unpack(evidence) for identity_id, evidence in rows}


def _has_new_identities(connection: sqlite3.Connection) -> bool:
    connection.execute("INSERT INTO store_state VALUES ('matched_identity', 0) ON CONFLICT DO NOTHING")
    (new,) = connection.execute(
        "SELECT coalesce(max(id), 0) > (SELECT value FROM store_state WHERE name = 'matched_identity') FROM identity"
    ).fetchone()
    return bool(new)


def _add_plain(connection: sqlite3.Connection, hits: str, visible: int) -> None:
    """Add matches that ask for nothing beyond the version, with the surest criterion of each."""
    connection.execute(
        f"INSERT INTO match SELECT c.vulnerability_id, w.identity_id, min({EVIDENCE}) {hits} {PLAIN}"
        " GROUP BY c.vulnerability_id, w.identity_id ON CONFLICT DO NOTHING",
        asked_at(visible),
    )


def _add_narrowed(connection: sqlite3.Connection, hits: str, visible: int) -> None:
    """Add matches that rest on criteria asking for an edition or the like, where the identity does not rule it out."""
    rows = connection.execute(
        f"SELECT c.vulnerability_id, w.identity_id, {EVIDENCE}, c.record_id, c.position {hits} {NARROWED}"
        " ORDER BY 1, 2, 3",
        asked_at(visible),
    ).fetchall()
    fill(connection, "wanted_place", sorted({(record_id, position) for *_, record_id, position in rows}))
    asked = {
        (record_id, position): attributes
        for record_id, position, attributes in connection.execute(
            "SELECT c.record_id, c.position, c.attributes FROM wanted_place w CROSS JOIN criterion c"
            " WHERE c.record_id = w.record_id AND c.position = w.position"
        )
    }
    stated = dict(connection.execute("SELECT id, attributes FROM identity"))
    connection.executemany(
        "INSERT INTO match VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (vulnerability_id, identity_id, evidence)
            for vulnerability_id, identity_id, evidence, record_id, position in rows
            if fit(asked[record_id, position], stated[identity_id])[0] is not Fit.DISJOINT
        ],
    )


def _resolve(connection: sqlite3.Connection, identity_ids: Sequence[int]) -> None:
    """Tie identities to the products the store has for their names."""
    fill(connection, "wanted_id", [(id_,) for id_ in identity_ids])
    rows = connection.execute(
        "SELECT p.id, p.scheme, n.identity_id, n.exact, n.rung, n.version FROM wanted_id w"
        " CROSS JOIN identity_name n CROSS JOIN product p"
        " WHERE n.identity_id = w.id AND p.kind = n.kind AND p.name = n.name"
    ).fetchall()
    names = connection.execute(
        "SELECT n.name, n.identity_id, n.exact, n.rung, n.version FROM wanted_id w CROSS JOIN identity_name n"
        " WHERE n.identity_id = w.id AND n.kind = ?",
        (NameKind.CPE.value,),
    )
    _tie(connection, [*rows, *_named_by_patterns(_patterns(connection, after=0), names)])


def _resolve_new_products(connection: sqlite3.Connection) -> int:
    """Tie identities to products that came since the last match; the visible generation."""
    (seen,) = connection.execute("SELECT value FROM store_state WHERE name = 'resolved_product'").fetchone()
    rows = connection.execute(
        "SELECT p.id, p.scheme, n.identity_id, n.exact, n.rung, n.version FROM product p"
        " CROSS JOIN identity_name n WHERE p.id > ? AND n.kind = p.kind AND n.name = p.name",
        (seen,),
    ).fetchall()
    patterns = _patterns(connection, after=seen)
    if patterns:
        names = connection.execute(
            "SELECT name, identity_id, exact, rung, version FROM identity_name WHERE kind = ?", (NameKind.CPE.value,)
        )
        rows += _named_by_patterns(patterns, names)
    _tie(connection, rows)
    connection.execute(
        "UPDATE store_state SET value = (SELECT coalesce(max(id), 0) FROM product) WHERE name = 'resolved_product'"
    )
    return generation(connection)


def _patterns(connection: sqlite3.Connection, *, after: int) -> list[tuple[int, str, str]]:
    """Id, name and scheme of the products whose name has wildcards, with an id above `after`."""
    return connection.execute(
        "SELECT id, name, scheme FROM product WHERE word = ? AND kind = ? AND id > ?",
        (ANY_WORD, NameKind.CPE.value, after),
    ).fetchall()


def _named_by_patterns(
    patterns: Iterable[tuple[int, str, str]], names: Iterable[tuple[str, int, int, int, str]]
) -> list[Tie]:
    """Ties of identities, each given with one of its CPE names first, to the patterns that cover that name."""
    by_name: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    for name, identity_id, exact, rung, version in names:
        by_name[name].append((identity_id, exact, rung, version))
    return [
        (product_id, scheme, *of_identity)
        for product_id, pattern, scheme in patterns
        for name in named_by(pattern, by_name)
        for of_identity in by_name[name]
    ]


def _tie(connection: sqlite3.Connection, rows: Sequence[Tie]) -> None:
    """Keep ties with the version's key; where several names lead to one product, the surest."""
    keyed = []
    for product_id, scheme, identity_id, exact, rung, version in rows:
        version_key = key(Scheme(scheme), version) if version else None
        if version_key is None:
            keyed.append((product_id, UNKNOWN_VERSION, identity_id, False, rung))
        else:
            keyed.append((product_id, version_key, identity_id, bool(exact), rung))
    keyed.sort(key=lambda row: row[-1])
    connection.executemany("INSERT INTO identity_product VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", keyed)


def _matched(connection: sqlite3.Connection, visible: int) -> None:
    connection.execute("UPDATE store_state SET value = ? WHERE name = 'matched'", (visible,))
    connection.execute(
        "INSERT INTO store_state SELECT 'matched_identity', coalesce(max(id), 0) FROM identity WHERE true"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )


def _count(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM match").fetchone()
    return int(count)


def _chunks(
    rows: Sequence[tuple[int, bytes, Identity, bytes]],
) -> Iterator[Sequence[tuple[int, bytes, Identity, bytes]]]:
    for start in range(0, len(rows), CHUNK_IDENTITIES):
        yield rows[start : start + CHUNK_IDENTITIES]
