"""
The set-based join: version keys of identities against affected ranges, as byte comparisons in SQL.

The same statement serves one SBOM (temporary tables) and a stored portfolio. `wanted` holds one row per identity,
product and name: the version's key in that product's scheme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import generation
from postmarket.matching.store.flags import Flag
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from postmarket.matching.interface import Identity, Name

ATTRIBUTES = Flag.ATTRIBUTES.value

JOIN = """
SELECT w.id, c.record_id, c.position, c.vulnerability_id, c.flags
FROM {wanted} w
JOIN criterion c ON c.product_id = w.product_id AND c.lo <= w.version_key AND c.hi > w.version_key
WHERE c.since <= ? AND c.until > ?
"""

COUNT_ALL = """
SELECT w.id, count(DISTINCT c.vulnerability_id)
FROM {wanted} w
JOIN criterion c ON c.product_id = w.product_id
WHERE c.since <= ? AND c.until > ?
GROUP BY w.id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name of an identity that some source uses, with the scheme its ranges are keyed in."""

    identity: int
    name: Name
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Hit:
    """A criterion whose range holds the version of a wanted name."""

    wanted: Wanted
    record_id: int
    position: int
    vulnerability_id: int
    flags: int
    attributes: str


@dataclass(frozen=True, slots=True)
class Joined:
    """
    What the join found for a sequence of identities.

    `hits` are criteria in range; `known` are the identities (by position) some source has a product for, `ordered`
    those of them with a version key for at least one product; `unordered` are wanted names whose version has no key in
    the product's scheme, with the number of vulnerabilities that product has in all: unknown, not harmless.
    """

    hits: tuple[Hit, ...]
    known: frozenset[int]
    ordered: frozenset[int]
    unordered: tuple[tuple[Wanted, int], ...]


def join(connection: sqlite3.Connection, identities: Sequence[Identity]) -> Joined:
    """Join `identities` with everything visible in the store."""
    visible = generation(connection)
    products = _products(connection, identities)
    wanted: list[Wanted] = []
    ordered: list[tuple[int, int, bytes]] = []
    unordered: list[tuple[int, int]] = []
    for position, identity in enumerate(identities):
        for name in identity.names:
            for product_id, scheme in products.get((name.kind.value, name.name), ()):
                version_key = key(scheme, name.version) if name.version else None
                if version_key is None:
                    unordered.append((len(wanted), product_id))
                else:
                    ordered.append((len(wanted), product_id, version_key))
                wanted.append(Wanted(position, name, scheme))
    return Joined(
        hits=_hits(connection, wanted, ordered, visible),
        known=frozenset(item.identity for item in wanted),
        ordered=frozenset(wanted[id_].identity for id_, _, _ in ordered),
        unordered=_unordered(connection, wanted, unordered, visible),
    )


def _products(
    connection: sqlite3.Connection, identities: Sequence[Identity]
) -> dict[tuple[str, str], list[tuple[int, Scheme]]]:
    """The store's products for every name of `identities`: one name can have several schemes."""
    names = sorted({(name.kind.value, name.name) for identity in identities for name in identity.names})
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS wanted_name (kind TEXT, name TEXT)")
    connection.execute("DELETE FROM wanted_name")
    connection.executemany("INSERT INTO wanted_name VALUES (?, ?)", names)
    found: dict[tuple[str, str], list[tuple[int, Scheme]]] = {}
    for product_id, kind, name, scheme in connection.execute(
        "SELECT p.id, p.kind, p.name, p.scheme FROM wanted_name w JOIN product p ON p.kind = w.kind AND p.name = w.name"
    ):
        found.setdefault((kind, name), []).append((product_id, Scheme(scheme)))
    return found


def _hits(
    connection: sqlite3.Connection, wanted: list[Wanted], rows: list[tuple[int, int, bytes]], visible: int
) -> tuple[Hit, ...]:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (id INTEGER, product_id INTEGER, version_key BLOB)")
    connection.execute("DELETE FROM wanted")
    rows.sort(key=lambda row: row[1:])
    connection.executemany("INSERT INTO wanted VALUES (?, ?, ?)", rows)
    found = connection.execute(JOIN.format(wanted="wanted"), (visible, visible)).fetchall()
    attributes = _attributes(connection, [(row[1], row[2]) for row in found if row[4] & ATTRIBUTES])
    return tuple(
        Hit(wanted[id_], record_id, position, vulnerability_id, flags, attributes.get((record_id, position), ""))
        for id_, record_id, position, vulnerability_id, flags in found
    )


def _attributes(connection: sqlite3.Connection, places: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS wanted_place (record_id INTEGER, position INTEGER)")
    connection.execute("DELETE FROM wanted_place")
    connection.executemany("INSERT INTO wanted_place VALUES (?, ?)", sorted(set(places)))
    return {
        (record_id, position): text
        for record_id, position, text in connection.execute(
            "SELECT c.record_id, c.position, c.attributes FROM wanted_place w"
            " JOIN criterion c ON c.record_id = w.record_id AND c.position = w.position"
        )
    }


def _unordered(
    connection: sqlite3.Connection, wanted: list[Wanted], rows: list[tuple[int, int]], visible: int
) -> tuple[tuple[Wanted, int], ...]:
    if not rows:
        return ()
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS wanted_any (id INTEGER, product_id INTEGER)")
    connection.execute("DELETE FROM wanted_any")
    connection.executemany("INSERT INTO wanted_any VALUES (?, ?)", rows)
    counted = connection.execute(COUNT_ALL.format(wanted="wanted_any"), (visible, visible)).fetchall()
    return tuple((wanted[id_], number) for id_, number in counted)
