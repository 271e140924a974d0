"""`postmarket feeds sync`: fetch what is new, then load it by the same way as files."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.cli.console import print_json
from postmarket.cli.exit_codes import Exit
from postmarket.cli.feeds import say_run
from postmarket.cli.home import store
from postmarket.config.home import home
from postmarket.errors import visible
from postmarket.matching.store.syncing import sync_into
from postmarket.sources.interface import Source
from postmarket.sources.sync import Endpoints, Fetched, FetchFailed, Quiet, SyncState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from postmarket.matching.store.runs import Run

USUAL = (Source.KEV, Source.EPSS, Source.NVD, Source.CVE, Source.OSV)
"""What is synced when nothing is named: the quick ones first."""


class Spoken(Quiet):
    """Says waits and notes on standard error, so that a long sync is never silent."""

    def fetching(self, url: str, size: int | None) -> None:
        """A body begins to arrive."""
        amount = f" ({size / 2**20:.1f} MiB)" if size else ""
        sys.stderr.write(f"  fetching {visible(url)}{amount}\n")

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing is asked for a while."""
        if seconds >= 1:
            sys.stderr.write(f"  waiting {seconds:.0f} s: {visible(why)}\n")

    def note(self, line: str) -> None:
        """Something worth reading."""
        sys.stderr.write(f"  {visible(line)}\n")


def run(sources: Sequence[str], *, providers: Sequence[str], ecosystems: Sequence[str], as_json: bool) -> Exit:
    """Sync and load each source in turn; a source that fails never stops the others."""
    endpoints = Endpoints.from_environment(os.environ)
    if providers:
        endpoints = replace(endpoints, csaf_providers=tuple(providers))
    if ecosystems:
        endpoints = replace(endpoints, osv_ecosystems=tuple(ecosystems))
    wanted = [Source(name) for name in sources] or list(USUAL)
    if providers and Source.CSAF not in wanted:
        wanted.append(Source.CSAF)
    folder = home() / "downloads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    failures: list[FetchFailed] = []
    with SyncState(folder) as state:
        runs = [_sync(source, state, folder=folder, endpoints=endpoints, failures=failures) for source in wanted]
    loaded = [item for item in runs if item is not None]
    if not as_json:
        for item in loaded:
            say_run(item)
    if as_json:
        print_json({"loaded": [_values(item) for item in loaded], "failures": failures})
    return Exit.PARTLY if failures or any(item.refused for item in loaded) else Exit.OK


def _sync(
    source: Source, state: SyncState, *, folder: Path, endpoints: Endpoints, failures: list[FetchFailed]
) -> Run | None:
    """Fetch and load one source; None when nothing of it could be fetched, not even that nothing is new."""
    failed = False
    came = False

    def told(item: Fetched | FetchFailed) -> None:
        nonlocal failed, came
        if isinstance(item, Fetched):
            came = True
            return
        failed = True
        failures.append(item)
        line = f"{item.source.value}: {item.url}: {item.why}. {item.next_step}".rstrip()
        sys.stderr.write(f"postmarket: {visible(line)}\n")

    connection = store(create=True)
    try:
        run = sync_into(
            connection,
            source,
            home=home(),
            folder=folder,
            state=state,
            endpoints=endpoints,
            clock=_now,
            progress=Spoken(),
            told=told,
        )
    finally:
        connection.close()
    return run if came or not failed else None


def _now() -> datetime:
    return datetime.now(UTC)


def _values(run: Run) -> dict[str, object]:
    return {"source": run.source.value, "items": run.items, "refused": run.refused, "files": run.files}
