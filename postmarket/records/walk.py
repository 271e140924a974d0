"""
Walking the chain from its first entry to its last, in constant memory, and locating what does not fit. No Django.

Every row holds its bytes, the hash before it and its own. So a change shows where it was made: bytes that do not give
their hash were edited; a hash that the next row does not name was replaced; a row that the next one passes over was
inserted; bytes that name another number than their row's were moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from postmarket.records import chain
from postmarket.records.entries import Draft, read
from postmarket.records.interface import instant
from postmarket.records.problems import Fault, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime


class Row(NamedTuple):
    """An entry as the database holds it: what counts, then the columns that repeat it."""

    number: int
    content: bytes
    previous: bytes
    hash: bytes
    kind: str
    subject_kind: str
    subject_id: str
    actor_kind: str
    actor_id: str
    at: datetime
    states: bool


COPIES = Row._fields[4:]


class _Passed(NamedTuple):
    """What the walk remembers of a row behind it."""

    number: int
    previous: bytes
    hash: bytes
    whole: bool
    """Whether its bytes give its hash."""
    moved: bool
    at: str
    kind: str


class Walk:
    """
    One walk over the entries of the chain named `chain_name`, in the order of their numbers.

    `problems` yields what it finds; afterwards `length`, `last` and `hashes` (of the numbers in `watched`) are known.
    `seen` is told each entry that can be read.
    """

    def __init__(self, chain_name: str, *, watched: Iterable[int] = ()) -> None:
        self.hashes: dict[int, bytes] = {}
        self.length = 0
        self.last = 0
        self.said: Draft | None = None
        """What the row at hand says, or None when it cannot be read."""
        self._watched = frozenset(watched)
        start = chain.genesis(chain_name)
        self._before = _Passed(0, b"", start, whole=True, moved=False, at="", kind="")
        self._earlier = self._before
        self.end_hash = start

    def step(self, row: Row) -> Iterator[Problem]:
        """Look at the next row."""
        said_number, self.said = _read(row)
        at = instant(self.said.at) if self.said else ""
        kind = self.said.kind if self.said else row.kind
        whole = chain.link(row.previous, row.content) == row.hash
        moved = said_number is not None and said_number != row.number
        before = self._before
        if row.number > before.number + 1:
            yield Problem(Fault.DELETED, "there are no such entries", before.number + 1, row.number - 1)
        elif row.number <= before.number:
            yield Problem(Fault.INSERTED, "its number was taken or is none", row.number, at=at, kind=kind)
        elif whole and row.previous != before.hash:
            yield from self._broken_link(row, at, kind, moved=moved)
        if not whole:
            yield Problem(Fault.EDITED, "its bytes do not give its hash", row.number, at=at, kind=kind)
        if self.said is None and whole:
            yield Problem(Fault.EDITED, "its bytes are no entry", row.number, kind=kind)
        if said_number is not None and moved:
            what = f"its bytes are those of the entry {_apart(said_number - row.number)}"
            yield Problem(Fault.MOVED, what, row.number, at=at, kind=kind)
        if self.said is not None:
            yield from _copies(row, self.said, at)
        self._pass(row, at, kind, whole=whole, moved=moved)

    def _broken_link(self, row: Row, at: str, kind: str, *, moved: bool) -> Iterator[Problem]:
        """The row continues another entry than the one before it; of a moved row that is no wonder."""
        before = self._before
        if before.number and not before.moved and row.previous == self._earlier.hash:
            what = "the next entry continues the one before it"
            yield Problem(Fault.INSERTED, what, before.number, at=before.at, kind=before.kind)
        elif moved or before.moved:
            return
        elif not before.number:
            what = "it does not begin the chain that this database names"
            yield Problem(Fault.REPLACED, what, row.number, at=at, kind=kind)
        elif before.whole:
            what = "its hash is not the one that the next entry names"
            yield Problem(Fault.REPLACED, what, before.number, at=before.at, kind=before.kind)

    def _pass(self, row: Row, at: str, kind: str, *, whole: bool, moved: bool) -> None:
        self._earlier = self._before
        self._before = _Passed(row.number, row.previous, row.hash, whole, moved, at, kind)
        if row.number in self._watched:
            self.hashes[row.number] = row.hash
        self.length += 1
        self.last = max(self.last, row.number)
        self.end_hash = row.hash


def _read(row: Row) -> tuple[int | None, Draft | None]:
    try:
        return read(row.content)
    except ValueError:
        return None, None


def _copies(row: Row, said: Draft, at: str) -> Iterator[Problem]:
    """The columns that do not repeat what the bytes say."""
    true = (
        said.kind,
        said.subject.kind,
        said.subject.id,
        said.actor.kind.value,
        said.actor.id,
        said.at,
        said.states,
    )
    for name, copy, value in zip(COPIES, row[4:], true, strict=True):
        if copy != value:
            what = f"the column {name} says {str(copy)!r}, the entry {str(value)!r}"
            yield Problem(Fault.COPY_DIFFERS, what, row.number, at=at, kind=said.kind)


def _apart(distance: int) -> str:
    places = "one place" if abs(distance) == 1 else f"{abs(distance)} places"
    return f"{places} {'further on' if distance > 0 else 'back'}"
