"""The log of a run: one JSON object a line, kept as evidence; its hash is what the audit trail holds."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from postmarket.records import evidence
from postmarket.sources.interface import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postmarket.matching.store.engine import Connection
    from postmarket.records.evidence import Kept

MEDIA_TYPE = "application/jsonl"
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class StoreRun:
    """A run as the vulnerability store keeps it; times are UTC, None where there is none."""

    id: int
    source: Source
    generation: int
    started: datetime
    finished: datetime | None
    state: str
    items: int
    added: int
    changed: int
    unchanged: int
    refused: int
    data_as_of: datetime | None
    heard: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One address that was asked, or one file that was read, and what came of it."""

    address: str
    outcome: str
    at: datetime | None = None
    sha256: str = ""
    bytes: int | None = None
    etag: str = ""
    note: str = ""
    why: str = ""
    next_step: str = ""


def store_run(connection: Connection, run_id: int) -> StoreRun:
    """The run of this number."""
    row = connection.execute(
        "SELECT id, source, generation, started, finished, state, items, added, changed, unchanged, refused,"
        " data_as_of, heard FROM feed_run WHERE id = ?",
        (run_id,),
    ).fetchone()
    id_, source, generation, started, finished, state, items, added, changed, unchanged, refused, newest, heard = row
    return StoreRun(
        id=id_,
        source=Source(source),
        generation=generation,
        started=datetime.fromisoformat(started),
        finished=_moment(finished),
        state=state,
        items=items,
        added=added,
        changed=changed,
        unchanged=unchanged,
        refused=refused,
        data_as_of=_moment(newest),
        heard=_moment(heard),
    )


def files_of(connection: Connection, run_id: int) -> list[Asked]:
    """The files a run of the store read, as they came."""
    return [
        Asked(name, "new", sha256=sha256, bytes=size)
        for name, sha256, size in connection.execute(
            "SELECT name, sha256, bytes FROM feed_file WHERE run_id = ? ORDER BY id", (run_id,)
        )
    ]


def refusals_of(connection: Connection, run_id: int, *, limit: int) -> list[tuple[str, str]]:
    """What a run of the store could not read, as (place, why); the first of it."""
    return list(
        connection.execute(
            "SELECT place, why FROM refusal WHERE run_id = ? ORDER BY position LIMIT ?", (run_id, limit)
        ).fetchall()
    )


def keep_log(
    connection: Connection, *, source: Source, started: datetime, run: StoreRun | None, asked: Iterable[Asked]
) -> Kept:
    """Write the log of a run to the evidence folder; the database is only read."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        for line in _lines(connection, source, started, run, asked):
            file.write(_encode(line) + b"\n")
        file.flush()
        return evidence.put_away(Path(file.name))


def _lines(
    connection: Connection, source: Source, started: datetime, run: StoreRun | None, asked: Iterable[Asked]
) -> Iterator[object]:
    yield {"feed_run": run, "source": source.value, "started": started}
    for one in asked:
        yield {"asked": one}
    if run is None:
        return
    for one in files_of(connection, run.id):
        yield {"file": one.address, "sha256": one.sha256, "bytes": one.bytes}
    for place, why in connection.execute(
        "SELECT place, why FROM refusal WHERE run_id = ? ORDER BY position", (run.id,)
    ):
        yield {"refused": place, "why": why}
    if source is Source.EPSS:
        return  # a day's scores change as a whole: the file above is the list
    if source is Source.KEV:
        names = connection.execute("SELECT cve FROM kev WHERE since = ? ORDER BY cve", (run.generation,))
    else:
        names = connection.execute(
            "SELECT name FROM record WHERE since = ? AND source = ? ORDER BY name", (run.generation, source.value)
        )
    for (name,) in names:
        yield {"record": name}


def _moment(text: str) -> datetime | None:
    """A time the store wrote; a date alone is its first moment in UTC."""
    if not text:
        return None
    return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00+00:00")
