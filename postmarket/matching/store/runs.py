"""Feed runs: every load is kept with what it read, changed and refused, and becomes visible in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import OPEN_END, generation, make_indexes
from postmarket.matching.store.groups import move, regrouped
from postmarket.matching.store.records import Outcome, retire
from postmarket.matching.store.wanted import fill
from postmarket.sources.interface import Source
from postmarket.sources.readers import READERS

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.evidence import Kept
    from postmarket.matching.store.engine import Connection
    from postmarket.sources.interface import Refused

CATALOGUES = frozenset({Source.KEV, Source.EPSS})
"""Sources that come whole each time."""
MAX_REFUSALS_KEPT = 1_000
SWEEP_RECORDS = 400
SWEEP_ROWS = 10_000
"""Rows of a catalogue changed in one transaction: at most about 50 ms, so that other writers hardly wait."""


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
    heard: str = ""
    """When the source itself was asked and answered (UTC); empty for files that came another way."""
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


def begin(connection: Connection, source: Source, *, now: datetime) -> Run:
    """
    Open a run. `now` is UTC.

    A run of the same source that never ended is gone on with; what one of another source left unpublished is taken
    back, since publishing this run would show half of it.
    """
    with connection.writing():
        connection.execute(
            "UPDATE feed_run SET state = ? WHERE state = ?", (RunState.INTERRUPTED.value, RunState.RUNNING.value)
        )
    _take_back(connection, others_than=source)
    with connection.writing():
        (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM feed_run").fetchone()
        run = Run(id=int(highest) + 1, source=source, generation=generation(connection) + 1, started=now)
        connection.execute(
            "INSERT INTO feed_run VALUES (?, ?, ?, ?, '', ?, 0, 0, 0, 0, 0, '', '')",
            (run.id, source.value, run.generation, _stamp(now), RunState.RUNNING.value),
        )
    return run


def already_loaded(connection: Connection, source: Source, sha256: str) -> bool:
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


def keep_file(connection: Connection, run: Run, *, name: str, kept: Kept, state: RunState) -> None:
    """Note that `run` has read the file `name`, whose bytes are kept."""
    with connection.writing():
        connection.execute(
            "INSERT INTO feed_file SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM feed_file",
            (run.id, run.source.value, name, kept.sha256, kept.bytes, READERS, state.value),
        )
    run.files += 1


def publish(connection: Connection, run: Run, *, now: datetime) -> None:
    """Make the run's generation the visible one, in one transaction, then sweep away what it replaced."""
    make_indexes(connection)
    moved = regrouped(connection)
    newest = _newest(connection, run, now)
    with connection.writing():
        move(connection, moved)
        run.data_as_of = newest
        connection.execute("UPDATE store_state SET value = ? WHERE name = 'generation'", (run.generation,))
        _close(connection, run, RunState.DONE, now)
    _sweep(connection, run.generation)
    connection.refresh_statistics()


def fail(connection: Connection, run: Run, *, now: datetime) -> None:
    """Close a run to which nothing came; what was visible before stays so."""
    with connection.writing():
        _close(connection, run, RunState.FAILED, now)


def interrupt(connection: Connection, run: Run, *, now: datetime) -> None:
    """Close a run that stopped early: what it wrote stays invisible until a later run of a source publishes it."""
    with connection.writing():
        _close(connection, run, RunState.INTERRUPTED, now)


def _newest(connection: Connection, run: Run, now: datetime) -> str:
    """The newest word of the run's source that is not from the future, an interrupted run's part among them."""
    if run.source in CATALOGUES:
        return run.data_as_of if run.data_as_of <= _stamp(now) else ""
    (newest,) = connection.execute(
        "SELECT max(modified) FROM record WHERE source = ? AND modified <= ? AND until = ?",
        (run.source.value, _stamp(now), OPEN_END),
    ).fetchone()
    return newest or ""


def _take_back(connection: Connection, *, others_than: Source) -> None:
    """Undo what interrupted runs of other sources wrote of the generation that comes next."""
    staged = generation(connection) + 1
    last = 0
    while ids := connection.execute(
        "SELECT id FROM record WHERE id > ? AND since = ? AND source <> ? ORDER BY id LIMIT ?",
        (last, staged, others_than.value, SWEEP_RECORDS),
    ).fetchall():
        (last,) = ids[-1]
        with connection.writing():
            _delete_records(connection, ids)
    last = 0
    while reopened := connection.execute(
        "SELECT id FROM record WHERE id > ? AND until = ? AND source <> ? ORDER BY id LIMIT ?",
        (last, staged, others_than.value, SWEEP_RECORDS),
    ).fetchall():
        (last,) = reopened[-1]
        with connection.writing():
            retire(connection, [id_ for (id_,) in reopened], generation=OPEN_END)
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
    with connection.writing():
        connection.execute(
            "DELETE FROM feed_file WHERE source <> ?"
            " AND run_id IN (SELECT id FROM feed_run WHERE generation = ? AND state = ?)",
            (others_than.value, staged, RunState.INTERRUPTED.value),
        )


def _delete_records(connection: Connection, ids: list[tuple[int]]) -> None:
    fill(connection, "wanted_id", ids)
    for table in ("criterion", "alias", "telling"):
        connection.execute(f"DELETE FROM {table} WHERE record_id IN (SELECT id FROM wanted_id)")  # noqa: S608 - our own
    connection.execute("DELETE FROM record WHERE id IN (SELECT id FROM wanted_id)")


def _close(connection: Connection, run: Run, state: RunState, now: datetime) -> None:
    connection.execute(
        "UPDATE feed_run SET finished = ?, state = ?, items = ?, added = ?, changed = ?, unchanged = ?, refused = ?,"
        " data_as_of = ?, heard = ? WHERE id = ?",
        (
            _stamp(now),
            state.value,
            run.items,
            run.outcomes[Outcome.ADDED],
            run.outcomes[Outcome.CHANGED],
            run.outcomes[Outcome.UNCHANGED] + run.outcomes[Outcome.OLDER],
            run.refused,
            run.data_as_of,
            run.heard,
            run.id,
        ),
    )
    connection.insert(
        "refusal", [(run.id, position, item.where, item.why) for position, item in enumerate(run.refusals)]
    )


def _sweep(connection: Connection, visible: int) -> None:
    """Delete what no generation from `visible` on can see, in small transactions."""
    while True:
        ids = connection.execute("SELECT id FROM record WHERE until <= ? LIMIT ?", (visible, SWEEP_RECORDS)).fetchall()
        if not ids:
            break
        with connection.writing():
            _delete_records(connection, ids)
    for table in ("kev", "epss"):
        _in_pieces(
            connection,
            f"SELECT cve FROM {table} WHERE cve > ? AND until <= ? ORDER BY cve LIMIT ?",  # noqa: S608 - our own names
            f"DELETE FROM {table} WHERE cve > ? AND cve <= ? AND until <= ?",  # noqa: S608 - our own names
            (visible,),
        )


def _in_pieces(connection: Connection, find: str, change: str, given: tuple[int, ...]) -> None:
    """
    Walk a catalogue by CVE and `change` the rows that `find` finds, each piece in a transaction of its own.

    `find` takes the last CVE of the piece before, `given` and how many; `change` the CVEs it lies between and `given`.
    """
    last = ""
    while found := connection.execute(find, (last, *given, SWEEP_ROWS)).fetchall():
        first, last = last, found[-1][0]
        with connection.writing():
            connection.execute(change, (first, last, *given))


def _stamp(moment: datetime) -> str:
    """As the store writes times."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
