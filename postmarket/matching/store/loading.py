"""`feeds load`: files into the store, kept as evidence first, resumable, visible all at once."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from postmarket.errors import PostmarketError
from postmarket.evidence import keep
from postmarket.matching.errors import StoreBusy, StoreError
from postmarket.matching.store import runs
from postmarket.matching.store.catalogues import EpssWriter, KevWriter
from postmarket.matching.store.records import RecordWriter
from postmarket.sources.interface import EpssScore, KevEntry, Record, Refused, Source
from postmarket.sources.readers import SUFFIXES, reader
from postmarket.untrusted.documents import documents

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from postmarket.matching.store.runs import Run
    from postmarket.sources.interface import Item
    from postmarket.untrusted.documents import Document


class Progress(Protocol):
    """Somebody who may watch a load; sizes in bytes of the files as they lie on disk."""

    def total(self, size: int) -> None:
        """How much there is to read in all."""

    def reading(self, name: str, done: int) -> None:
        """`done` bytes are read, now in the document `name`."""


class Unwatched:
    """Nobody watches."""

    def total(self, size: int) -> None:
        """Ignore it."""

    def reading(self, name: str, done: int) -> None:
        """Ignore it."""


def load(
    connection: sqlite3.Connection,
    source: Source,
    paths: Sequence[Path],
    *,
    home: Path,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> Run:
    """
    Load `paths` (files, archives, folders) of one source and publish them as one generation.

    Raw files are kept under `home`/evidence before they are parsed. A load that is killed leaves what was visible
    before untouched; run again, it skips the files it had finished and the records it had written. What cannot be
    read is counted in the returned Run with its reason, and the rest goes on.
    `clock` gives the time in UTC. Raises StoreBusy when another load is running, StoreError when a path is missing.
    """
    watcher = progress or Unwatched()
    files = list(_files(paths))
    watcher.total(sum(file.stat().st_size for file in files))
    with _only_loader(home):
        run = runs.begin(connection, source, now=clock())
        try:
            _load_files(connection, run, files, home=home, progress=watcher)
        except BaseException:
            runs.interrupt(connection, run, now=clock())
            raise
        runs.publish(connection, run, now=clock())
    return run


def _load_files(
    connection: sqlite3.Connection, run: Run, files: Sequence[Path], *, home: Path, progress: Progress
) -> None:
    sink = Sink(connection, run)
    done = 0
    for file in files:
        kept = keep(file, folder=home / "evidence")
        if runs.already_loaded(connection, run.source, kept.sha256):
            run.files_skipped += 1
        else:
            _load_file(sink, run, file, read=reader(run.source), before=done, progress=progress)
            sink.flush()
            runs.keep_file(connection, run, name=file.name, kept=kept, state=runs.RunState.DONE)
        done += kept.bytes
        progress.reading(file.name, done)
    sink.finish()


def _load_file(
    sink: Sink,
    run: Run,
    file: Path,
    *,
    read: Callable[[Document], Iterator[Item]],
    before: int,
    progress: Progress,
) -> None:
    for document in documents(file, suffixes=SUFFIXES[run.source]):
        if isinstance(document, PostmarketError):
            run.refuse(Refused(where=document.where, why=document.line()))
            continue
        for item in read(document):
            sink.add(item)
        progress.reading(document.name, before + document.position)


class Sink:
    """Sends each item a reader yields to its writer and counts what became of it."""

    def __init__(self, connection: sqlite3.Connection, run: Run) -> None:
        self._run = run
        self._whole_catalogue = False
        self._records = (
            None
            if run.source in {Source.KEV, Source.EPSS}
            else RecordWriter(connection, source=run.source.value, run_id=run.id, generation=run.generation)
        )
        self._kev = KevWriter(connection, generation=run.generation) if run.source is Source.KEV else None
        self._epss = EpssWriter(connection, generation=run.generation) if run.source is Source.EPSS else None

    def add(self, item: Item) -> None:
        """Write or count one item."""
        run = self._run
        if isinstance(item, Refused):
            run.refuse(item)
        elif isinstance(item, Record) and self._records is not None:
            run.count(self._records.add(item))
            run.data_as_of = max(run.data_as_of, item.modified)
        elif isinstance(item, KevEntry) and self._kev is not None:
            run.count(self._kev.add(item))
            run.data_as_of = max(run.data_as_of, item.added)
        elif isinstance(item, EpssScore) and self._epss is not None:
            run.count(self._epss.add(item))
            run.data_as_of = max(run.data_as_of, item.date)

    def flush(self) -> None:
        """Write what is waiting."""
        if self._records is not None:
            self._records.flush()
        if self._epss is not None:
            self._epss.flush()

    def finish(self) -> None:
        """Everything was read: a catalogue that came whole retires what it no longer lists."""
        if self._kev is not None and self._run.items and not self._run.refused:
            self._kev.finish()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
        elif path.is_file():
            yield path
        else:
            raise StoreError(
                "There is no such file or folder", where=str(path), next_step="Check the path; nothing was loaded."
            )


@contextmanager
def _only_loader(home: Path) -> Iterator[None]:
    """Hold the loader's lock; the operating system lets go of it when the process ends, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "feeds.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                "Another load is running", where=str(home), next_step="Wait until it ends, then run this again."
            ) from error
        yield
