"""`feeds sync`: fetch what is new of a source and load each file before the next is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.errors import visible
from postmarket.matching.store.loading import Loader, Unwatched
from postmarket.sources.interface import Refused
from postmarket.sources.sync import Fetched, Status, sync
from postmarket.sources.sync.run import stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from postmarket.matching.store.engine import Connection
    from postmarket.matching.store.loading import Progress as Reading
    from postmarket.matching.store.runs import Run
    from postmarket.sources.interface import Source
    from postmarket.sources.sync import ClientOptions, Endpoints, FetchFailed, Progress, SyncState

DOWNLOADS = "downloads"
"""The folder of a home that fetched files lie in."""


def sync_into(
    connection: Connection,
    source: Source,
    *,
    home: Path,
    folder: Path,
    state: SyncState,
    endpoints: Endpoints,
    clock: Callable[[], datetime],
    told: Callable[[Fetched | FetchFailed], None],
    began: Callable[[Run], None] = lambda run: None,
    client_options: ClientOptions | None = None,
    progress: Progress | None = None,
    reading: Reading | None = None,
) -> Run:
    """
    Fetch what is new of `source` and publish it as one generation; `told` hears of each answer before it is read.

    The run has failed when nothing could be fetched, not even that nothing is new. `clock` gives the time in UTC.
    `began` hears of the run once it has its number. Raises StoreBusy when another load is running, StateError when
    what was fetched cannot be remembered, and whatever `told` raises: then nothing new is visible, and the next sync
    goes on from there.
    """
    came = False
    failed: list[Refused] = []
    with Loader(connection, source, home=home, clock=clock, progress=reading or Unwatched()) as loader:
        began(loader.run)
        for item in sync(
            source,
            folder=folder,
            state=state,
            now=clock(),
            endpoints=endpoints,
            client_options=client_options,
            progress=progress,
        ):
            told(item)
            if isinstance(item, Fetched):
                came = True
                if item.status is Status.NEW:
                    loader.read(item.path)
            else:
                failed.append(Refused(where=visible(item.url), why=visible(item.why)))
        if failed and not came:
            for reason in failed:
                loader.fail(reason)
        elif not failed:
            loader.run.heard = stamp(clock())
    return loader.run
