"""Writing catalogues that come whole each time: KEV and EPSS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.store.connection import OPEN_END, writing
from postmarket.matching.store.records import Outcome
from postmarket.sources.interface import EpssScore, KevEntry

if TYPE_CHECKING:
    import sqlite3

CHUNK_ROWS = 5_000

_encode = msgspec.msgpack.Encoder().encode


class KevWriter:
    """Writes the KEV catalogue as generation `generation`; what it no longer lists is retired by `finish`."""

    def __init__(self, connection: sqlite3.Connection, *, generation: int) -> None:
        self._connection = connection
        self._generation = generation
        self._known: dict[str, bytes] = dict(
            connection.execute("SELECT cve, entry FROM kev WHERE until = ?", (OPEN_END,))
        )
        self._seen: set[str] = set()

    def add(self, entry: KevEntry) -> Outcome:
        """Write one entry at once: the whole catalogue has about 1,500."""
        packed = _encode(entry)
        known = self._known.get(entry.cve)
        self._seen.add(entry.cve)
        if known == packed:
            return Outcome.UNCHANGED
        with writing(self._connection):
            _retire(self._connection, "kev", [entry.cve], self._generation)
            self._connection.execute(
                "INSERT INTO kev VALUES (?, ?, ?, ?)", (entry.cve, packed, self._generation, OPEN_END)
            )
        self._known[entry.cve] = packed
        return Outcome.ADDED if known is None else Outcome.CHANGED

    def finish(self) -> None:
        """Retire what the catalogue no longer lists; only for a catalogue that was read whole."""
        with writing(self._connection):
            _retire(self._connection, "kev", sorted(self._known.keys() - self._seen), self._generation)


class EpssWriter:
    """Writes one day's EPSS scores as generation `generation`; an older day never replaces a newer one."""

    def __init__(self, connection: sqlite3.Connection, *, generation: int) -> None:
        self._connection = connection
        self._generation = generation
        self._known: dict[str, tuple[str, float]] = {
            cve: (date, probability)
            for cve, date, probability in connection.execute(
                "SELECT cve, date, probability FROM epss WHERE until = ?", (OPEN_END,)
            )
        }
        self._waiting: list[EpssScore] = []

    def add(self, score: EpssScore) -> Outcome:
        """Offer one score; it is written with its chunk, at the latest by `flush`."""
        known = self._known.get(score.cve)
        if known is not None and known[0] >= score.date:
            same = known == (score.date, score.probability)
            return Outcome.UNCHANGED if same else Outcome.OLDER
        self._known[score.cve] = (score.date, score.probability)
        self._waiting.append(score)
        if len(self._waiting) >= CHUNK_ROWS:
            self.flush()
        return Outcome.ADDED if known is None else Outcome.CHANGED

    def flush(self) -> None:
        """Write what is waiting, in one transaction."""
        with writing(self._connection):
            _retire(self._connection, "epss", [score.cve for score in self._waiting], self._generation)
            self._connection.executemany(
                "INSERT INTO epss VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (score.cve, score.probability, score.percentile, score.date, self._generation, OPEN_END)
                    for score in self._waiting
                ],
            )
        self._waiting.clear()


def _retire(connection: sqlite3.Connection, table: str, cves: list[str], generation: int) -> None:
    """End the visible rows of `cves` and drop what an unfinished load of this generation left of them."""
    connection.executemany(
        f"DELETE FROM {table} WHERE cve = ? AND since = ?",  # noqa: S608 - our own table names
        [(cve, generation) for cve in cves],
    )
    connection.executemany(
        f"UPDATE {table} SET until = ? WHERE cve = ? AND until = ?",  # noqa: S608 - our own table names
        [(generation, cve, OPEN_END) for cve in cves],
    )
