"""Feed runs: every load is kept with what it read, changed and refused, and becomes visible in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import generation, make_indexes, writing
from postmarket.matching.store.groups import regroup
from postmarket.matching.store.records import Outcome

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from postmarket.evidence import Kept
    from postmarket.sources.interface import Refused, Source

MAX_REFUSALS_KEPT = 1_000
SWEEP_RECORDS = 400
ANALYSED_ROWS = 1_000
"""Rows of each index the planner's statistics are drawn from: enough to choose it, quick on any store."""


class RunState(StrEnum):
    """How a load stands. The values are stored."""

    RUNNING = "running"
    DONE = "done"
    INTERRUPTED = "interrupted"


@dataclass(slots=True)
class Run:
    """One load of one source, counted as it goes."""

    id: int
    source: Source
    generation: int
    started: datetime
    items: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    refused: int = 0
    refusals: list[Refused] = field(default_factory=list)
    """The first of them, at most `MAX_REFUSALS_KEPT`."""
    data_as_of: str = ""
    files: int = 0
    files_skipped: int = 0

    def count(self, outcome: Outcome) -> None:
        """One more item read, with what became of it."""
        self.items += 1
        self.outcomes[outcome] += 1

    def refuse(self, refusal: Refused) -> None:
        """One more thing that could not be read."""
        self.refused += 1
        if len(self.refusals) < MAX_REFUSALS_KEPT:
            self.refusals.append(refusal)


def begin(connection: sqlite3.Connection, source: Source, *, now: datetime) -> Run:
    """Open a run; a run of the same source that never ended is marked interrupted. `now` is UTC."""
    with writing(connection):
        connection.execute(
            "UPDATE feed_run SET state = ? WHERE state = ?", (RunState.INTERRUPTED.value, RunState.RUNNING.value)
        )
        (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM feed_run").fetchone()
        run = Run(id=int(highest) + 1, source=source, generation=generation(connection) + 1, started=now)
        connection.execute(
            "INSERT INTO feed_run VALUES (?, ?, ?, ?, '', ?, 0, 0, 0, 0, 0, '')",
            (run.id, source.value, run.generation, _stamp(now), RunState.RUNNING.value),
        )
    return run


def already_loaded(connection: sqlite3.Connection, source: Source, sha256: str) -> bool:
    """Whether a finished run, or the finished part of an interrupted one, has read these bytes as `source`."""
    found = connection.execute(
        "SELECT 1 FROM feed_file WHERE sha256 = ? AND source = ? AND state = ?",
        (sha256, source.value, RunState.DONE.value),
    ).fetchone()
    return found is not None


def keep_file(connection: sqlite3.Connection, run: Run, *, name: str, kept: Kept, state: RunState) -> None:
    """Note that `run` has read the file `name`, whose bytes are kept."""
    with writing(connection):
        connection.execute(
            "INSERT INTO feed_file SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ? FROM feed_file",
            (run.id, run.source.value, name, kept.sha256, kept.bytes, state.value),
        )
    run.files += 1


def publish(connection: sqlite3.Connection, run: Run, *, now: datetime) -> None:
    """Make the run's generation the visible one, in one transaction, then sweep away what it replaced."""
    make_indexes(connection)
    regroup(connection)
    with writing(connection):
        connection.execute("UPDATE store_state SET value = ? WHERE name = 'generation'", (run.generation,))
        _close(connection, run, RunState.DONE, now)
    _sweep(connection, run.generation)
    connection.execute(f"PRAGMA analysis_limit = {ANALYSED_ROWS}")
    connection.execute("ANALYZE")


def interrupt(connection: sqlite3.Connection, run: Run, *, now: datetime) -> None:
    """Close a run that stopped early: what it wrote stays invisible until a later run of a source publishes it."""
    with writing(connection):
        _close(connection, run, RunState.INTERRUPTED, now)


def _close(connection: sqlite3.Connection, run: Run, state: RunState, now: datetime) -> None:
    connection.execute(
        "UPDATE feed_run SET finished = ?, state = ?, items = ?, added = ?, changed = ?, unchanged = ?, refused = ?,"
        " data_as_of = ? WHERE id = ?",
        (
            _stamp(now),
            state.value,
            run.items,
            run.outcomes[Outcome.ADDED],
            run.outcomes[Outcome.CHANGED],
            run.outcomes[Outcome.UNCHANGED] + run.outcomes[Outcome.OLDER],
            run.refused,
            run.data_as_of,
            run.id,
        ),
    )
    connection.executemany(
        "INSERT INTO refusal VALUES (?, ?, ?, ?)",
        [(run.id, position, item.where, item.why) for position, item in enumerate(run.refusals)],
    )


def _sweep(connection: sqlite3.Connection, visible: int) -> None:
    """Delete what no generation from `visible` on can see, in small transactions."""
    while True:
        ids = connection.execute("SELECT id FROM record WHERE until <= ? LIMIT ?", (visible, SWEEP_RECORDS)).fetchall()
        if not ids:
            break
        with writing(connection):
            connection.executemany("DELETE FROM criterion WHERE record_id = ?", ids)
            connection.executemany("DELETE FROM alias WHERE record_id = ?", ids)
            connection.executemany("DELETE FROM telling WHERE record_id = ?", ids)
            connection.executemany("DELETE FROM record WHERE id = ?", ids)
    with writing(connection):
        connection.execute("DELETE FROM kev WHERE until <= ?", (visible,))
        connection.execute("DELETE FROM epss WHERE until <= ?", (visible,))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
