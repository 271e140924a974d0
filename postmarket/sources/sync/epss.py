"""
EPSS: one gzip CSV a day; the current one redirects to the day's file.

The file says its own date in the first line (`#model_version:v2025.03.14,score_date:2026-05-18T00:00:00Z`), and is
stored under it.
"""

from __future__ import annotations

import gzip
import re
import zlib
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.sync.download import GZIP, Ask, download
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.interface import Status
from postmarket.sources.sync.links import shown
from postmarket.sources.sync.run import MIB
from postmarket.sources.sync.state import Watermark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run

MARK = "epss.date"
_DATE = re.compile(rb"score_date:(\d{4}-\d{2}-\d{2})")


def fetch(run: Run) -> Iterator[Fetched | FetchFailed]:
    """The newest scores, when they are newer than the last ones; an older file from a lagging mirror is refused."""
    url = run.endpoints.epss
    before = run.known(url)
    arriving = run.folder / "arriving.csv.gz"
    came = download(
        run.client,
        Ask(
            url,
            arriving,
            256 * MIB,
            GZIP,
            etag=before.etag if before else "",
            last_modified=before.last_modified if before else "",
        ),
    )
    if before is not None and not came.changed:
        yield run.fetched(before, Status.UNCHANGED)
        return
    date = _score_date(arriving, url)
    last = run.state.mark(MARK)
    if date < last:
        arriving.unlink()
        raise CannotFetch(
            "the scores are older than those at hand",
            where=shown(url),
            why=f"of {date}, and those of {last} came before",
            next_step="Ask another mirror, or run the sync again tomorrow.",
        )
    target = run.folder / f"epss_scores-{date}.csv.gz"
    arriving.replace(target)
    seen = run.seen(url, target, came)
    if before is not None and before.sha256 == came.sha256:
        run.state.record(msgspec.structs.replace(seen, taken=before.taken))
        yield run.fetched(seen, Status.UNCHANGED)
        return
    yield run.keep(seen, Watermark(MARK, date))


def _score_date(path: Path, url: str) -> str:
    try:
        with gzip.open(path) as file:
            found = _DATE.search(file.readline(4096))
    except (OSError, EOFError, zlib.error) as problem:
        path.unlink(missing_ok=True)
        raise CannotFetch(
            "the scores cannot be read", where=shown(url), why=str(problem), next_step="Run the sync again."
        ) from problem
    if found is None:
        path.unlink(missing_ok=True)
        raise CannotFetch(
            "the scores do not say their date",
            where=shown(url),
            why="the first line has no score_date",
            next_step="Check that the address is EPSS's daily CSV.",
        )
    return found.group(1).decode()
