"""Writing what a source says of vulnerabilities into the store, record by record."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import zstandard
from msgspec.structs import replace

from postmarket.matching.store.connection import OPEN_END
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.retired import conditional_positions, reasons, retired
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import Certainty, Record, State
from postmarket.sources.spans import read_span
from postmarket.versions.errors import VersionsError
from postmarket.versions.interface import Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postmarket.matching.store.engine import Connection
    from postmarket.sources.interface import Criterion

CHUNK_RECORDS = 400
"""Records written in one transaction: about 20 ms, so that readers and other writers hardly wait."""

_CONDITION, _POSSIBLE, _PLATFORM, _ATTRIBUTES, _EXACT, _RETIRED = (
    flag.value for flag in (Flag.CONDITION, Flag.POSSIBLE, Flag.PLATFORM, Flag.ATTRIBUTES, Flag.EXACT, Flag.RETIRED)
)
_FLAGS = 6
"""Where `flags` stands in a row of `criterion`."""
ANY_WORD = "*"
"""`product.word` of a name with a wildcard in it: such products are found by pattern."""
_WILDCARD = re.compile(r"(?<!\\)(?:\\\\)*[*?]")
_encode = msgspec.msgpack.Encoder().encode
_compress = zstandard.ZstdCompressor(level=1).compress


class Outcome(StrEnum):
    """What became of a record that was offered."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"
    """The store already holds a later word of the same source."""


