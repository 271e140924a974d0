"""
The stored portfolio: every distinct identity once, tied to the products the store knows it by (`rematch` matches it).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.join import UNKNOWN_VERSION, named_by
from postmarket.matching.store.connection import state
from postmarket.matching.store.records import ANY_WORD
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import NameKind
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from postmarket.matching.interface import Identity
    from postmarket.matching.store.engine import Connection

CHUNK_IDENTITIES = 2_000

Kept = tuple["Identity", bytes]
"""An identity, and the same packed."""
Tie = tuple[int, str, int, int, int, str, int]
"""Product, scheme, identity, exact, rung, version, what it states."""


def keep_identities(connection: Connection, identities: Iterable[Identity]) -> list[int]:
    """Keep each distinct identity once and tie it to the products the store knows; the id of each one given."""
    with connection.writing():
        tie_new_products(connection)
    digests: list[bytes] = []
    distinct: dict[bytes, Kept] = {}
    for identity in identities:
        packed = msgspec.msgpack.encode(identity)
        digests.append(hashlib.blake2b(packed, digest_size=16).digest())
        distinct[digests[-1]] = (identity, packed)
    ids: dict[bytes, int] = {}
    for chunk in _batched(distinct, CHUNK_IDENTITIES):
        with connection.writing():
            ids |= _keep(connection, {digest: distinct[digest] for digest in chunk})
    return [ids[digest] for digest in digests]


def tie_new_products(connection: Connection) -> None:
    """Tie the identities kept so far to products that came since this was last done; call inside a transaction."""
    seen = state(connection, "resolved_product")
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM product").fetchone()
    if newest == seen:
        return
    rows = connection.execute(
        "SELECT p.id, p.scheme, n.identity_id, n.exact, n.rung, n.version, i.stated_id FROM product p"
        " CROSS JOIN identity_name n CROSS JOIN identity i"
        " WHERE p.id > ? AND n.kind = p.kind AND n.name = p.name AND i.id = n.identity_id",
        (seen,),
    ).fetchall()
    patterns = _patterns(connection, after=seen)
    if patterns:
        names = connection.execute(
            "SELECT n.name, n.identity_id, n.exact, n.rung, n.version, i.stated_id"
            " FROM identity_name n CROSS JOIN identity i WHERE n.kind = ? AND i.id = n.identity_id",
            (NameKind.CPE.value,),
        )
        rows += _named_by_patterns(patterns, names)
    _tie(connection, rows)
    connection.execute("UPDATE store_state SET value = ? WHERE name = 'resolved_product'", (newest,))


def _keep(connection: Connection, identities: Mapping[bytes, Kept]) -> dict[bytes, int]:
    """The ids of identities, given by their digest; those that are not there yet are kept and tied."""
    fill(connection, "wanted_digest", [(digest,) for digest in identities])
    ids: dict[bytes, int] = dict(
        connection.execute("SELECT i.digest, i.id FROM wanted_digest w CROSS JOIN identity i WHERE i.digest = w.digest")
    )
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM identity").fetchone()
    missing = [digest for digest in identities if digest not in ids]
    new = {digest: highest + number for number, digest in enumerate(missing, start=1)}
    stated = _stated(connection, {identities[digest][0].attributes for digest in new})
    rows = [(id_, digest, *identities[digest]) for digest, id_ in new.items()]
    connection.insert(
        "identity",
        [(id_, digest, stated[identity.attributes], packed) for id_, digest, identity, packed in rows],
    )
    connection.insert(
        "identity_name",
        [
            (name.kind.value, name.name, id_, int(name.exact), name.rung.value, name.version)
            for id_, _, identity, _ in rows
            for name in identity.names
        ],
    )
    _resolve(connection, list(new.values()))
    return ids | new


def _stated(connection: Connection, wordings: set[str]) -> dict[str, int]:
    """The ids of what CPE names state beyond their version, each wording kept once; 0 for none."""
    connection.executemany(
        "INSERT INTO stated SELECT coalesce(max(id), 0) + 1, ? FROM stated WHERE true ON CONFLICT (words) DO NOTHING",
        [(words,) for words in sorted(wordings) if words],
    )
    return {"": 0, **dict(connection.execute("SELECT words, id FROM stated"))}


def _resolve(connection: Connection, identity_ids: Sequence[int]) -> None:
    """Tie identities to the products the store has for their names."""
    fill(connection, "wanted_id", [(id_,) for id_ in identity_ids])
    rows = connection.execute(
        "SELECT p.id, p.scheme, n.identity_id, n.exact, n.rung, n.version, i.stated_id FROM wanted_id w"
        " CROSS JOIN identity i CROSS JOIN identity_name n CROSS JOIN product p"
        " WHERE i.id = w.id AND n.identity_id = w.id AND p.kind = n.kind AND p.name = n.name"
    ).fetchall()
    names = connection.execute(
        "SELECT n.name, n.identity_id, n.exact, n.rung, n.version, i.stated_id FROM wanted_id w"
        " CROSS JOIN identity i CROSS JOIN identity_name n"
        " WHERE i.id = w.id AND n.identity_id = w.id AND n.kind = ?",
        (NameKind.CPE.value,),
    )
    _tie(connection, [*rows, *_named_by_patterns(_patterns(connection, after=0), names)])


def _patterns(connection: Connection, *, after: int) -> list[tuple[int, str, str]]:
    """Id, name and scheme of the products whose name has wildcards, with an id above `after`."""
    return connection.execute(
        "SELECT id, name, scheme FROM product WHERE word = ? AND kind = ? AND id > ?",
        (ANY_WORD, NameKind.CPE.value, after),
    ).fetchall()


def _named_by_patterns(
    patterns: Iterable[tuple[int, str, str]], names: Iterable[tuple[str, int, int, int, str, int]]
) -> list[Tie]:
    """Ties of identities, each given with one of its CPE names first, to the patterns that cover that name."""
    by_name: dict[str, list[tuple[int, int, int, str, int]]] = defaultdict(list)
    for name, identity_id, exact, rung, version, stated_id in names:
        by_name[name].append((identity_id, exact, rung, version, stated_id))
    return [
        (product_id, scheme, *of_identity)
        for product_id, pattern, scheme in patterns
        for name in named_by(pattern, by_name)
        for of_identity in by_name[name]
    ]


def _tie(connection: Connection, rows: Sequence[Tie]) -> None:
    """Keep ties with the version's key; where several names lead to one product, the surest."""
    keyed = []
    for product_id, scheme, identity_id, exact, rung, version, stated_id in rows:
        version_key = key(Scheme(scheme), version) if version else None
        if version_key is None:
            keyed.append((product_id, UNKNOWN_VERSION, identity_id, 0, rung, stated_id))
        else:
            keyed.append((product_id, version_key, identity_id, exact, rung, stated_id))
    keyed.sort(key=itemgetter(4))
    connection.executemany("INSERT INTO identity_product VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", keyed)


def _batched(digests: Iterable[bytes], size: int) -> Iterator[Sequence[bytes]]:
    waiting = iter(digests)
    while batch := tuple(islice(waiting, size)):
        yield batch
