"""Asking one source: fetched, loaded and published while pages go on answering, and kept whatever comes of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from postmarket.errors import PostmarketError
from postmarket.inventory.store import store
from postmarket.matching.errors import StoreBusy
from postmarket.matching.store.syncing import DOWNLOADS, sync_into
from postmarket.monitoring.feed_words import AskOutcome, Trigger
from postmarket.monitoring.models import FeedRun
from postmarket.monitoring.services.feeds.closing import close_run, settle
from postmarket.monitoring.services.feeds.log import Asked, store_run
from postmarket.monitoring.services.feeds.schedules import feed_row
from postmarket.sources.interface import Source
from postmarket.sources.sync import ClientOptions, Endpoints, Fetched, Quiet, Status, SyncBusy, SyncState

if TYPE_CHECKING:
    from postmarket.matching.store.runs import Run as Load
    from postmarket.sources.sync import FetchFailed


class Watcher(Quiet):
    """Passes on how far a run is, and stops it between two pieces of work when it must."""

    def __init__(self, say: Callable[[int, int, str], None], checkpoint: Callable[[], None]) -> None:
        self._say = say
        self._checkpoint = checkpoint
        self._total = 0
        self._got = 0

    def fetching(self, url: str, size: int | None) -> None:
        """A body begins to arrive."""
        self._got, self._total = 0, size or 0
        self._checkpoint()

    def received(self, size: int) -> None:
        """More of it came."""
        self._got += size
        self._say(self._got, self._total, "bytes fetched")

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing is asked for a while."""
        self._checkpoint()

    def total(self, size: int) -> None:
        """How much there is to read."""

    def reading(self, name: str, done: int) -> None:
        """Bytes are read."""
        self._say(done, 0, f"bytes read, in {name}")
        self._checkpoint()


class Busy(Exception):
    """Another load holds the store or the download folder: to be tried again soon, and no failure."""


def run_feed(
    source: Source,
    *,
    clock: Callable[[], datetime],
    asked_by: int | None = None,
    within: Callable[[], AbstractContextManager[None]] = transaction.atomic,
    watcher: Watcher | None = None,
    endpoints: Endpoints | None = None,
    options: ClientOptions | None = None,
) -> FeedRun:
    """
    Ask `source` for what is new, load it into the site's own store, and close the run; it is returned as closed.

    A source that cannot be asked or read ends in a run that has failed, with the way out; it raises nothing. `clock`
    gives the time in UTC; `within` opens the transaction in which the run is closed. Raises Busy when another load is
    running, and whatever stops the `watcher`: then the next run goes on from there.
    """
    settle(now=clock(), source=source)
    row = feed_row(source)
    home = Path(settings.POSTMARKET_HOME)
    folder = home / DOWNLOADS
    run = FeedRun(
        source=source.value,
        trigger=(Trigger.SCHEDULE if asked_by is None else Trigger.PERSON).value,
        asked_by_id=asked_by,
        started_at=clock(),
    )
    asked: list[Asked] = []
    begun: list[int] = []
    watching = watcher or Watcher(lambda done, total, text: None, lambda: None)

    def began(load: Load) -> None:
        begun.append(load.id)
        run.store_run = load.id
        run.save()

    try:
        with SyncState(folder) as state:
            sync_into(
                store(),
                source,
                home=home,
                folder=folder,
                state=state,
                endpoints=_endpoints(source, row.choices, endpoints),
                client_options=options,
                clock=clock,
                progress=watching,
                reading=watching,
                told=lambda item: asked.append(_asked(item)),
                began=began,
            )
    except (SyncBusy, StoreBusy) as error:
        if not begun:
            raise Busy from error
        asked.append(_failure(source, error))
    except PostmarketError as error:
        asked.append(_failure(source, error))
    if not begun:
        run.save()
    found = store_run(store(), begun[0]) if begun else None
    return close_run(run, found=found, asked=asked, now=clock(), within=within)


def _endpoints(source: Source, choices: list[str], given: Endpoints | None) -> Endpoints:
    endpoints = given or Endpoints.from_environment()
    if choices and source is Source.OSV:
        return replace(endpoints, osv_ecosystems=tuple(choices))
    if choices and source is Source.CSAF:
        return replace(endpoints, csaf_providers=tuple(choices))
    return endpoints


def _asked(item: Fetched | FetchFailed) -> Asked:
    if isinstance(item, Fetched):
        new = item.status is Status.NEW
        return Asked(
            item.url,
            (AskOutcome.NEW if new else AskOutcome.UNCHANGED).value,
            at=datetime.fromisoformat(item.fetched_at),
            sha256=item.sha256,
            bytes=item.path.stat().st_size if item.path.is_file() else None,
            etag=item.etag,
            note=item.note,
        )
    return Asked(item.url, AskOutcome.FAILED.value, why=item.why, next_step=item.next_step)


def _failure(source: Source, error: PostmarketError) -> Asked:
    return Asked(error.where or source.value, AskOutcome.FAILED.value, why=error.reason(), next_step=error.next_step)
