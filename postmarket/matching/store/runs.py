"""Feed runs: every load is kept with what it read, changed and refused, and becomes visible in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import OPEN_END, generation, make_indexes, writing
from postmarket.matching.store.groups import move, regrouped
from postmarket.matching.store.records import Outcome
from postmarket.sources.interface import Source
from postmarket.sources.readers import READERS

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from postmarket.evidence import Kept
    from postmarket.sources.interface import Refused

CATALOGUES = frozenset({Source.KEV, Source.EPSS})
"""Sources that come whole each time."""
MAX_REFUSALS_KEPT = 1_000
SWEEP_RECORDS = 400
SWEEP_ROWS = 10_000
"""Rows of a catalogue changed in one transaction: at most about 50 ms, so that other writers hardly wait."""
ANALYSED_ROWS = 1_000
"""Rows of each index the planner's statistics are drawn from: enough to choose it, quick on any store."""


class RunState(StrEnum):
    """How a load stands. The values are stored."""

    RUNNING = "running"
    DONE = "done"
    PARTLY = "partly"
    """Of a file: something in it was refused, so it is read again when it comes again."""
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    """Nothing came, from the network or out of the files; the run's refusals say why."""


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
    reasons: dict[str, int] = field(default_factory=dict)
    """How often each of the first `MAX_REFUSALS_KEPT` different reasons was given."""
    data_as_of: str = ""
    files: int = 0
    files_skipped: int = 0

    @property
    def nothing_came(self) -> bool:
        """Whether all there was, was refused."""
        return self.refused > 0 and not self.items and not self.files_skipped

    def count(self, outcome: Outcome) -> None:
        """One more item read, with what became of it."""
        self.items += 1
        self.outcomes[outcome] += 1

    def refuse(self, refusal: Refused) -> None:
        """One more thing that could not be read."""
        self.refused += 1
        if refusal.why in self.reasons or len(self.reasons) < MAX_REFUSALS_KEPT:
            self.reasons[refusal.why] = self.reasons.get(refusal.why, 0) + 1
        if len(self.refusals) < MAX_REFUSALS_KEPT:
            self.refusals.append(refusal)


