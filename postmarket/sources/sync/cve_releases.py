"""Which files of the CVE List there are, from GitHub's list of releases, newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.sync.errors import CannotFetch
from postmarket.sources.sync.links import follow, shown
from postmarket.sources.sync.run import MIB

if TYPE_CHECKING:
    from postmarket.sources.sync.run import Run

END_OF_DAY = "end_of_day"
"""Sorts after every hour, as it must."""
PER_PAGE = 100
MAX_PAGES = 10
"""GitHub lists only the first 1,000 releases."""
_PAGE_BYTES = 64 * MIB
_BASELINE = re.compile(r"(\d{4}-\d{2}-\d{2})_all_CVEs_at_midnight\.zip(?:\.zip)?")
_DELTA = re.compile(r"(\d{4}-\d{2}-\d{2})_delta_CVEs_at_(end_of_day|\d{4}Z)\.zip")


class _Asset(msgspec.Struct, frozen=True):
    name: str
    browser_download_url: str


class _Release(msgspec.Struct, frozen=True):
    assets: tuple[_Asset, ...] = ()


@dataclass(slots=True)
class Listing:
    """Addresses by day, and for deltas by part of the day (`0100Z` … `2300Z`, `end_of_day`)."""

    baselines: dict[str, str] = field(default_factory=dict)
    deltas: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def newest(self) -> str:
        """The newest day with a delta, empty when there is none."""
        return max(self.deltas, default="")

    @property
    def oldest(self) -> str:
        """The oldest day with a delta, empty when there is none."""
        return min(self.deltas, default="")

    def latest(self, day: str) -> tuple[str, str]:
        """The part and the address of the delta of `day` that holds most of it; both empty when there is none."""
        parts = self.deltas.get(day, {})
        part = max(parts, default="")
        return part, parts.get(part, "")

    def add(self, name: str, url: str) -> None:
        """Take a file into account if its name is one of ours; the first of a name is the newest."""
        if (found := _BASELINE.fullmatch(name)) and _is_day(found.group(1)):
            self.baselines.setdefault(found.group(1), url)
        elif (found := _DELTA.fullmatch(name)) and _is_day(found.group(1)):
            self.deltas.setdefault(found.group(1), {}).setdefault(found.group(2), url)


def list_releases(run: Run, *, until: str) -> Listing:
    """
    Read the list page by page until it reaches back to the day before `until`, or, when that is empty, to a baseline.

    Raises CannotFetch when the list cannot be had or is not one.
    """
    listing = Listing()
    for number in range(1, MAX_PAGES + 1):
        url = f"{run.endpoints.cve_releases}?per_page={PER_PAGE}&page={number}"
        content = run.client.get(url, limit=_PAGE_BYTES, headers={"Accept": "application/vnd.github+json"})
        try:
            releases = msgspec.json.decode(content, type=tuple[_Release, ...])
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise CannotFetch(
                "this is no list of releases",
                where=shown(url),
                why=str(problem),
                next_step="Check the address of the CVE List's releases, and whether a proxy answers in its place.",
            ) from problem
        for release in releases:
            for asset in release.assets:
                listing.add(asset.name, follow(url, asset.browser_download_url))
        reached = listing.oldest < until if until else bool(listing.baselines)
        if not releases or (listing.oldest and reached):
            break
    return listing


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
