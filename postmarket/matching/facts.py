"""
What the loaded sources say of a vulnerability, gathered over its alias group.

Queries begin at the small table of what is wanted: CROSS JOIN keeps SQLite's planner to that order.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import msgspec
import zstandard

from postmarket.matching.interface import Vulnerability
from postmarket.matching.store.connection import damaged, generation
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import EpssScore, KevEntry, Node, Rating, Record, Source, Ssvc, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postmarket.matching.store.engine import Connection

T = TypeVar("T")
EXPLOITATION = ("", "none", "poc", "active")
"""CISA's SSVC decision point, the most pressing last."""

_record = msgspec.msgpack.Decoder(Record).decode
_conditions = msgspec.msgpack.Decoder(tuple[Node, ...]).decode
_ratings = msgspec.msgpack.Decoder(tuple[Rating, ...]).decode
_ssvc = msgspec.msgpack.Decoder(Ssvc).decode
_kev = msgspec.msgpack.Decoder(KevEntry).decode
_decompress = zstandard.ZstdDecompressor().decompress


def words(connection: Connection, record_ids: Iterable[int]) -> dict[int, Record]:
    """The whole records, in their sources' words, by id. Raises StoreError when one is missing."""
    wanted = sorted(set(record_ids))
    return _all_there(connection, wanted, told(connection, wanted), "the words of record")


def told(connection: Connection, record_ids: Iterable[int]) -> dict[int, Record]:
    """The same of those that are still there: a load sweeps away what a source has replaced."""
    _fill(connection, record_ids)
    rows = connection.execute(
        "SELECT t.record_id, t.words FROM wanted_id w CROSS JOIN telling t WHERE t.record_id = w.id"
    )
    return {id_: _record(_decompress(packed)) for id_, packed in rows}


def leads(connection: Connection, vulnerability_ids: Iterable[int]) -> dict[int, int]:
    """The alias group of each vulnerability, by id. Raises StoreError when one is missing."""
    wanted = _fill(connection, vulnerability_ids)
    rows = connection.execute("SELECT v.id, v.lead_id FROM wanted_id w CROSS JOIN vulnerability v WHERE v.id = w.id")
    return _all_there(connection, wanted, dict(rows), "vulnerability")


def conditions(connection: Connection, record_ids: Iterable[int]) -> dict[int, tuple[Node, ...]]:
    """The configurations of records that have any, by the record's id. Raises StoreError when one has none."""
    wanted = _fill(connection, record_ids)
    rows = connection.execute("SELECT r.id, r.conditions FROM wanted_id w CROSS JOIN record r WHERE r.id = w.id")
    found = {id_: _conditions(packed) for id_, packed in rows if packed}
    return _all_there(connection, wanted, found, "the conditions of record")


def named(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """The alias group of each vulnerability name the store knows."""
    found: dict[str, int] = {}
    for name in names:
        row = connection.execute("SELECT lead_id FROM vulnerability WHERE name = ?", (name,)).fetchone()
        if row is not None:
            found[name] = row[0]
    return found


def vulnerabilities(connection: Connection, groups: Iterable[int]) -> dict[int, Vulnerability]:
    """
    Everything but the words, for many groups at once, by the group's id.

    Raises StoreError when the name a group is shown under is missing.
    """
    wanted = _fill(connection, groups)
    visible = generation(connection)
    names: dict[int, list[str]] = defaultdict(list)
    lead_names: dict[int, str] = {}
    for id_, lead, name in connection.execute(
        "SELECT v.id, v.lead_id, v.name FROM wanted_id w CROSS JOIN vulnerability v WHERE v.lead_id = w.id"
    ):
        if id_ == lead:
            lead_names[lead] = name
        else:
            names[lead].append(name)
    _all_there(connection, wanted, lead_names, "vulnerability")
    ratings: dict[int, list[Rating]] = defaultdict(list)
    ssvc: dict[int, Ssvc] = {}
    states: dict[int, set[str]] = defaultdict(set)
    sources: dict[int, set[str]] = defaultdict(set)
    for lead, source, state, packed_ratings, packed_ssvc in connection.execute(
        "SELECT w.id, r.source, r.state, r.ratings, r.ssvc FROM wanted_id w CROSS JOIN vulnerability v"
        " CROSS JOIN record r WHERE v.lead_id = w.id AND r.vulnerability_id = v.id AND r.since <= ? AND r.until > ?",
        (visible, visible),
    ):
        sources[lead].add(source)
        states[lead].add(state)
        if packed_ratings:
            ratings[lead].extend(_ratings(packed_ratings))
        if packed_ssvc:
            told = _ssvc(packed_ssvc)
            ssvc[lead] = max(ssvc.get(lead, told), told, key=_pressing)
    kev = _kev_entries(connection, visible)
    epss = _epss_scores(connection, visible)
    return {
        id_: Vulnerability(
            id=id_,
            name=name,
            aliases=tuple(sorted(names[id_])),
            sources=tuple(sorted(map(Source, sources[id_]))),
            ratings=tuple(dict.fromkeys(ratings[id_])),
            ssvc=ssvc.get(id_),
            kev=kev.get(id_),
            epss=epss.get(id_),
            rejected=bool(states[id_]) and State.PUBLISHED.value not in states[id_],
        )
        for id_, name in lead_names.items()
    }


def _pressing(ssvc: Ssvc) -> tuple[int, str]:
    """Exploitation known to one source is exploitation; of two that say the same the later counts."""
    known = ssvc.exploitation in EXPLOITATION
    return (EXPLOITATION.index(ssvc.exploitation) if known else 0, ssvc.at)


def _kev_entries(connection: Connection, visible: int) -> Mapping[int, KevEntry]:
    rows = connection.execute(
        "SELECT w.id, k.entry FROM wanted_id w CROSS JOIN vulnerability v CROSS JOIN kev k"
        " WHERE v.lead_id = w.id AND k.cve = v.name AND k.since <= ? AND k.until > ?",
        (visible, visible),
    )
    return {id_: _kev(packed) for id_, packed in rows}


def _epss_scores(connection: Connection, visible: int) -> Mapping[int, EpssScore]:
    rows = connection.execute(
        "SELECT w.id, e.cve, e.probability, e.percentile, e.date FROM wanted_id w CROSS JOIN vulnerability v"
        " CROSS JOIN epss e WHERE v.lead_id = w.id AND e.cve = v.name AND e.since <= ? AND e.until > ?",
        (visible, visible),
    )
    return {id_: EpssScore(*score) for id_, *score in rows}


def _fill(connection: Connection, ids: Iterable[int]) -> list[int]:
    wanted = sorted(set(ids))
    fill(connection, "wanted_id", [(id_,) for id_ in wanted])
    return wanted


def _all_there(connection: Connection, wanted: Iterable[int], found: dict[int, T], what: str) -> dict[int, T]:
    """`found`. Raises StoreError when something wanted, which was written with what names it, is not in it."""
    missing = next((id_ for id_ in wanted if id_ not in found), None)
    if missing is not None:
        raise damaged(connection, f"{what} {missing} is missing")
    return found
