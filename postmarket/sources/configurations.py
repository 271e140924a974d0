"""
CPE configurations, as NVD 2.0 and `cpeApplicability` of CVE Record 5.1 write them, as criteria and conditions.

A configuration joins nodes, a node joins CPE matches and further nodes; each by AND or OR (OR when it does not say),
each may be negated. Where any one vulnerable match suffices, the matches stand alone as criteria; whatever needs more
than one thing to be true becomes a condition. A part without a vulnerable match can never be a match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.criteria import bare_of_cpe, of_cpe
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Criterion, Node, Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DEPTH = 40
"""Levels of nodes in a configuration; NVD uses two."""


class CpeMatch(msgspec.Struct, rename="camel", gc=False):
    """One leaf: a CPE name, perhaps with a range of versions."""

    criteria: str
    vulnerable: bool = True
    version_start_including: str | None = None
    version_start_excluding: str | None = None
    version_end_including: str | None = None
    version_end_excluding: str | None = None

    @property
    def ranged(self) -> bool:
        """Whether it states ends of a range, so that the version in the name says nothing."""
        ends = (self.version_start_including, self.version_start_excluding)
        return any((*ends, self.version_end_including, self.version_end_excluding))


class Part(msgspec.Struct, rename="camel"):
    """A configuration or a node of it; old feeds call nested nodes `children`."""

    operator: str | None = None
    negate: bool | None = None
    cpe_match: list[CpeMatch] | None = None
    nodes: list[Part] | None = None
    children: list[Part] | None = None

    @property
    def is_and(self) -> bool:
        """Whether all of its parts are needed."""
        return self.operator is not None and self.operator.upper() == Operator.AND

    @property
    def inner(self) -> list[Part]:
        """The nodes inside."""
        return [*(self.nodes or ()), *(self.children or ())]


class Configurations:
    """
    Collects the criteria and conditions of one record.

    A criterion that stands alone and one that stands in a condition have each their own position, even when they are
    equal: a criterion named in a condition does not stand alone.
    """

    def __init__(self) -> None:
        self.criteria: list[Criterion] = []
        self.conditions: list[Node] = []
        self.unread: list[str] = []
        self._alone: set[Criterion] = set()
        self._conditional: dict[Criterion, int] = {}

    def add_alone(self, criterion: Criterion) -> None:
        """A criterion that suffices."""
        if criterion not in self._alone:
            self._alone.add(criterion)
            self.criteria.append(criterion)

    def add_conditional(self, criterion: Criterion) -> int:
        """A criterion that some condition names; its position."""
        position = self._conditional.setdefault(criterion, len(self.criteria))
        if position == len(self.criteria):
            self.criteria.append(criterion)
        return position

    def add(self, configurations: Sequence[Part]) -> None:
        """All that `configurations` say. Raises SourceError for an operator that is none, or too deep a nesting."""
        for part in configurations:
            self._add(part, MAX_DEPTH)

    def _add(self, part: Part, depth: int) -> None:
        inner, leaves = part.inner, part.cpe_match or ()
        _check(part, depth)
        alternatives = not part.is_and or len(inner) + len(leaves) == 1
        if alternatives and not part.negate:
            for leaf in leaves:
                if leaf.vulnerable:
                    self.add_alone(self._criterion(leaf))
                    bare = None if leaf.ranged else bare_of_cpe(leaf.criteria)
                    if bare is not None:
                        self.add_alone(bare)
            for node in inner:
                self._add(node, depth - 1)
        elif _can_match(part, depth):
            self.conditions.append(self._node(part, depth))

    def _node(self, part: Part, depth: int) -> Node:
        _check(part, depth)
        return Node(
            Operator.AND if part.is_and else Operator.OR,
            tuple(self.add_conditional(self._criterion(leaf)) for leaf in part.cpe_match or ()),
            tuple(self._node(node, depth - 1) for node in part.inner),
            bool(part.negate),
        )

    def _criterion(self, leaf: CpeMatch) -> Criterion:
        criterion, why = of_cpe(
            leaf.criteria,
            leaf.vulnerable,
            leaf.version_start_including,
            leaf.version_start_excluding,
            leaf.version_end_including,
            leaf.version_end_excluding,
        )
        if why:
            self.unread.append(why)
        return criterion


def _check(part: Part, depth: int) -> None:
    if depth == 0:
        raise SourceError("a configuration is nested too deeply", why=f"more than {MAX_DEPTH} levels")
    if part.operator is not None and part.operator.upper() not in Operator.__members__:
        raise SourceError("a configuration cannot be read", why=f"its operator is {part.operator[:40]!r}")


def _can_match(part: Part, depth: int) -> bool:
    """Whether any leaf below is vulnerable."""
    if depth == 0:
        return True  # too deep, which the walk over the nodes will say
    return any(leaf.vulnerable for leaf in part.cpe_match or ()) or any(
        _can_match(node, depth - 1) for node in part.inner
    )
