"""What every source needs while it runs: ask for a file, keep it, say what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.sync.download import download
from postmarket.sources.sync.errors import Unreachable
from postmarket.sources.sync.interface import Fetched, FetchFailed, Status
from postmarket.sources.sync.links import shown
from postmarket.sources.sync.state import Seen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from postmarket.sources.interface import Source
    from postmarket.sources.sync.client import Client
    from postmarket.sources.sync.download import Ask, Downloaded
    from postmarket.sources.sync.errors import CannotFetch
    from postmarket.sources.sync.interface import Endpoints, Progress
    from postmarket.sources.sync.state import Entry, SyncState

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Run:
    """One sync of one source. `folder` is the source's own; `root` the download folder that holds it."""

    source: Source
    endpoints: Endpoints
    root: Path
    state: SyncState
    client: Client
    progress: Progress

    @property
    def folder(self) -> Path:
        """Where this source's files go."""
        return self.root / self.source.value

    def now(self) -> datetime:
        """The UTC time."""
        return self.client.now()

    def failed(self, problem: CannotFetch, *, note: str = "") -> FetchFailed:
        """`problem` as a value."""
        why = "; ".join(part for part in (problem.what, problem.why, note) if part)
        step = problem.next_step
        if isinstance(problem, Unreachable):
            step = f"{step} Without a network, bring the files here: postmarket feeds load {self.source.value} PATH."
        return FetchFailed(self.source, problem.where, why, step)

    def known(self, url: str) -> Seen | None:
        """The file `url` gave last, if it is still on disk as it came."""
        seen = self.state.seen(shown(url))
        if seen is None:
            return None
        path = self.root / seen.path
        return seen if path.is_file() and path.stat().st_size == seen.size else None

    def fetch(self, ask: Ask, *, updated: str = "", notes: Sequence[str] = ()) -> Fetched:
        """
        Download `ask`, asking only for what is newer than the copy at hand, and remember it.

        The same bytes as before are UNCHANGED, whatever the server says. `notes` are read when the file is there, so
        that its check may still write them. Raises CannotFetch.
        """
        before = self.known(ask.url)
        if before is not None:
            ask = replace(ask, etag=before.etag, last_modified=before.last_modified)
        came = download(self.client, ask)
        if before is not None and not came.changed:
            if updated != before.updated:
                self.state.record(msgspec.structs.replace(before, updated=updated))
            return self.fetched(before, Status.UNCHANGED)
        seen = self.seen(ask.url, ask.target, came, updated=updated, note="; ".join(notes))
        if before is not None and before.sha256 == came.sha256:
            self.state.record(msgspec.structs.replace(seen, taken=before.taken))
            return self.fetched(seen, Status.UNCHANGED)
        self.state.record(seen)
        return self.fetched(seen)

    def seen(
        self, url: str, path: Path, came: Downloaded, *, updated: str = "", note: str = "", once: bool = False
    ) -> Seen:
        """What the state remembers of a file that came."""
        return Seen(
            url=shown(url),
            source=self.source,
            path=path.relative_to(self.root).as_posix(),
            sha256=came.sha256,
            size=came.size,
            fetched_at=stamp(self.now()),
            etag=came.etag,
            last_modified=came.last_modified,
            updated=updated,
            note=note,
            once=once,
        )

    def keep(self, seen: Seen, *also: Entry) -> Fetched:
        """Remember `seen` together with how far the source has come by it."""
        self.state.record(seen, *also)
        return self.fetched(seen)

    def fetched(self, seen: Seen, status: Status = Status.NEW) -> Fetched:
        """What the caller is told of a file."""
        return Fetched(
            source=self.source,
            url=seen.url,
            path=self.root / seen.path,
            sha256=seen.sha256,
            fetched_at=seen.fetched_at,
            status=status,
            etag=seen.etag,
            last_modified=seen.last_modified,
            note=seen.note,
        )


def stamp(at: datetime) -> str:
    """`at` as UTC RFC 3339 to the second: `2026-10-03T12:00:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
