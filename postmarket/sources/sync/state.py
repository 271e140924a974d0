"""
What was fetched, so that the next run asks only for the rest: `sync-state.jsonl` next to the downloads.

An append-only journal, one JSON object a line, the last word on a key wins. One line costs the same whether ten or a
hundred thousand documents are known, and a run killed while writing leaves at most a half last line, which is
dropped. Opening it rewrites the file (whole, then renamed) when most of its lines are out of date.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from postmarket.sources.interface import Source
from postmarket.sources.sync.errors import StateError, SyncBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

STATE_FILE = "sync-state.jsonl"
_FEW_LINES = 500


class Seen(msgspec.Struct, frozen=True, tag="seen", omit_defaults=True):
    """
    The file an address gave last: `path` relative to the download folder, validators, and `updated`, what the listing
    that named it said of its age. `once` is an address never asked again (a page, a delta); it is forgotten when taken.
    """

    url: str
    source: Source
    path: str
    sha256: str
    size: int
    fetched_at: str
    etag: str = ""
    last_modified: str = ""
    updated: str = ""
    note: str = ""
    once: bool = False
    taken: bool = False


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """The file of this address was taken by the caller."""

    url: str


class Watermark(msgspec.Struct, frozen=True, tag="mark"):
    """A named point up to which a source is complete (`nvd`, `cve.day`, `epss.date`)."""

    name: str
    value: str


class NvdWindow(msgspec.Struct, frozen=True, tag="nvd-window"):
    """A window of NVD's API that is being paged through: UTC RFC 3339 ends, the next index, the total last told."""

    start: str
    end: str
    index: int = 0
    total: int = -1
    pages: int = 0


class NoWindow(msgspec.Struct, frozen=True, tag="nvd-window-done"):
    """No window is open."""


Entry = Seen | Taken | Watermark | NvdWindow | NoWindow


class SyncState:
    """
    The journal of one download folder; use it as a context manager. Only one process may hold it.

    Raises StateError when it is held elsewhere, damaged in the middle, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATE_FILE
        self._seen: dict[str, Seen] = {}
        self._marks: dict[str, str] = {}
        self.nvd_window: NvdWindow | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _hold(folder / "sync-state.lock")
            try:
                lines = self._replay()
                self._compact_if_worth_it(lines)
                self._file = self._path.open("ab", buffering=0)
            except BaseException:
                self._lock.close()
                raise
        except OSError as problem:
            raise StateError(
                "the record of what was fetched cannot be opened",
                where=str(self._path),
                why=problem.strerror or str(problem),
                next_step="Make the folder writable, or choose another download folder.",
            ) from problem

    def __enter__(self) -> SyncState:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what was recorded is on disk already."""
        self._file.close()
        self._lock.close()

    def seen(self, url: str) -> Seen | None:
        """The last file of `url`, or None."""
        return self._seen.get(url)

    def mark(self, name: str) -> str:
        """The watermark `name`, empty when there is none."""
        return self._marks.get(name, "")

    def pending(self, source: Source) -> Iterator[Seen]:
        """The files of `source` that came but were never taken, oldest first."""
        yield from [entry for entry in self._seen.values() if entry.source is source and not entry.taken]

    def record(self, *entries: Entry) -> None:
        """Remember `entries` together: after a kill either the first of them are known, or none."""
        data = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        try:
            short = self._file.write(data) != len(data)
        except OSError as problem:
            raise self._unrecorded(problem.strerror or str(problem)) from problem
        if short:
            raise self._unrecorded("the disk is full")
        for entry in entries:
            self._apply(entry)

    def _unrecorded(self, why: str) -> StateError:
        return StateError(
            "what was fetched cannot be recorded",
            where=str(self._path),
            why=why,
            next_step="Free some disk space, then run the sync again: it goes on where it stopped.",
        )

    def _apply(self, entry: Entry) -> None:
        match entry:
            case Seen():
                self._seen.pop(entry.url, None)
                self._seen[entry.url] = entry
            case Taken():
                self._take(entry.url)
            case Watermark():
                self._marks[entry.name] = entry.value
            case NvdWindow():
                self.nvd_window = entry
            case NoWindow():
                self.nvd_window = None

    def _take(self, url: str) -> None:
        known = self._seen.get(url)
        if known is None:
            return
        if known.once:
            del self._seen[url]
        else:
            self._seen[url] = msgspec.structs.replace(known, taken=True)

    def _replay(self) -> int:
        """Read the journal; cuts a half last line off the file. Returns the number of lines."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return 0
        whole = data.rfind(b"\n") + 1
        if whole != len(data):
            os.truncate(self._path, whole)
        decoder = msgspec.json.Decoder(Entry)
        lines = data[:whole].splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                self._apply(decoder.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as problem:
                raise StateError(
                    "the record of what was fetched is damaged",
                    where=f"{self._path}: line {number}",
                    why=str(problem),
                    next_step="Delete the file: the next sync fetches everything anew and loses nothing.",
                ) from problem
        return len(lines)

    def _compact_if_worth_it(self, lines: int) -> None:
        entries = self._entries()
        if lines < _FEW_LINES or lines < 2 * len(entries):
            return
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
        fresh.replace(self._path)

    def _entries(self) -> list[Entry]:
        entries: list[Entry] = list(self._seen.values())
        entries.extend(Watermark(name, value) for name, value in self._marks.items())
        if self.nvd_window is not None:
            entries.append(self.nvd_window)
        return entries


def _hold(path: Path) -> BinaryIO:
    """Open and lock `path` until it is closed or the process dies; where the system has no locks, only open it."""
    file = path.open("ab")
    with contextlib.suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            file.close()
            raise SyncBusy(
                "another sync is running in this folder",
                where=str(path),
                next_step="Wait for it to end, or choose another download folder.",
            ) from problem
    return file
