"""`feeds load`: files into the store, kept as evidence first, resumable, visible all at once."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol, Self

from postmarket.errors import PostmarketError, visible
from postmarket.evidence import keep, sweep
from postmarket.matching.aliases import builtin
from postmarket.matching.errors import StoreError
from postmarket.matching.store import runs
from postmarket.matching.store.catalogues import EpssWriter, KevWriter
from postmarket.matching.store.records import RecordWriter
from postmarket.sources.interface import EpssScore, KevEntry, Record, Refused, Source
from postmarket.sources.readers import SUFFIXES, reader
from postmarket.untrusted.documents import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from postmarket.matching.store.engine import Connection
    from postmarket.matching.store.runs import Run
    from postmarket.sources.interface import Item
    from postmarket.versions.interface import Scheme

ARCHIVES = (".gz", ".xz", ".bz2", ".zst", ".zip", ".tar", ".tgz", ".txz")


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
    connection: Connection,
    source: Source,
    paths: Sequence[Path],
    *,
    home: Path,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
    schemes: Mapping[str, Scheme] | None = None,
) -> Run:
    """
    Load `paths` (files, archives, folders) of one source and publish them as one generation.

    A load that is killed leaves what was visible before untouched; run again, it skips the files it had finished and
    the records it had written. What cannot be read is counted in the returned Run with its reason, and the rest goes
    on. `clock` gives the time in UTC; `schemes` how some CPE products are ordered (default: as the alias table says).
    Raises StoreBusy when another load is running, StoreError when a path is missing.
    """
    watcher = progress or Unwatched()
    files = list(_files(paths, SUFFIXES[source]))
    watcher.total(sum(file.stat().st_size for file in files))
    with Loader(connection, source, home=home, clock=clock, progress=watcher, schemes=schemes) as loader:
        for file in files:
            loader.read(file)
    return loader.run


class Loader:
    """
    One load as it goes: `read` files one by one; leaving the block publishes them all in one step.

    Left by an error, nothing it wrote is visible until a later load publishes it. After `fail`, and when everything was
    refused, there is nothing to publish and the run has failed.
    """

    def __init__(
        self,
        connection: Connection,
        source: Source,
        *,
        home: Path,
        clock: Callable[[], datetime],
        progress: Progress,
        schemes: Mapping[str, Scheme] | None = None,
    ) -> None:
        self._schemes = builtin().schemes if schemes is None else schemes
        self._connection = connection
        self._source = source
        self._home = home
        self._clock = clock
        self._progress = progress
        self._done = 0
        self._failed = False
        self._lock = ExitStack()
        self.run: Run

    def __enter__(self) -> Self:
        self._lock.enter_context(_only_loader(self._connection, self._home))
        try:
            self.run = runs.begin(self._connection, self._source, now=self._clock())
            self._sink = Sink(self._connection, self.run, schemes=self._schemes)
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if error is None and (self._failed or self.run.nothing_came):
                runs.fail(self._connection, self.run, now=self._clock())
            elif error is None:
                runs.publish(self._connection, self.run, now=self._clock())
            else:
                runs.interrupt(self._connection, self.run, now=self._clock())

    def read(self, file: Path) -> None:
        """
        Keep `file` as evidence, then write what it says; a file that was read whole before is skipped.

        What cannot be read is refused with its reason.
        """
        try:
            kept = keep(file, folder=self._home / "evidence")
        except OSError as error:
            self.run.refuse(Refused(where=visible(str(file)), why=error.strerror or str(error)))
            return
        if runs.already_loaded(self._connection, self._source, kept.sha256):
            self.run.files_skipped += 1
        else:
            refused = self.run.refused
            self._read_documents(file)
            whole = self.run.refused == refused
            self._sink.flush(whole=whole)
            state = runs.RunState.DONE if whole else runs.RunState.PARTLY
            runs.keep_file(self._connection, self.run, name=visible(file.name), kept=kept, state=state)
        self._done += kept.bytes
        self._progress.reading(visible(file.name), self._done)

    def fail(self, why: Refused) -> None:
        """Nothing came that could be read, for this reason: the run ends as failed."""
        self.run.refuse(why)
        self._failed = True

    def _read_documents(self, file: Path) -> None:
        read = reader(self._source)
        suffixes = SUFFIXES[self._source]
        found = False
        for document in documents(file, suffixes=suffixes):
            found = True
            if isinstance(document, PostmarketError):
                self.run.refuse(Refused(where=document.where, why=document.reason()))
                continue
            for item in read(document):
                self._sink.add(item)
            self._progress.reading(document.name, self._done + document.position)
        if not found:
            why = f"it holds no {' or '.join(suffixes)} file, as {self._source.value} needs"
            self.run.refuse(Refused(where=visible(str(file)), why=why))


class Sink:
    """Sends each item a reader yields to its writer and counts what became of it."""

    def __init__(self, connection: Connection, run: Run, *, schemes: Mapping[str, Scheme] | None = None) -> None:
        self._run = run
        self._today = run.started.date().isoformat()
        self._records = (
            None
            if run.source in {Source.KEV, Source.EPSS}
            else RecordWriter(
                connection, source=run.source.value, run_id=run.id, generation=run.generation, schemes=schemes
            )
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
            self._kev.add(item)
            run.data_as_of = max(run.data_as_of, item.added) if item.added <= self._today else run.data_as_of
        elif isinstance(item, EpssScore) and self._epss is not None:
            run.count(self._epss.add(item))
            run.data_as_of = max(run.data_as_of, item.date) if item.date <= self._today else run.data_as_of

    def flush(self, *, whole: bool) -> None:
        """A file ends: write what is waiting. A catalogue that was read `whole` retires what it no longer lists."""
        if self._records is not None:
            self._records.flush()
        if self._epss is not None:
            self._epss.flush()
        if self._kev is not None:
            for outcome in self._kev.finish(whole=whole):
                self._run.count(outcome)


def _files(paths: Iterable[Path], suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Files named directly, whatever they are called; inside folders, those that can be of the source."""
    for path in paths:
        if path.is_dir():
            wanted = (*suffixes, *ARCHIVES)
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.name.lower().endswith(wanted) and file.is_file() and not file.is_symlink()
            )
        elif path.is_file():
            yield path
        else:
            raise StoreError(
                "There is no such file or folder", where=str(path), next_step="Check the path; nothing was loaded."
            )


def is_loading(connection: Connection, home: Path) -> bool:
    """Whether a process is loading into the store of `home` now: a killed one has let go of its lock."""
    return connection.is_loading(home)


@contextmanager
def _only_loader(connection: Connection, home: Path) -> Iterator[None]:
    """Be the one that loads, and clear away what a killed load left half kept."""
    with connection.only_loader(home):
        sweep(home / "evidence")
        yield
