"""Whether the chain ends where its head and its anchors say. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from postmarket.records.interface import instant
from postmarket.records.problems import Fault, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from postmarket.records.entries import Draft
    from postmarket.records.heads import SignedHead
    from postmarket.records.interface import Value
    from postmarket.records.walk import Walk

ANCHOR_EVERY = timedelta(days=1)
ANCHOR_LATE = timedelta(hours=2)
"""How much later than daily an anchor may come before it is missing: a task waits its turn, a machine restarts."""


@dataclass(frozen=True, slots=True)
class NamedAnchor:
    """An anchor and the file it comes from."""

    name: str
    anchor: SignedHead


def check_head(
    walk: Walk, *, before: SignedHead | None, after: SignedHead | None, trusted: frozenset[str]
) -> Iterator[Problem]:
    """
    Hold the end of the walk against the head as it was before the walk and after it: others may append meanwhile.

    The walk has watched the number of `before`.
    """
    if before is None or after is None:
        yield Problem(Fault.HEAD_MISSING, "The row that says where the chain ends is not there")
        return
    if walk.last < before.number:
        what = f"there are no such entries, but the head counts {before.number}"
        yield Problem(Fault.CUT, what, walk.last + 1, before.number)
    elif walk.last > after.number:
        what = f"the head counts only {after.number}"
        yield Problem(Fault.INSERTED, what, after.number + 1, walk.last)
    elif before.number and walk.hashes.get(before.number) != before.hash:
        yield Problem(Fault.HEAD_DIFFERS, "its hash is not the head's", before.number)
    if (after.number or walk.last) and not after.is_signed_by(trusted):
        why = "no key known here signed it" if after.key not in trusted else "its signature does not fit"
        yield Problem(Fault.HEAD_UNSIGNED, f"the head, {after.number} entries: {why}", after.number or None)


def check_anchors(
    walk: Walk, anchors: Sequence[NamedAnchor], *, head: SignedHead | None, trusted: frozenset[str]
) -> Iterator[Problem]:
    """
    Hold the walk, which watched their numbers, against the anchors.

    Of all that disagree the lowest is told, since it locates the change: after the last anchor that agrees.
    """
    sound = []
    for one in anchors:
        if not one.anchor.is_signed_by(trusted):
            why = "no key known here signed it" if one.anchor.key not in trusted else "its signature does not fit"
            yield Problem(Fault.ANCHOR_UNSIGNED, f"the anchor {one.name}: {why}", one.anchor.number)
        elif head is not None and one.anchor.chain != head.chain:
            yield Problem(Fault.OTHER_CHAIN, f"the anchor {one.name} is of chain {one.anchor.chain}", one.anchor.number)
        elif one.anchor.number:
            sound.append(one)
    agreed = 0
    for one in sorted(sound, key=lambda item: item.anchor.number):
        number = one.anchor.number
        made = f"the anchor {one.name} of {instant(one.anchor.at)}"
        if number > walk.last:
            yield Problem(
                Fault.ROLLED_BACK, f"{made} has them, the database ends at {walk.last}", walk.last + 1, number
            )
            return
        if walk.hashes.get(number) != one.anchor.hash:
            what = f"{made} has another hash for entry {number}"
            yield Problem(Fault.REWRITTEN, what, agreed + 1, number)
            return
        agreed = number


def anchored(anchors: Sequence[NamedAnchor], *, chain: str, trusted: frozenset[str]) -> int:
    """How many entries of the chain the newest sound anchor covers."""
    ours = (one.anchor for one in anchors if one.anchor.chain == chain and one.anchor.is_signed_by(trusted))
    return max((anchor.number for anchor in ours), default=0)


class Taken:
    """Watches for anchors that records say were put into the folder, and that are not there."""

    def __init__(self, folder: str, anchors: Sequence[NamedAnchor]) -> None:
        self._folder = folder
        self._there = _names(anchors)
        self._sought: list[tuple[int, tuple[Value, Value]]] = []

    def look(self, number: int, said: Draft) -> None:
        """Look at entry `number`, which says that an anchor was made."""
        detail = said.detail or {}
        deliveries = detail.get("deliveries")
        kept = isinstance(deliveries, list) and {"to": self._folder, "trouble": ""} in deliveries
        name = (detail.get("number"), detail.get("hash"))
        if kept and name not in self._there:
            self._sought.append((number, name))

    def problems(self, now_there: Callable[[], Sequence[NamedAnchor]]) -> Iterator[Problem]:
        """All of them as one, unless they came while the walk went on: which entries tell of the first and the last."""
        there = _names(now_there()) if self._sought else set()
        gone = [number for number, name in self._sought if name not in there]
        if gone:
            count = "an anchor" if len(gone) == 1 else f"{len(gone):,} anchors"
            what = f"{count} put into the {self._folder} cannot be found there"
            yield Problem(Fault.ANCHOR_TAKEN, what, gone[0], gone[-1])


def _names(anchors: Sequence[NamedAnchor]) -> set[tuple[Value, Value]]:
    return {(one.anchor.number, one.anchor.hash.hex()) for one in anchors}
