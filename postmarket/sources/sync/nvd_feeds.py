"""NVD's yearly feed files, each checked against the SHA-256 its `.meta` gives; done once, year by year."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.sources.sync.download import GZIP, Ask
from postmarket.sources.sync.errors import CannotFetch, HashDiffers, NotThere, Unreachable
from postmarket.sources.sync.links import shown
from postmarket.sources.sync.run import MIB, stamp
from postmarket.sources.sync.state import Watermark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run

FIRST_YEAR = 2002
_META_BYTES = 64 * 1024
_FEED_BYTES = 1024 * MIB
_UNPACKED_BYTES = 4096 * MIB
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Meta:
    """What a `.meta` file says: the feed's SHA-256 uncompressed (lower-case hex) and when it last changed, UTC."""

    sha256: str
    modified: datetime


def fetch(run: Run, mark: str) -> Iterator[Fetched | FetchFailed]:
    """
    Every yearly feed not fetched yet; when none is missing, the watermark is set to the oldest of them.

    The oldest, because a feed holds what had changed when it was made: the API then gives everything after that. A
    year that fails leaves the watermark unset, and the next run asks for that year alone.
    """
    oldest: datetime | None = None
    complete = True
    for year in range(FIRST_YEAR, run.now().year + 1):
        url = f"{run.endpoints.nvd_feeds}/nvdcve-2.0-{year}.json.gz"
        seen = run.known(url)
        if seen is None:
            try:
                item = _year(run, url)
            except NotThere as problem:
                if year < run.now().year:
                    complete = False
                    yield run.failed(problem)
                else:
                    run.progress.note(f"NVD has no feed for {year} yet; its changes come through the API.")
                continue
            except Unreachable:
                raise
            except CannotFetch as problem:
                complete = False
                yield run.failed(problem)
                continue
            yield item
            seen = run.known(url)
        if seen is not None:
            modified = datetime.fromisoformat(seen.updated)
            oldest = modified if oldest is None else min(oldest, modified)
    if complete and oldest is not None:
        run.state.record(Watermark(mark, stamp(oldest)))


def _year(run: Run, url: str) -> Fetched:
    """One feed. Meta and feed are two files: when NVD renews them in between, both are asked for once more."""
    target = run.folder / url.rpartition("/")[2]
    meta_url = url.removesuffix(".json.gz") + ".meta"
    try:
        return _checked(run, url, target, read_meta(run.client.get(meta_url, limit=_META_BYTES), meta_url))
    except HashDiffers:
        meta = read_meta(run.client.get(meta_url, limit=_META_BYTES), meta_url)
        return _checked(run, url, target, meta)


def _checked(run: Run, url: str, target: Path, meta: Meta) -> Fetched:
    def check(path: Path) -> None:
        found = _unpacked_sha256(path, url)
        if found != meta.sha256:
            raise HashDiffers(
                "the feed is not the one its .meta describes",
                where=shown(url),
                why=f"SHA-256 {found}, expected {meta.sha256}",
                next_step="Run the sync again; if it stays so, ask NVD.",
            )

    return run.fetch(Ask(url, target, _FEED_BYTES, GZIP, check=check), updated=stamp(meta.modified))


def read_meta(content: bytes, url: str) -> Meta:
    """
    `lastModifiedDate:2026-01-19T16:00:01-05:00` and `sha256:4823…`, one a line; other lines are passed over.

    Raises CannotFetch when either is missing or not what it says.
    """
    lines = {
        name.strip(): value.strip()
        for name, colon, value in (line.partition(":") for line in content.decode("ascii", "replace").splitlines())
        if colon
    }
    try:
        sha256 = lines["sha256"].lower()
        modified = datetime.fromisoformat(lines["lastModifiedDate"])
        if len(bytes.fromhex(sha256)) != hashlib.sha256().digest_size or modified.tzinfo is None:
            raise ValueError("a hash or a time zone is missing")
    except (KeyError, ValueError) as problem:
        raise CannotFetch(
            "this is no .meta file of an NVD feed",
            where=shown(url),
            why=f"lastModifiedDate and sha256 are expected ({problem})",
            next_step="Check the address of the feeds, and whether a proxy answers in NVD's place.",
        ) from problem
    return Meta(sha256, modified.astimezone(UTC))


def _unpacked_sha256(path: Path, url: str) -> str:
    digest = hashlib.sha256()
    size = 0
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > _UNPACKED_BYTES:
                    raise CannotFetch(
                        "the feed is too large",
                        where=shown(url),
                        why=f"more than {_UNPACKED_BYTES:,} bytes uncompressed",
                        next_step="Check the address of the feeds.",
                    )
                digest.update(chunk)
    except (OSError, EOFError, zlib.error) as problem:
        raise HashDiffers(
            "the feed cannot be unpacked", where=shown(url), why=str(problem), next_step="Run the sync again."
        ) from problem
    return digest.hexdigest()
