"""What the tests of the readers share: documents by hand, and the one record out of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from postmarket.sources.interface import Certainty, Criterion, Item, Record, Refused
from postmarket.untrusted.documents import Document
from postmarket.versions.interface import Range
from postmarket.versions.keys import key

Read = Callable[[Document], Iterator[Item]]


def document(content: object, name: str = "feed.json") -> Document:
    """A document with `content`: bytes as they are, text in UTF-8, anything else as JSON."""
    if isinstance(content, str):
        content = content.encode()
    return Document(name, content if isinstance(content, bytes) else json.dumps(content).encode())


def record(read: Read, content: object) -> Record:
    """The one record that `content` holds; fails when there is anything else."""
    (item,) = read(document(content))
    assert isinstance(item, Record), item
    return item


def refusals(read: Read, content: object) -> list[Refused]:
    """What is refused of `content`, each on one line."""
    found = [item for item in read(document(content)) if isinstance(item, Refused)]
    assert all("\n" not in item.where + item.why and item.why for item in found)
    return found


def said(found: Record) -> list[tuple[str, str]]:
    """Name and words of every criterion, a `?` before the words of one that is only possible."""
    return [(one.name, f"? {one.text}" if one.certainty is Certainty.POSSIBLE else one.text) for one in found.criteria]


def holds(covered: Range | Criterion, version: str) -> bool:
    """Whether the range holds a version, keyed in the range's own scheme."""
    if isinstance(covered, Criterion):
        covered = covered.range
    found = key(covered.scheme, version)
    assert found is not None
    return covered.holds(found)
