"""Which reader reads which source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import cast

from postmarket.sources.edge import refused
from postmarket.sources.interface import Item, Refused, Source
from postmarket.sources.kinds import mistaken
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


READERS = 2
"""Raised whenever a reader reads more of the same bytes: what was read before is then read again."""


Read = Callable[[Document], Iterator[Item]]


def reader(source: Source) -> Read:
    """
    The `read` of `source`; it is imported only now, since a command needs one of them.

    A document that is plainly something else (another source's, an SBOM) is one Refused that says what it looks like.
    """
    read = cast("Read", import_module(f"postmarket.sources.{source.value}").read)

    def reading(document: Document) -> Iterator[Item]:
        items = read(document)
        first = next(items, None)
        # Only trouble is worth a second look: another source's file never begins with an item that can be read.
        if first is None or isinstance(first, Refused):
            why = mistaken(source, document.content)
            if why:
                yield refused(document, "", why)
                return
        if first is not None:
            yield first
            yield from items

    return reading
