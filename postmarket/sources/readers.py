"""Which reader reads which source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import cast

from postmarket.sources.interface import Item, Source
from postmarket.untrusted.documents import Document

SUFFIXES = {
    Source.NVD: (".json",),
    Source.CVE: (".json",),
    Source.KEV: (".json",),
    Source.EPSS: (".csv",),
    Source.OSV: (".json",),
    Source.CSAF: (".json",),
}
"""What a source's documents end in inside folders and archives, for `documents(suffixes=…)`."""


READERS = 1
"""Raised whenever a reader reads more of the same bytes: what was read before is then read again."""


def reader(source: Source) -> Callable[[Document], Iterator[Item]]:
    """The `read` of `source`; it is imported only now, since a command needs one of them."""
    return cast("Callable[[Document], Iterator[Item]]", import_module(f"postmarket.sources.{source.value}").read)
