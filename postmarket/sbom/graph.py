"""Local names and the graph over them: names made unique, ends that lead nowhere, circles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmarket.sbom.interface import Relationship
    from postmarket.sbom.notes import Notes


class Refs:
    """Hands out local names, each only once."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._used: Counter[str] = Counter()

    def unique(self, written: str, place: str) -> str:
        """
        `written`, or `@place` when nothing is written; a name used before gets `#2`, `#3`, … and a note.

        Relationships that use the doubled name mean the first one.
        """
        ref = written or f"@{place}"
        self._used[ref] += 1
        if self._used[ref] == 1:
            return ref
        self._notes.add(place, f'"{ref[:80]}" is used as a reference more than once.', kind="reference used twice")
        while f"{ref}#{self._used[ref]}" in self._used:
            self._used[ref] += 1
        again = f"{ref}#{self._used[ref]}"
        self._used[again] += 1
        return again


def check_graph(relationships: Iterable[Relationship], known: Collection[str], notes: Notes) -> None:
    """
    Note every end that names nothing in `known`, and circles among "depends-on"; nothing is taken out.

    A reference into another document (BOM-Link, `DocumentRef-`) is no loose end.
    """
    depends: dict[str, set[str]] = defaultdict(set)
    told: set[str] = set()
    for one in relationships:
        for end in (one.source, one.target):
            if end not in known and end not in told and not end.startswith(("urn:cdx:", "DocumentRef-")):
                told.add(end)
                notes.add("dependencies", f'"{end[:80]}" is related to but not listed.', kind="related but not listed")
        if one.kind == "depends-on":
            depends[one.source].add(one.target)
    circle = find_circle(depends)
    if circle:
        shown = " -> ".join(ref[:60] for ref in circle[:6])
        notes.add("dependencies", f"components depend on each other in a circle: {shown}.", kind="circle")


def find_circle(depends: dict[str, set[str]]) -> list[str]:
    """One circle in the graph, first node repeated at the end; empty when there is none. Needs no recursion."""
    left = {source: set(targets) & depends.keys() for source, targets in depends.items()}
    needed_by: dict[str, list[str]] = defaultdict(list)
    for source, targets in left.items():
        for target in targets:
            needed_by[target].append(source)
    done = [source for source, targets in left.items() if not targets]
    while done:
        target = done.pop()
        left.pop(target, None)
        for source in needed_by[target]:
            if source in left:
                left[source].discard(target)
                if not left[source]:
                    done.append(source)
    if not left:
        return []
    steps: dict[str, int] = {}
    at = min(left)
    while at not in steps:
        steps[at] = len(steps)
        at = min(left[at])
    return [*list(steps)[steps[at] :], at]
