"""
The CVE List, from the releases of CVEProject/cvelistV5 (its README, "Releases").

Every hour there is a release with `YYYY-MM-DD_all_CVEs_at_midnight.zip.zip` (all records at that day's 00:00 UTC; a
zip that holds one zip) and `YYYY-MM-DD_delta_CVEs_at_HH00Z.zip` (every record changed since that midnight). When a day
is over, `YYYY-MM-DD_delta_CVEs_at_end_of_day.zip` holds the whole day. The day in a file's name can differ from the
day in its release's tag, so files are found by their own names.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from postmarket.sources.sync.cve_releases import END_OF_DAY, Listing, list_releases
from postmarket.sources.sync.download import ZIP, Ask, download
from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import shown
from postmarket.sources.sync.run import MIB
from postmarket.sources.sync.state import Watermark
from postmarket.sources.sync.unwrap import unwrap_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run

DAY = "cve.day"
"""The UTC day whose delta comes next (`YYYY-MM-DD`); everything before it has come."""
PART = "cve.part"
"""The newest delta of that day that came: `1400Z`, `end_of_day`, or empty."""
_BASELINE_BYTES = 8192 * MIB
_DELTA_BYTES = 2048 * MIB


def fetch(run: Run) -> Iterator[Fetched | FetchFailed]:
    """
    A baseline when there is none yet (or the deltas since the last run are no longer listed), then a delta per day.

    Raises CannotFetch where the chain breaks: a later delta never goes before a missing one.
    """
    day = run.state.mark(DAY)
    listing = list_releases(run, until=day)
    if not day or _gap(listing, day):
        if day:
            run.progress.note(f"The deltas of the CVE List since {day} are no longer all listed: fetching all of it.")
        item, day = _baseline(run, listing)
        yield item
    while day <= listing.newest:
        part, url = listing.latest(day)
        done = run.state.mark(PART)
        if url and part > done and done != END_OF_DAY:
            yield _delta(run, day, part, url)
            done = part
        if done != END_OF_DAY:
            return
        day = _day_after(day)
        run.state.record(Watermark(DAY, day), Watermark(PART, ""))


def _gap(listing: Listing, day: str) -> bool:
    """Whether a day that is over (yesterday may still be waiting for its last delta) has no whole delta to offer."""
    newest = listing.newest
    while newest and _day_after(day) < newest:
        if listing.latest(day)[0] != END_OF_DAY:
            return True
        day = _day_after(day)
    return False


def _baseline(run: Run, listing: Listing) -> tuple[Fetched, str]:
    if not listing.baselines:
        raise CannotFetch(
            "no release holds the whole CVE List",
            where=shown(run.endpoints.cve_releases),
            why="no file named YYYY-MM-DD_all_CVEs_at_midnight.zip is listed",
            next_step="Download it from the releases page yourself and use: postmarket feeds load cve.",
        )
    day = max(listing.baselines)
    url = listing.baselines[day]
    arriving = run.folder / f"{day}_all_CVEs_at_midnight.zip.zip"
    came = download(run.client, Ask(url, arriving, _BASELINE_BYTES, ZIP))
    target = run.folder / f"{day}_all_CVEs.zip"
    came = unwrap_zip(arriving, target, came, url=url, limit=_BASELINE_BYTES)
    seen = run.seen(url, target, came, once=True)
    return run.keep(seen, Watermark(DAY, day), Watermark(PART, "")), day


def _delta(run: Run, day: str, part: str, url: str) -> Fetched:
    target = run.folder / f"{day}_delta_CVEs_at_{part}.zip"
    came = download(run.client, Ask(url, target, _DELTA_BYTES, ZIP))
    return run.keep(run.seen(url, target, came, once=True), Watermark(DAY, day), Watermark(PART, part))


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
