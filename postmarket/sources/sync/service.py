"""The one door: sync a source into a folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.interface import Source
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.interface import ClientOptions, Endpoints, Fetched, FetchFailed, Quiet, Status
from postmarket.sources.sync.state import STATE_FILE, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from postmarket.sources.sync.interface import Progress
    from postmarket.sources.sync.run import Run
    from postmarket.sources.sync.state import Seen, SyncState


def sync(
    source: Source,
    *,
    folder: Path,
    state: SyncState,
    now: datetime,
    endpoints: Endpoints | None = None,
    client_options: ClientOptions | None = None,
    progress: Progress | None = None,
) -> Iterator[Fetched | FetchFailed]:
    """
    Fetch what is new in `source` into `folder/<source>/`, file by file, oldest first.

    `state` is the SyncState of the same `folder`; `now` is an aware time. Defaults: the public services, the key in
    NVD_API_KEY, no progress.

    Take each file (load it, or note it durably) before asking for the next: asking is what marks it as taken. What was
    yielded and not taken when a run died is yielded again first, from the disk. What cannot be fetched is a
    FetchFailed; the rest goes on where it can. Raises StateError when the state cannot be written; the files so far
    stay good.
    """
    from postmarket.sources.sync.client import Client
    from postmarket.sources.sync.run import Run

    options = client_options or ClientOptions.from_environment()
    shown_to = progress or Quiet()
    with Client(options, now=now, progress=shown_to) as client:
        run = Run(source, endpoints or Endpoints(), folder, state, client, shown_to)
        yield from _taken_in_turn(run, _left_over(run))
        try:
            yield from _taken_in_turn(run, _fetcher(source)(run))
        except CannotFetch as problem:
            yield run.failed(problem)


def _taken_in_turn(run: Run, items: Iterator[Fetched | FetchFailed]) -> Iterator[Fetched | FetchFailed]:
    for item in items:
        yield item
        if isinstance(item, Fetched) and item.status is Status.NEW:
            run.state.record(Taken(item.url))


def _left_over(run: Run) -> Iterator[Fetched | FetchFailed]:
    """What an earlier run fetched and nobody took."""
    for seen in run.state.pending(run.source):
        path = run.root / seen.path
        if _is_whole(path, seen):
            yield run.fetched(seen)
            continue
        if seen.once or run.source is Source.NVD:
            # Its watermark has moved on, so nothing would ask for it again.
            yield FetchFailed(
                run.source,
                seen.url,
                f"{path} was fetched before, was never loaded, and is not there any more as it came",
                f"Delete {STATE_FILE} in the download folder: the next sync fetches the source anew.",
            )
        run.state.record(msgspec.structs.replace(seen, etag="", last_modified="", updated="", sha256="", size=-1))
        run.state.record(Taken(seen.url))


def _is_whole(path: Path, seen: Seen) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == seen.sha256
    except OSError:
        return False


def _fetcher(source: Source) -> Callable[[Run], Iterator[Fetched | FetchFailed]]:
    """The fetching of one source, imported when it is needed."""
    match source:
        case Source.NVD:
            from postmarket.sources.sync.nvd import fetch
        case Source.CVE:
            from postmarket.sources.sync.cve import fetch
        case Source.KEV:
            from postmarket.sources.sync.kev import fetch
        case Source.EPSS:
            from postmarket.sources.sync.epss import fetch
        case Source.OSV:
            from postmarket.sources.sync.osv import fetch
        case Source.CSAF:
            from postmarket.sources.sync.csaf import fetch
    return fetch
