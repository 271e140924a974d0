"""
The set-based join: version keys of identities against affected ranges, as byte comparisons in SQL.

The same statement serves one SBOM (temporary tables) and a stored portfolio. `wanted` holds one row per identity,
product and name: the version's key in that product's scheme.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.store.connection import generation
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.records import ANY_WORD
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import NameKind
from postmarket.versions import cpe
from postmarket.versions.interface import HIGHEST, LOWEST, Scheme
from postmarket.versions.keys import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from postmarket.matching.interface import Identity, Name
    from postmarket.matching.store.engine import Connection

PARTS_OF_A_PRODUCT = 3
_LITERAL = re.compile(r"[a-z0-9._:-]*")

UNKNOWN_VERSION = LOWEST
"""The version key of a version that has none: what holds for every version holds for it, and nothing else does."""
IN_RANGE = f"""
c.product_id = w.product_id AND c.lo <= w.version_key AND c.hi > w.version_key
  AND (w.version_key <> ? OR c.hi = ?) AND (w.exact = 0 OR c.flags & {Flag.EXACT.value} <> 0)
  AND c.since <= ? AND c.until > ?
"""
"""That a visible criterion `c` holds the version wanted in `w`; `asked_at` gives what it asks for."""

JOIN = f"""
SELECT w.id, c.record_id, c.position, c.vulnerability_id, c.flags, coalesce(a.words, '')
FROM wanted_key w
CROSS JOIN criterion c
LEFT JOIN asked a ON a.id = c.asked_id
WHERE {IN_RANGE}
"""  # noqa: S608 - our own words
"""CROSS JOIN keeps SQLite's planner to the order written: from the few wanted rows into the many criteria."""

COUNT_VULNERABLE = f"""
SELECT w.id, count(DISTINCT c.vulnerability_id)
FROM wanted_product w
CROSS JOIN criterion c
WHERE c.product_id = w.product_id AND c.flags & {(Flag.PLATFORM | Flag.RETIRED).value} = 0
  AND c.since <= ? AND c.until > ?
GROUP BY w.id
"""  # noqa: S608 - our own words

PRODUCTS_NAMED = """
SELECT p.id, p.kind, p.name, p.scheme
FROM wanted_name w
CROSS JOIN product p
WHERE p.kind = w.kind AND p.name = w.name
  AND EXISTS (SELECT 1 FROM criterion c WHERE c.product_id = p.id AND c.since <= ? AND c.until > ?)
"""
PRODUCTS_WITH_WILDCARDS = """
SELECT p.id, p.name, p.scheme
FROM product p
WHERE p.word = ? AND p.kind = ?
  AND EXISTS (SELECT 1 FROM criterion c WHERE c.product_id = p.id AND c.since <= ? AND c.until > ?)
"""


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """A name of an identity that some source uses, with the scheme its ranges are keyed in."""

    identity: int
    name: Name
    scheme: Scheme


