"""
NVD's API: what changed since the watermark, in windows, page by page, each page one file.

A record that NVD changes while we page leaves the window (its new time lies after the end), and all behind it move
one place forward: the next page would skip one. So every page's total is compared with the last, and when it shrank by
n, we go back n places; the overlap costs little, a skipped CVE could cost much.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from postmarket.sources.sync.download import JSON, Ask, download
from postmarket.sources.sync.errors import CannotFetch, NotThere
from postmarket.sources.sync.links import shown
from postmarket.sources.sync.pace import Pace
from postmarket.sources.sync.run import MIB, stamp
from postmarket.sources.sync.state import NoWindow, NvdWindow, Watermark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run

PAGE = 2000
LONGEST_WINDOW = timedelta(days=120)
OVERLAP = timedelta(hours=1)
"""A change may become visible a little after the time it is stamped with; each window begins this much earlier."""
WINDOW_SECONDS = 30.0
REQUESTS_WITHOUT_KEY = 5
REQUESTS_WITH_KEY = 50
_PAGE_BYTES = 512 * MIB
_THROTTLED = frozenset({403})
_ENDLESS = 3


class Page(msgspec.Struct, frozen=True, rename="camel"):
    """One page of results, its records unread."""

    start_index: int
    total_results: int
    vulnerabilities: tuple[msgspec.Raw, ...]


class _PageCheck:
    """Refuses a file that is not the page at `index`, and keeps where it stands in the whole."""

    def __init__(self, url: str, index: int) -> None:
        self._url = url
        self._index = index
        self.count = 0
        self.total = 0

    def __call__(self, path: Path) -> None:
        page = read_page(path.read_bytes(), self._url, self._index)
        self.count = len(page.vulnerabilities)
        self.total = page.total_results


def fetch(run: Run, mark: str) -> Iterator[Fetched | FetchFailed]:
    """
    Every page of every window from the watermark until now; an interrupted window is gone on with first.

    The watermark moves only when all pages of a window came. Raises CannotFetch at the first page that does not come.
    """
    options = run.client.options
    if options.nvd_api_key and not (options.nvd_api_key.isascii() and options.nvd_api_key.isprintable()):
        raise CannotFetch(
            "the key of NVD's API cannot be sent",
            where="NVD_API_KEY",
            why="it holds characters that no key has",
            next_step="Copy the key again from NVD's mail.",
        )
    limit = REQUESTS_WITH_KEY if options.nvd_api_key else REQUESTS_WITHOUT_KEY
    pace = Pace(limit, WINDOW_SECONDS, clock=options.clock, sleep=options.sleep, progress=run.progress)
    until = run.now()
    while True:
        window = run.state.nvd_window or _next_window(run.state.mark(mark), until)
        if window is None:
            return
        yield from _pages(run, window, mark, pace)


def _next_window(mark: str, until: datetime) -> NvdWindow | None:
    """The window after `mark`, None when there is nothing between it and `until`."""
    done = datetime.fromisoformat(mark)
    if done >= until.replace(microsecond=0):
        return None
    start = done - OVERLAP
    return NvdWindow(stamp(start), stamp(min(start + LONGEST_WINDOW, until)))


def _pages(run: Run, window: NvdWindow, mark: str, pace: Pace) -> Iterator[Fetched]:
    while window.total < 0 or window.index < window.total:
        if window.pages > _ENDLESS * (max(window.total, 0) // PAGE + 2):
            raise CannotFetch(
                "NVD's pages do not come to an end",
                where=shown(run.endpoints.nvd_api),
                why=f"{window.pages} pages of one window, and {window.total:,} results are still told",
                next_step="Run the sync again later: it goes on from here.",
            )
        url = _url(run, window)
        target = run.folder / f"nvd-api-{_compact(window.start)}-{_compact(window.end)}-{window.index:07}.json"
        check = _PageCheck(url, window.index)
        ask = Ask(
            url,
            target,
            _PAGE_BYTES,
            JSON,
            check=check,
            headers={"apiKey": run.client.options.nvd_api_key} if run.client.options.nvd_api_key else {},
            pace=pace,
            retry_on=_THROTTLED,
        )
        try:
            came = download(run.client, ask)
        except NotThere as problem:
            # NVD answers a wrong key with 404.
            raise problem.but(next_step="Check the key in NVD_API_KEY, and the address of the API.") from problem
        window = _after(window, check)
        finished = window.index >= window.total
        seen = run.seen(url, target, came, once=True)
        if finished:
            yield run.keep(seen, Watermark(mark, window.end), NoWindow())
        else:
            yield run.keep(seen, window)


def _after(window: NvdWindow, page: _PageCheck) -> NvdWindow:
    """The window with the page at its index counted: where the next one begins."""
    shrunk = max(0, window.total - page.total)
    index = max(0, window.index - shrunk) if shrunk else window.index + page.count
    return NvdWindow(window.start, window.end, index, page.total, window.pages + 1)


def read_page(content: bytes, url: str, index: int) -> Page:
    """
    The page asked for at `index`.

    Raises CannotFetch when it is not a page, not that page, or an empty one although more results are told.
    """
    try:
        page = msgspec.json.decode(content, type=Page)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise _no_page(url, str(problem)) from problem
    if page.start_index != index or page.total_results < 0:
        raise _no_page(url, f"it begins at {page.start_index}, asked for {index}")
    if not page.vulnerabilities and page.total_results > index:
        raise _no_page(url, f"it is empty, of {page.total_results:,} results")
    return page


def _no_page(url: str, why: str) -> CannotFetch:
    return CannotFetch(
        "this is not the page of NVD's API asked for",
        where=shown(url),
        why=why,
        next_step="Run the sync again later: it goes on from here.",
    )


def _url(run: Run, window: NvdWindow) -> str:
    """The address of the next page; NVD wants the offset of its times written out and encoded."""
    query = urlencode(
        {
            "lastModStartDate": window.start.replace("Z", ".000+00:00"),
            "lastModEndDate": window.end.replace("Z", ".000+00:00"),
            "resultsPerPage": PAGE,
            "startIndex": window.index,
        }
    )
    return f"{run.endpoints.nvd_api}?{query}"


def _compact(time: str) -> str:
    return time.replace("-", "").replace(":", "")
