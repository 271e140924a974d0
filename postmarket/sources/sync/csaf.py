"""
CSAF from any provider, found and read as CSAF 2.0 §7.3 says.

Metadata → listings (ROLIE feeds, or directories with changes.csv) → documents whose listed time is not the one at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.sources.sync.csaf_document import Offers, fetch_document
from postmarket.sources.sync.csaf_listing import listed
from postmarket.sources.sync.csaf_provider import find_metadata
from postmarket.sources.sync.errors import CannotFetch, HashDiffers, NotThere
from postmarket.sources.sync.interface import FetchFailed
from postmarket.sources.sync.links import shown
from postmarket.sources.sync.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.sync.csaf_listing import Listed
    from postmarket.sources.sync.csaf_provider import Metadata
    from postmarket.sources.sync.interface import Fetched
    from postmarket.sources.sync.run import Run

REQUESTS_A_SECOND = 8
"""Ours, to be polite: providers publish no limit, and some turn away who asks too fast."""
FAILURES_IN_A_ROW = 5
"""After so many documents that could not be had, one after the other, the provider is left alone until the next run."""


def fetch(run: Run) -> Iterator[Fetched | FetchFailed]:
    """The new documents of each provider; what fails is told and stops neither the other documents nor providers."""
    options = run.client.options
    pace = Pace(REQUESTS_A_SECOND, 1.0, clock=options.clock, sleep=options.sleep, progress=run.progress)
    for provider in dict.fromkeys(run.endpoints.csaf_providers):
        try:
            found = find_metadata(run, provider)
        except CannotFetch as problem:
            yield run.failed(problem)
            continue
        met: set[str] = set()
        for metadata in found:
            yield from _provider(run, metadata, pace, met)


def _provider(run: Run, metadata: Metadata, pace: Pace, met: set[str]) -> Iterator[Fetched | FetchFailed]:
    for distribution in metadata.distributions:
        offers = Offers()
        wanted: list[Listed] = []
        for entry in listed(run, distribution, pace):
            if isinstance(entry, CannotFetch):
                yield run.failed(entry)
            elif entry.url not in met:
                met.add(entry.url)
                if not _at_hand(run, entry):
                    wanted.append(entry)
        yield from _documents(run, wanted, offers, pace)


def _at_hand(run: Run, entry: Listed) -> bool:
    seen = run.state.seen(shown(entry.url))
    return seen is not None and seen.taken and bool(entry.updated) and seen.updated == entry.updated


def _documents(run: Run, wanted: list[Listed], offers: Offers, pace: Pace) -> Iterator[Fetched | FetchFailed]:
    in_a_row = 0
    for number, entry in enumerate(wanted, start=1):
        try:
            item = fetch_document(run, entry, offers, pace)
        except CannotFetch as problem:
            yield run.failed(problem)
            # A missing or altered document says nothing about the server; a refusal or a dead connection does.
            in_a_row = 0 if isinstance(problem, NotThere | HashDiffers) else in_a_row + 1
            if in_a_row == FAILURES_IN_A_ROW and number < len(wanted):
                yield FetchFailed(
                    run.source,
                    shown(entry.url),
                    f"{in_a_row} documents failed one after the other: {len(wanted) - number} more were not asked for",
                    "Run the sync again later: it goes on with these.",
                )
                return
        else:
            in_a_row = 0
            yield item
