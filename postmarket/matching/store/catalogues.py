"""Writing catalogues that come whole each time: KEV and EPSS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.store.connection import OPEN_END
from postmarket.matching.store.records import Outcome
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import EpssScore, KevEntry

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection

CHUNK_ROWS = 5_000

_encode = msgspec.msgpack.Encoder().encode
_kev = msgspec.msgpack.Decoder(KevEntry).decode


class KevWriter:
    """
    Writes the KEV catalogue as generation `generation`: what it no longer lists is retired.

    A catalogue whose newest entry is older than the newest the store holds is an old one, and changes nothing.
    """

    def __init__(self, connection: Connection, *, generation: int) -> None:
        self._connection = connection
        self._generation = generation
        self._known: dict[str, bytes] = dict(
            connection.execute("SELECT cve, entry FROM kev WHERE until = ?", (OPEN_END,))
        )
        self._waiting: dict[str, KevEntry] = {}

    def add(self, entry: KevEntry) -> None:
        """Take one entry; what becomes of it is known when the catalogue is whole."""
        self._waiting[entry.cve] = entry

    def finish(self, *, whole: bool) -> list[Outcome]:
        """Write the catalogue, in one transaction; only one that was read `whole` retires what it does not list."""
        newest = max((entry.added for entry in self._waiting.values()), default="")
        held = max((_kev(packed).added for packed in self._known.values()), default="")
        outcomes = [Outcome.OLDER] * len(self._waiting) if newest < held else self._write(whole=whole)
        self._waiting.clear()
        return outcomes

    def _write(self, *, whole: bool) -> list[Outcome]:
        packed = {cve: _encode(entry) for cve, entry in self._waiting.items()}
        changed = {cve: entry for cve, entry in packed.items() if self._known.get(cve) != entry}
        gone = sorted(self._known.keys() - packed.keys()) if whole and packed else []
        with self._connection.writing():
            _retire(self._connection, "kev", [*changed, *gone], self._generation)
            self._connection.insert("kev", [(cve, entry, self._generation, OPEN_END) for cve, entry in changed.items()])
        outcomes = [
            Outcome.UNCHANGED if cve not in changed else Outcome.CHANGED if cve in self._known else Outcome.ADDED
            for cve in packed
        ]
        self._known = {cve: entry for cve, entry in self._known.items() if cve not in gone} | changed
        return outcomes


class EpssWriter:
    """Writes one day's EPSS scores as generation `generation`; an older day never replaces a newer one."""

    def __init__(self, connection: Connection, *, generation: int) -> None:
        self._connection = connection
        self._generation = generation
        self._known: dict[str, tuple[str, float]] = {
            cve: (date, probability)
            for cve, date, probability in connection.execute(
                "SELECT cve, date, probability FROM epss WHERE until = ?", (OPEN_END,)
            )
        }
        self._waiting: dict[str, EpssScore] = {}

    def add(self, score: EpssScore) -> Outcome:
        """Offer one score; it is written with its chunk, at the latest by `flush`."""
        known = self._known.get(score.cve)
        if known is not None and known[0] >= score.date:
            same = known == (score.date, score.probability)
            return Outcome.UNCHANGED if same else Outcome.OLDER
        self._known[score.cve] = (score.date, score.probability)
        self._waiting[score.cve] = score
        if len(self._waiting) >= CHUNK_ROWS:
            self.flush()
        return Outcome.ADDED if known is None else Outcome.CHANGED

    def flush(self) -> None:
        """Write what is waiting, in one transaction."""
        with self._connection.writing():
            _retire(self._connection, "epss", list(self._waiting), self._generation)
            self._connection.insert(
                "epss",
                [
                    (score.cve, score.probability, score.percentile, score.date, self._generation, OPEN_END)
                    for score in self._waiting.values()
                ],
            )
        self._waiting.clear()


def _retire(connection: Connection, table: str, cves: list[str], generation: int) -> None:
    """End the visible rows of `cves` and drop what an unfinished load of this generation left of them."""
    fill(connection, "wanted_cve", [(cve,) for cve in cves])
    connection.execute(
        f"DELETE FROM {table} WHERE cve IN (SELECT cve FROM wanted_cve) AND since = ?",  # noqa: S608 - our own names
        (generation,),
    )
    connection.execute(
        f"UPDATE {table} SET until = ? WHERE cve IN (SELECT cve FROM wanted_cve) AND until = ?",  # noqa: S608
        (generation, OPEN_END),
    )
