"""
NVD: the yearly 2.0 feed files once, then the API's changes in windows (nvd.nist.gov/developers/vulnerabilities).

- Feeds `nvdcve-2.0-YYYY.json.gz` begin with 2002, which holds every earlier CVE; `.meta` gives the SHA-256 of the
  uncompressed file and when it last changed.
- The API takes windows of `lastModStartDate`/`lastModEndDate` of at most 120 days, pages of at most 2,000, and allows
  5 requests in 30 seconds, 50 with a key; beyond that it answers 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.sources.sync import nvd_api, nvd_feeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run

MARK = "nvd"
"""The watermark: every change that NVD made before this UTC time has come."""


def fetch(run: Run) -> Iterator[Fetched | FetchFailed]:
    """Everything that changed since the watermark; without one the yearly feeds go before."""
    if not run.state.mark(MARK):
        yield from nvd_feeds.fetch(run, MARK)
    if run.state.mark(MARK):
        yield from nvd_api.fetch(run, MARK)
