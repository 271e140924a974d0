"""The vulnerability data of a moment, loaded again from the files that were kept of every run until then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from postmarket.matching.retirement import retire_criterion
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.loading import Progress, load
from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.models import FeedRun
from postmarket.records import evidence
from postmarket.sources.interface import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postmarket.matching.store.engine import Connection
    from postmarket.monitoring.models import RetiredCriterion
    from postmarket.versions.interface import Scheme

CAME = (FeedRunState.DONE.value, FeedRunState.PARTLY.value)
WHOLE = frozenset({Source.EPSS})
"""Sources whose every file says everything: only the newest counts."""
STORE = "store.sqlite3"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it came, by the name it came under and its SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that brought something in, when it was done (UTC), and its files in the order they were read."""

    source: Source
    at: datetime
    files: tuple[KeptFile, ...]


def kept_runs(until: datetime) -> list[KeptRun]:
    """
    The runs whose data could be seen at `until`, oldest first; each says its files by its log, which is evidence.

    Raises OSError when a log is not there any more.
    """
    rows = FeedRun.objects.filter(state__in=CAME, finished_at__lte=until).exclude(log=None)
    runs = [
        KeptRun(Source(row.source), row.finished_at, files)
        for row in rows.order_by("finished_at", "pk")
        if row.finished_at is not None and row.log_id is not None and (files := _files(row.log_id))
    ]
    newest = {run.source: run for run in runs}
    return [run for run in runs if run.source not in WHOLE or run is newest[run.source]]


def missing(runs: Iterable[KeptRun]) -> list[KeptFile]:
    """The files that are not in the evidence folder any more."""
    return [file for run in runs for file in run.files if not evidence.is_kept(file.sha256)]


def load_again(
    folder: Path,
    runs: Sequence[KeptRun],
    *,
    schemes: Mapping[str, Scheme],
    retired: Iterable[RetiredCriterion],
    progress: Progress,
) -> Connection:
    """
    A store of its own in `folder` with what these runs brought, in their order, by their own time.

    Files that are missing are left out: ask `missing` first. The caller closes the connection.
    """
    connection = open_store(folder / STORE, create=True)
    for run in runs:
        files = [
            _put_back(folder, number, file) for number, file in enumerate(run.files) if evidence.is_kept(file.sha256)
        ]
        load(
            connection,
            run.source,
            files,
            home=folder,
            clock=lambda at=run.at: at,  # type: ignore[misc]
            progress=progress,
            schemes=schemes,
        )
        for file in files:
            file.unlink()
    with connection.writing():
        for row in retired:
            retire_criterion(connection, source=row.source, record=row.record, mark=row.fingerprint, why=row.why)
    return connection


def _files(log_id: str) -> tuple[KeptFile, ...]:
    lines = b"".join(evidence.read(log_id)).splitlines()
    said = (msgspec.json.decode(line) for line in lines if line.startswith(b'{"file":'))
    return tuple(KeptFile(str(one["file"]), str(one["sha256"])) for one in said)


def _put_back(folder: Path, number: int, file: KeptFile) -> Path:
    """The file under its own name, whose endings say what it is, in a folder of its own: names may come twice."""
    place = folder / "files" / str(number) / (Path(file.name).name or "file")
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as target:
        target.writelines(evidence.read(file.sha256))
    return place
