"""CISA's catalogue of known exploited vulnerabilities: one JSON file, asked for conditionally."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.sources.sync.download import JSON, Ask
from postmarket.sources.sync.run import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.sync.interface import Fetched, FetchFailed
    from postmarket.sources.sync.run import Run


def fetch(run: Run) -> Iterator[Fetched | FetchFailed]:
    """The catalogue, when it changed since the last run."""
    target = run.folder / "known_exploited_vulnerabilities.json"
    yield run.fetch(Ask(run.endpoints.kev, target, 64 * MIB, JSON))