def begin(connection: sqlite3.Connection, source: Source, *, now: datetime) -> Run:
    """
    Open a run. `now` is UTC.

    A run of the same source that never ended is gone on with; what one of another source left unpublished is taken
    back, since publishing this run would show half of it.
    """
    with writing(connection):
        connection.execute(
            "UPDATE feed_run SET state = ? WHERE state = ?", (RunState.INTERRUPTED.value, RunState.RUNNING.value)
        )
    _take_back(connection, others_than=source)
    with writing(connection):
        (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM feed_run").fetchone()
        run = Run(id=int(highest) + 1, source=source, generation=generation(connection) + 1, started=now)
        connection.execute(
            "INSERT INTO feed_run VALUES (?, ?, ?, ?, '', ?, 0, 0, 0, 0, 0, '')",
            (run.id, source.value, run.generation, _stamp(now), RunState.RUNNING.value),
        )
    return run


def already_loaded(connection: sqlite3.Connection, source: Source, sha256: str) -> bool:
    """
    Whether these bytes were read whole as `source`, by the readers of today, in a run whose work still stands.

    Catalogues (KEV, EPSS) are always read: the same bytes can be the newest word again.
    """
    if source in CATALOGUES:
        return False
    found = connection.execute(
        "SELECT 1 FROM feed_file WHERE sha256 = ? AND source = ? AND state = ? AND readers = ?",
        (sha256, source.value, RunState.DONE.value, READERS),
    ).fetchone()
    return found is not None


def keep_file(connection: sqlite3.Connection, run: Run, *, name: str, kept: Kept, state: RunState) -> None:
    """Note that `run` has read the file `name`, whose bytes are kept."""
    with writing(connection):
        connection.execute(
            "INSERT INTO feed_file SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM feed_file",
            (run.id, run.source.value, name, kept.sha256, kept.bytes, READERS, state.value),
        )
    run.files += 1


def publish(connection: sqlite3.Connection, run: Run, *, now: datetime) -> None:
    """Make the run's generation the visible one, in one transaction, then sweep away what it replaced."""
    make_indexes(connection)
    moved = regrouped(connection)
    newest = _newest(connection, run, now)
    with writing(connection):
        move(connection, moved)
        run.data_as_of = newest
        connection.execute("UPDATE store_state SET value = ? WHERE name = 'generation'", (run.generation,))
        _close(connection, run, RunState.DONE, now)
    _sweep(connection, run.generation)
    connection.execute(f"PRAGMA analysis_limit = {ANALYSED_ROWS}")
    connection.execute("ANALYZE")


def fail(connection: sqlite3.Connection, run: Run, *, now: datetime) -> None:
    """Close a run to which nothing came; what was visible before stays so."""
    with writing(connection):
        _close(connection, run, RunState.FAILED, now)


def interrupt(connection: sqlite3.Connection, run: Run, *, now: datetime) -> None:
    """Close a run that stopped early: what it wrote stays invisible until a later run of a source publishes it."""
    with writing(connection):
        _close(connection, run, RunState.INTERRUPTED, now)


def _newest(connection: sqlite3.Connection, run: Run, now: datetime) -> str:
    """The newest word of the run's source that is not from the future, an interrupted run's part among them."""
    if run.source in CATALOGUES:
        return run.data_as_of if run.data_as_of <= _stamp(now) else ""
    (newest,) = connection.execute(
        "SELECT max(modified) FROM record WHERE source = ? AND modified <= ? AND until = ?",
        (run.source.value, _stamp(now), OPEN_END),
    ).fetchone()
    return newest or ""


def _take_back(connection: sqlite3.Connection, *, others_than: Source) -> None:
    """Undo what interrupted runs of other sources wrote of the generation that comes next."""
    staged = generation(connection) + 1
    last = 0
    while ids := connection.execute(
        "SELECT id FROM record WHERE id > ? AND since = ? AND source <> ? ORDER BY id LIMIT ?",
        (last, staged, others_than.value, SWEEP_RECORDS),
    ).fetchall():
        (last,) = ids[-1]
        with writing(connection):
            _delete_records(connection, ids)
    last = 0
    while reopened := connection.execute(
        "SELECT id FROM record WHERE id > ? AND until = ? AND source <> ? ORDER BY id LIMIT ?",
        (last, staged, others_than.value, SWEEP_RECORDS),
    ).fetchall():
        (last,) = reopened[-1]
        with writing(connection):
            for table, column in (("record", "id"), ("criterion", "record_id")):
                connection.executemany(
                    f"UPDATE {table} SET until = {OPEN_END} WHERE {column} = ?",  # noqa: S608 - our own names
                    reopened,
                )
    for table in sorted({"kev", "epss"} - {others_than.value}):
        _in_pieces(
            connection,
            f"SELECT cve FROM {table} WHERE cve > ? AND since = ? ORDER BY cve LIMIT ?",  # noqa: S608 - our own names
            f"DELETE FROM {table} WHERE cve > ? AND cve <= ? AND since = ?",  # noqa: S608 - our own names
            (staged,),
        )
        _in_pieces(
            connection,
            f"SELECT cve FROM {table} WHERE cve > ? AND until = ? ORDER BY cve LIMIT ?",  # noqa: S608 - our own names
            f"UPDATE {table} SET until = {OPEN_END} WHERE cve > ? AND cve <= ? AND until = ?",  # noqa: S608
            (staged,),
        )
    with writing(connection):
        connection.execute(
            "DELETE FROM feed_file WHERE source <> ?"
            " AND run_id IN (SELECT id FROM feed_run WHERE generation = ? AND state = ?)",
            (others_than.value, staged, RunState.INTERRUPTED.value),
        )


def _delete_records(connection: sqlite3.Connection, ids: list[tuple[int]]) -> None:
    connection.executemany("DELETE FROM criterion WHERE record_id = ?", ids)
    connection.executemany("DELETE FROM alias WHERE record_id = ?", ids)
    connection.executemany("DELETE FROM telling WHERE record_id = ?", ids)
    connection.executemany("DELETE FROM record WHERE id = ?", ids)


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
            _delete_records(connection, ids)
    for table in ("kev", "epss"):
        _in_pieces(
            connection,
            f"SELECT cve FROM {table} WHERE cve > ? AND until <= ? ORDER BY cve LIMIT ?",  # noqa: S608 - our own names
            f"DELETE FROM {table} WHERE cve > ? AND cve <= ? AND until <= ?",  # noqa: S608 - our own names
            (visible,),
        )


def _in_pieces(connection: sqlite3.Connection, find: str, change: str, given: tuple[int, ...]) -> None:
    """
    Walk a catalogue by CVE and `change` the rows that `find` finds, each piece in a transaction of its own.

    `find` takes the last CVE of the piece before, `given` and how many; `change` the CVEs it lies between and `given`.
    """
    last = ""
    while found := connection.execute(find, (last, *given, SWEEP_ROWS)).fetchall():
        first, last = last, found[-1][0]
        with writing(connection):
            connection.execute(change, (first, last, *given))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