class Hit(msgspec.Struct, frozen=True, gc=False):
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
    any product's scheme, with the number of vulnerabilities that product has in all: unknown, not harmless.
    """

    hits: tuple[Hit, ...]
    known: frozenset[int]
    ordered: frozenset[int]
    unordered: tuple[tuple[Wanted, int], ...]
    foreign: Mapping[int, frozenset[Scheme]]
    """For identities that are ordered: the schemes some source uses for their product and their version is not of."""


def asked_at(visible: int) -> tuple[object, ...]:
    """The parameters of `IN_RANGE` for what is visible in the generation `visible`."""
    return (UNKNOWN_VERSION, HIGHEST, visible, visible)


def join(connection: Connection, identities: Sequence[Identity]) -> Joined:
    """Join `identities` with everything visible in the store."""
    visible = generation(connection)
    products = _products(connection, identities, visible)
    wanted: list[Wanted] = []
    ordered: list[tuple[int, int, bytes, int]] = []
    unordered: list[tuple[int, int]] = []
    for position, identity in enumerate(identities):
        for name in identity.names:
            for product_id, scheme in products.get((name.kind.value, name.name), ()):
                version_key = key(scheme, name.version) if name.version else None
                if version_key is None:
                    unordered.append((len(wanted), product_id))
                else:
                    ordered.append((len(wanted), product_id, version_key, int(name.exact)))
                wanted.append(Wanted(position, name, scheme))
    keyed = frozenset(wanted[id_].identity for id_, *_ in ordered)
    foreign: dict[int, set[Scheme]] = defaultdict(set)
    for id_, _ in unordered:
        foreign[wanted[id_].identity].add(wanted[id_].scheme)
    lost = [row for row in unordered if wanted[row[0]].identity not in keyed]
    return Joined(
        hits=_hits(connection, wanted, ordered, unordered, visible),
        known=frozenset(item.identity for item in wanted),
        ordered=keyed,
        unordered=_unordered(connection, wanted, lost, visible),
        foreign={identity: frozenset(schemes) for identity, schemes in foreign.items() if identity in keyed},
    )


def _products(
    connection: Connection, identities: Sequence[Identity], visible: int
) -> dict[tuple[str, str], list[tuple[int, Scheme]]]:
    """
    The store's products for every name of `identities`: one name can have several schemes.

    Only those of which something visible speaks: a load that was killed leaves products behind.
    """
    names = sorted({(name.kind.value, name.name) for identity in identities for name in identity.names})
    found: dict[tuple[str, str], list[tuple[int, Scheme]]] = defaultdict(list)
    if not visible:  # nothing is loaded, and a store that never was has no indexes yet
        return found
    fill(connection, "wanted_name", names)
    for product_id, kind, name, scheme in connection.execute(PRODUCTS_NAMED, (visible, visible)):
        found[kind, name].append((product_id, Scheme(scheme)))
    stated = [name for kind, name in names if kind == NameKind.CPE.value]
    asked = (ANY_WORD, NameKind.CPE.value, visible, visible)
    for product_id, pattern, scheme in connection.execute(PRODUCTS_WITH_WILDCARDS, asked):
        for name in named_by(pattern, stated):
            found[NameKind.CPE.value, name].append((product_id, Scheme(scheme)))
    return found


def named_by(pattern: str, names: Iterable[str]) -> list[str]:
    """Those of `names` (`part:vendor:product`) that a product name with wildcards covers (NISTIR 7696 §6.3)."""
    parts = cpe.split(pattern)
    if len(parts) != PARTS_OF_A_PRODUCT:
        return []  # what a source wrote in place of a CPE name
    part, vendor, product = parts
    literal = _LITERAL.match(f"{part}:{vendor if cpe.ANY not in vendor else ''}")
    start = literal[0] if literal is not None else ""
    found = []
    for name in names:
        if name.startswith(start):
            stated = cpe.split(name)
            if stated[0] == part and cpe.covers(vendor, stated[1]) and cpe.covers(product, stated[2]):
                found.append(name)
    return found


def _hits(
    connection: Connection,
    wanted: list[Wanted],
    ordered: list[tuple[int, int, bytes, int]],
    unordered: list[tuple[int, int]],
    visible: int,
) -> tuple[Hit, ...]:
    rows = [*ordered, *((id_, product_id, UNKNOWN_VERSION, 0) for id_, product_id in unordered)]
    fill(connection, "wanted_key", sorted(rows, key=lambda row: (row[1], row[2])))
    found = connection.execute(JOIN, asked_at(visible)).fetchall()
    return tuple(Hit(wanted[id_], *criterion) for id_, *criterion in found)


def _unordered(
    connection: Connection, wanted: list[Wanted], rows: list[tuple[int, int]], visible: int
) -> tuple[tuple[Wanted, int], ...]:
    if not rows:
        return ()
    fill(connection, "wanted_product", rows)
    counted = connection.execute(COUNT_VULNERABLE, (visible, visible)).fetchall()
    return tuple((wanted[id_], number) for id_, number in counted)