class RecordWriter:
    """
    Writes the records of one source as generation `generation`, in chunks.

    One writer at a time: ids are given out in memory. Nothing is visible until the generation is published.
    Criteria that the firm has retired, also while this goes on, are written as retired.
    `schemes` says how the versions of some CPE products are ordered where the source declares no scheme.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        source: str,
        run_id: int,
        generation: int,
        schemes: Mapping[str, Scheme] | None = None,
    ) -> None:
        self._connection = connection
        self._schemes = schemes or {}
        self._source = source
        self._run_id = run_id
        self._generation = generation
        rows = connection.execute(
            "SELECT name, id, digest, modified FROM record WHERE source = ? AND until = ?", (source, OPEN_END)
        )
        self._known: dict[str, tuple[int, bytes, str]] = {name: (id_, digest, at) for name, id_, digest, at in rows}
        self._vulnerabilities: dict[str, int] = dict(connection.execute("SELECT name, id FROM vulnerability"))
        self._products: dict[tuple[str, str, str], int] = {
            (kind, name, scheme): id_
            for id_, kind, name, scheme in connection.execute("SELECT id, kind, name, scheme FROM product")
        }
        self._asked_ids: dict[str, int] = {"": 0, **dict(connection.execute("SELECT words, id FROM asked"))}
        self._next_record = _next_id(connection, "record")
        self._new_vulnerabilities: list[tuple[int, str, int]] = []
        self._new_products: list[tuple[int, str, str, str, str]] = []
        self._new_asked: list[tuple[int, str]] = []
        self._records: list[tuple[object, ...]] = []
        self._tellings: list[tuple[int, bytes]] = []
        self._criteria: list[tuple[object, ...]] = []
        self._aliases: list[tuple[int, int, int]] = []
        self._replaced: list[int] = []
        self._told: list[tuple[int, Record]] = []

    def add(self, record: Record) -> Outcome:
        """Offer one record; it is written with its chunk, at the latest by `flush`."""
        packed = _encode(record)
        digest = hashlib.blake2b(packed, digest_size=12).digest()
        known = self._known.get(record.record_id)
        if known is not None:
            if known[1] == digest:
                return Outcome.UNCHANGED
            if record.modified and record.modified < known[2]:
                return Outcome.OLDER
            self._replaced.append(known[0])
        self._write(record, packed, digest)
        if len(self._records) >= CHUNK_RECORDS:
            self.flush()
        return Outcome.ADDED if known is None else Outcome.CHANGED

    def flush(self) -> None:
        """Write what is waiting, in one transaction."""
        insert = self._connection.insert
        with self._connection.writing():
            self._mark_retired()
            insert("vulnerability", self._new_vulnerabilities)
            insert("product", self._new_products)
            insert("asked", self._new_asked)
            insert("record", self._records)
            insert("telling", self._tellings)
            insert("criterion", self._criteria)
            insert("alias", self._aliases)
            retire(self._connection, self._replaced, generation=self._generation)
        for waiting in (self._new_vulnerabilities, self._new_products, self._records, self._criteria):
            waiting.clear()
        self._new_asked.clear()
        self._aliases.clear()
        self._tellings.clear()
        self._replaced.clear()
        self._told.clear()

    def _write(self, record: Record, packed: bytes, digest: bytes) -> None:
        id_ = self._next_record
        self._next_record += 1
        vulnerability_id = self._vulnerability(record.id)
        self._known[record.record_id] = (id_, digest, record.modified)
        self._records.append(
            (
                id_,
                self._source,
                record.record_id,
                vulnerability_id,
                record.state.value,
                record.modified,
                digest,
                _encode(record.ratings) if record.ratings else b"",
                _encode(record.ssvc) if record.ssvc else b"",
                _encode(record.conditions) if record.conditions else b"",
                self._run_id,
                self._generation,
                OPEN_END,
            )
        )
        self._tellings.append((id_, _compress(packed)))
        self._told.append((id_, record))
        conditional = conditional_positions(record.conditions)
        of_record = 0 if record.state is State.PUBLISHED else Flag.WITHDRAWN.value
        for position, told in enumerate(record.criteria):
            criterion = in_scheme(told, self._schemes[told.name]) if told.name in self._schemes else told
            self._criteria.append(
                (
                    id_,
                    position,
                    vulnerability_id,
                    self._product(criterion),
                    criterion.range.lo,
                    criterion.range.hi,
                    of_record | flags_of(criterion, conditional=position in conditional),
                    self._asked(criterion.attributes),
                    self._generation,
                    OPEN_END,
                )
            )
        self._aliases.extend(
            (id_, vulnerability_id, alias) for alias in sorted(map(self._vulnerability, record.aliases))
        )

    def _mark_retired(self) -> None:
        """Asked anew for each chunk: what a person retired meanwhile must not come back with this load."""
        marks = retired(self._connection, self._source)
        places = {
            (id_, position)
            for id_, record in self._told
            if record.record_id in marks
            for position in reasons(record, marks[record.record_id])
        }
        if places:
            self._criteria = [
                (*row[:_FLAGS], int(str(row[_FLAGS])) | _RETIRED, *row[_FLAGS + 1 :]) if row[:2] in places else row
                for row in self._criteria
            ]

    def _vulnerability(self, name: str) -> int:
        id_ = self._vulnerabilities.get(name)
        if id_ is None:
            id_ = self._vulnerabilities[name] = len(self._vulnerabilities) + 1
            self._new_vulnerabilities.append((id_, name, id_))
        return id_

    def _asked(self, words: str) -> int:
        id_ = self._asked_ids.get(words)
        if id_ is None:
            id_ = self._asked_ids[words] = len(self._asked_ids)
            self._new_asked.append((id_, words))
        return id_

    def _product(self, criterion: Criterion) -> int:
        key = (criterion.kind.value, criterion.name, criterion.range.scheme.value)
        id_ = self._products.get(key)
        if id_ is None:
            id_ = self._products[key] = len(self._products) + 1
            plain = not _WILDCARD.search(criterion.name)
            word = criterion.name.replace("/", ":").rpartition(":")[2] if plain else ANY_WORD
            self._new_products.append((id_, *key, word))
        return id_


def flags_of(criterion: Criterion, *, conditional: bool) -> int:
    """The `flags` of one criterion, which stands in a configuration or not."""
    flags = _CONDITION if conditional else 0
    if criterion.certainty is Certainty.POSSIBLE:
        flags |= _POSSIBLE
    if not criterion.vulnerable:
        flags |= _PLATFORM
    if criterion.attributes:
        flags |= _ATTRIBUTES
    if criterion.exact:
        flags |= _EXACT
    return flags


def in_scheme(criterion: Criterion, scheme: Scheme) -> Criterion:
    """
    `criterion` with its range ordered by `scheme`, where its source declared none and its words can be read so.
    """
    if criterion.range.scheme is not Scheme.GENERIC or criterion.certainty is not Certainty.STATED:
        return criterion
    try:
        return replace(criterion, range=read_span(criterion.text, scheme))
    except VersionsError:
        return criterion


def retire(connection: Connection, record_ids: list[int], *, generation: int) -> None:
    """End `record_ids` and their criteria with `generation`; call inside a transaction."""
    if not record_ids:
        return
    fill(connection, "wanted_id", [(id_,) for id_ in record_ids])
    connection.execute("UPDATE record SET until = ? WHERE id IN (SELECT id FROM wanted_id)", (generation,))
    connection.execute("UPDATE criterion SET until = ? WHERE record_id IN (SELECT id FROM wanted_id)", (generation,))


def _next_id(connection: Connection, table: str) -> int:
    (highest,) = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608 - our own names
    return int(highest) + 1
