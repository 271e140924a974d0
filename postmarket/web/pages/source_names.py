"""What sources of vulnerability data are called, everywhere the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from postmarket.sources.interface import Source

NAMES: Final[Mapping[Source, str]] = {
    Source.NVD: "NVD",
    Source.CVE: "CVE List",
    Source.KEV: "KEV",
    Source.EPSS: "EPSS",
    Source.OSV: "OSV",
    Source.CSAF: "CSAF",
}


def name_of(source: str) -> str:
    """A source as people call it."""
    return NAMES[Source(source)]


def named(sources: Iterable[str]) -> str:
    """Several of them: "NVD, CVE List"."""
    return ", ".join(map(name_of, sources))
