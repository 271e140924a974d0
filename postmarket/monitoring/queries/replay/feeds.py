"""The vulnerability data of a moment, loaded again from the files that were kept of every run until then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.retirement import retire_criterion
from postmarket.matching.store.loading import Progress, load
from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.models import FeedRun
from postmarket.monitoring.queries.replay.kept import KeptFile
from postmarket.sources.interface import Source

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection
    from postmarket.monitoring.models import RetiredCriterion

READ = (FeedRunState.DONE.value, FeedRunState.PARTLY.value, FeedRunState.INTERRUPTED.value)


@dataclass(frozen=True, slots=True)
class KeptRun:
    """
    A run that read something, when and how it ended (UTC), and its files in the order they were read.

    `news` says whether it changed anything, `refused` how many entries of its files could not be read then.
    """

    source: Source
    at: datetime
    state: FeedRunState
    files: tuple[KeptFile, ...]
    news: bool
    refused: int


@dataclass(frozen=True, slots=True)
class LoadedAgain:
    """The files that are not kept any more, and how many entries today's readers refuse that were read then."""

    missing: tuple[KeptFile, ...]
    refused: int


def kept_runs(until: datetime) -> tuple[list[KeptRun], list[KeptFile]]:
    """
    The runs whose data could be seen at `until`, oldest first, and the logs that are not kept any more.

    What a run says it read stands in its log, which is evidence. What an interrupted run had read whole was published
    by the next one of its source, which did not read it again.
    """
    runs, lost = [], []
    rows = FeedRun.objects.filter(state__in=READ, finished_at__lte=until).exclude(log=None)
    for row in rows.order_by("finished_at", "pk"):
        assert row.finished_at is not None and row.log_id is not None  # noqa: S101, PT018 - the filter says so
        log = KeptFile(f"log of a run of {row.source}, {row.finished_at:%Y-%m-%d %H:%M} UTC", row.log_id)
        content = log.content()
        if content is None:
            lost.append(log)
        elif files := tuple(_files(content)):
            news = bool(row.added + row.changed)
            state = FeedRunState(row.state)
            runs.append(KeptRun(Source(row.source), row.finished_at, state, files, news, row.refused))
    return list(_of_use(_seen(runs))), lost


def load_again(
    connection: Connection,
    runs: Sequence[KeptRun],
    *,
    folder: Path,
    retired: Iterable[RetiredCriterion],
    progress: Progress,
) -> LoadedAgain:
    """
    Load what these runs brought into an empty store, in their order, by their own time; `folder` takes copies of files.

    Raises OSError and sqlite3.Error when there is no room.
    """
    missing: list[KeptFile] = []
    refused = 0
    for run in runs:
        places = []
        for number, file in enumerate(run.files):
            place = file.put_back(folder / "files" / str(number))
            if place is None:
                missing.append(file)
            else:
                places.append(place)
        done = load(connection, run.source, places, home=folder, clock=_standing(run.at), progress=progress)
        refused += max(done.refused - run.refused, 0)
        for place in places:
            place.unlink()
    with connection.writing():
        for row in retired:
            retire_criterion(connection, source=row.source, record=row.record, mark=row.fingerprint, why=row.why)
    return LoadedAgain(tuple(missing), refused)


def _seen(runs: Sequence[KeptRun]) -> list[KeptRun]:
    """Without interrupted runs that no later run of their source has published."""
    published = {run.source: place for place, run in enumerate(runs) if run.state is not FeedRunState.INTERRUPTED}
    return [run for place, run in enumerate(runs) if place <= published.get(run.source, -1)]


def _of_use(runs: Sequence[KeptRun]) -> Iterator[KeptRun]:
    """
    Without EPSS runs that a later one makes void: each list is whole, and an older day never replaces a newer one.

    From the last on that was read whole, brought something new and is still kept; so years of days are not read again.
    """
    scores = [run for run in runs if run.source is Source.EPSS and run.news]
    last = next((run for run in reversed(scores) if run.state is FeedRunState.DONE and _is_kept(run)), None)
    for run in runs:
        if run.source is not Source.EPSS or (run.news and (last is None or run.at >= last.at)):
            yield run


def _is_kept(run: KeptRun) -> bool:
    return all(file.content() is not None for file in run.files)


def _files(log: bytes) -> Iterator[KeptFile]:
    for line in log.splitlines():
        if line.startswith(b'{"file":'):
            said = msgspec.json.decode(line)
            yield KeptFile(str(said["file"]), str(said["sha256"]))


def _standing(at: datetime) -> Callable[[], datetime]:
    return lambda: at
