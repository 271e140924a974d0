"""
The portfolio held against the store: `python -m bench.inside.portfolio rematch|delta STORE IDENTITIES`.

`postgresql ADDRESS FEED IDENTITIES` does the first two in turn in an empty PostgreSQL that it loads first.

Inside the time: the join of everything kept, from an open connection to stored matches with their evidence. Outside:
reading the SBOMs (`distinct`), keeping their identities, starting Python, opening the store.
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from postmarket.matching import portfolio
from postmarket.matching.aliases import AliasTable
from postmarket.matching.facts import words
from postmarket.matching.identities import identity
from postmarket.matching.rematch import rematch as rematch_all
from postmarket.matching.rematch import rematch_changes
from postmarket.matching.store import runs
from postmarket.matching.store.connection import open_address, open_store
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.loading import load
from postmarket.matching.store.records import RecordWriter
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Source

DELTA_CVES = 500


def distinct(sboms: Path, out: Path) -> int:
    """
    Write each distinct component of the SBOMs in `sboms` once to `out`, one JSON object a line; how many.

    Every object has name, version, cpe, purl, supplier and `sboms`, the number of SBOMs that list it.
    """
    found: dict[tuple[str, ...], int] = {}
    for component in _components(sboms):
        found[component] = found.get(component, 0) + 1
    keys = ("name", "version", "cpe", "purl", "supplier")
    with out.open("w", encoding="utf-8") as file:
        for component, count in found.items():
            file.write(json.dumps(dict(zip(keys, component, strict=True)) | {"sboms": count}) + "\n")
    return len(found)


def rematch(store: Path, identities: Path) -> tuple[float, int]:
    """Match the whole portfolio with the whole store; seconds, and how many matches that made."""
    with _filled(store, identities) as connection:
        return _timed_rematch(connection)


def delta(store: Path, identities: Path) -> tuple[float, int]:
    """Match the whole portfolio with `DELTA_CVES` changed CVEs only; seconds, and how many that were."""
    with _filled(store, identities) as connection:
        rematch_all(connection)
        return _timed_delta(connection)


def on_postgresql(address: str, feed: Path, identities: Path) -> dict[str, float]:
    """Load `feed` into the empty database at `address`, match the portfolio, then a day's delta; seconds of each."""
    connection = open_address(address, create=True)
    try:
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory() as home:
            load(connection, Source.NVD, [feed], home=Path(home), clock=lambda: datetime.now(UTC))
        loaded = time.perf_counter() - begun
        _keep(connection, identities)
        rematched, matches = _timed_rematch(connection)
        changing, changed = _timed_delta(connection)
    finally:
        connection.close()
    return {"load": loaded, "rematch": rematched, "matches": matches, "delta": changing, "changed": changed}


def _timed_rematch(connection: Connection) -> tuple[float, int]:
    begun = time.perf_counter()
    matches = rematch_all(connection)
    return time.perf_counter() - begun, matches


def _timed_delta(connection: Connection) -> tuple[float, int]:
    _tell_again(connection, DELTA_CVES)
    begun = time.perf_counter()
    changed = rematch_changes(connection)
    return time.perf_counter() - begun, changed


@contextmanager
def _filled(store: Path, identities: Path) -> Iterator[Connection]:
    """A copy of the store that holds the portfolio; the copy goes when it is done with."""
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        copy = Path(folder) / "store.sqlite3"
        shutil.copy(store / "postmarket.sqlite3", copy)
        connection = open_store(copy)
        try:
            _keep(connection, identities)
            yield connection
        finally:
            connection.close()


def _keep(connection: Connection, identities: Path) -> None:
    table = AliasTable()
    portfolio.keep_identities(connection, (identity(item, table) for item in _listed(identities)))
    connection.execute("ANALYZE")


def _listed(identities: Path) -> Iterator[Component]:
    with identities.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            yield Component(
                ref="",
                name=item["name"],
                version=item["version"],
                supplier=item["supplier"],
                purl=item["purl"],
                cpes=(item["cpe"],),
            )


def _tell_again(connection: Connection, number: int) -> None:
    """A day's changes: `number` records come again with another date, as one published load."""
    now = datetime.now(UTC)
    ids = [id_ for (id_,) in connection.execute("SELECT id FROM record ORDER BY digest LIMIT ?", (number,))]
    run = runs.begin(connection, Source.NVD, now=now)
    writer = RecordWriter(connection, source="nvd", run_id=run.id, generation=run.generation)
    for told in words(connection, ids).values():
        writer.add(replace(told, modified="2099-01-01T00:00:00Z"))
    writer.flush()
    runs.publish(connection, run, now=now)


def _components(sboms: Path) -> Iterator[tuple[str, ...]]:
    for path in sorted(sboms.glob("*.json")):
        for item in json.loads(path.read_bytes())["components"]:
            yield item["name"], item["version"], item["cpe"], item["purl"], item["supplier"]["name"]


def main(action: str, *given: str) -> dict[str, object]:
    """Do `action`; what there is to say of it."""
    gc.set_threshold(200_000, 50, 100)  # as postmarket's own commands run
    if action == "postgresql":
        address, feed, listed = given
        return dict(on_postgresql(address, Path(feed), Path(listed)))
    store, identities = map(Path, given)
    begun = time.perf_counter()
    if action == "distinct":
        return {"distinct": distinct(store, identities), "seconds": time.perf_counter() - begun}
    seconds, matches = {"rematch": rematch, "delta": delta}[action](store, identities)
    return {"seconds": seconds, "matches": matches}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
