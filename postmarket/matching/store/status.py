"""What the store holds and how old it is: `feeds status`, and "data as of" wherever rows are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postmarket.matching.store.connection import OPEN_END, generation
from postmarket.matching.store.runs import RunState
from postmarket.sources.interface import Source

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection

COUNTED = {Source.KEV: "kev", Source.EPSS: "epss"}


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source stands; times are RFC 3339 in UTC, empty when it was never loaded."""

    source: Source
    held: int
    data_as_of: str
    last_started: str
    last_finished: str
    last_state: str
    added: int
    changed: int
    unchanged: int
    refused: int
    refusals: tuple[tuple[str, str], ...]
    """The first of the last run's, as (place, why)."""


def status(connection: Connection, *, refusals: int = 5, loading: bool = True) -> tuple[SourceStatus, ...]:
    """
    Every source, loaded or not, in the order they are named.

    `loading` says whether a process is loading now (see loading.is_loading): when none is, a run that never ended was
    killed, and counts as interrupted.
    """
    newest = data_as_of(connection)
    found = tuple(_status(connection, source, newest.get(source.value, ""), refusals) for source in Source)
    if loading:
        return found
    return tuple(
        replace(item, last_state=RunState.INTERRUPTED.value) if item.last_state == RunState.RUNNING else item
        for item in found
    )


def data_as_of(connection: Connection) -> dict[str, str]:
    """The date of the newest word of every source that is loaded."""
    rows = connection.execute(
        "SELECT source, max(data_as_of) FROM feed_run WHERE state = ? GROUP BY source", (RunState.DONE.value,)
    )
    return {source: newest for source, newest in rows if newest}


def _status(connection: Connection, source: Source, newest: str, refusals: int) -> SourceStatus:
    last = connection.execute(
        "SELECT id, started, finished, state, added, changed, unchanged, refused FROM feed_run"
        " WHERE source = ? ORDER BY id DESC LIMIT 1",
        (source.value,),
    ).fetchone()
    if last is None:
        return SourceStatus(source, 0, "", "", "", "never loaded", 0, 0, 0, 0, ())
    run_id, started, finished, state, added, changed, unchanged, refused = last
    places = connection.execute(
        "SELECT place, why FROM refusal WHERE run_id = ? ORDER BY position LIMIT ?", (run_id, refusals)
    ).fetchall()
    return SourceStatus(
        source=source,
        held=_held(connection, source),
        data_as_of=newest,
        last_started=started,
        last_finished=finished,
        last_state=state,
        added=added,
        changed=changed,
        unchanged=unchanged,
        refused=refused,
        refusals=tuple(places),
    )


def _held(connection: Connection, source: Source) -> int:
    visible = generation(connection)
    table = COUNTED.get(source)
    if table is None:
        (count,) = connection.execute(
            "SELECT count(*) FROM record WHERE source = ? AND since <= ? AND until = ?",
            (source.value, visible, OPEN_END),
        ).fetchone()
    else:
        (count,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE since <= ? AND until = ?",  # noqa: S608 - our own table names
            (visible, OPEN_END),
        ).fetchone()
    return int(count)
