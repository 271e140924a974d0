"""
The walk: the components of a device against every configuration, in three values.

A leaf that a component surely hits is true; any other is unknown, never false: an SBOM that does not list a platform
does not say that it is absent. An OR that is not negated only lists alternatives, so each of its parts is judged as a
configuration of its own; the rest is Kleene's strong logic.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.oracle.feed import Leaf
from tests.oracle.names import cpe, narrows
from tests.oracle.order import order
from tests.oracle.ranges import EVERY, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.oracle.feed import Branch, Cve, Feed
    from tests.oracle.names import Cpe
    from tests.oracle.order import Item

Truth = bool | None
"""None is unknown."""


class Sure(IntEnum):
    """How surely a CVE concerns a component, surest first."""

    CONFIRMED = 1
    UNVERIFIED = 2
    POSSIBLE = 3
    CONTRADICTED = 4


@dataclass(frozen=True)
class Stated:
    """A component of the inventory: its CPE, and what its version sorts by (None: unknown)."""

    cpe: Cpe
    order: tuple[Item, ...] | None
    bare: tuple[Item, ...] | None
    """What its CPE's version sorts by without the update that the CPE states; None when it states none."""


def stated(name: str, version: str = "") -> Stated:
    """A component listed with the CPE `name`; `version` is the list's own word, used when the CPE has none."""
    parsed = cpe(name)
    if not parsed.states_version:
        return Stated(cpe=parsed, order=order(version), bare=None)
    bare = order(parsed.version.plain) if parsed.states_update else None
    return Stated(cpe=parsed, order=order(parsed.full_version), bare=bare)


def walk(feed: Feed, device: Sequence[Stated]) -> dict[tuple[int, str], Sure]:
    """
    All that matches: (position of the component, CVE) and how surely, the surest way counting.

    A component whose version is unknown is there too: it matches what concerns every version.
    """
    found: dict[tuple[int, str], Sure] = {}
    for position, component in enumerate(device):
        for cve in feed.speaking_of(component.cpe):
            grades = list(_grades(cve, component, device))
            if grades:
                found[position, cve.id] = Sure.CONTRADICTED if cve.rejected else min(grades)
    return found


def known_of(feed: Feed, name: Cpe) -> int:
    """How many CVEs call the product vulnerable in some version."""
    return sum(
        any(leaf.vulnerable and leaf.cpe.names_product_of(name) for leaf in cve.leaves)
        for cve in feed.speaking_of(name)
    )


def _grades(cve: Cve, component: Stated, device: Sequence[Stated]) -> Iterator[Sure]:
    """For every alternative with a vulnerable leaf the component hits: the less sure of the hit and the condition."""
    by_truth: dict[Truth, Sure] = {True: Sure.CONFIRMED, None: Sure.UNVERIFIED, False: Sure.CONTRADICTED}
    for alternative in cve.alternatives:
        # A leaf that stands alone is its own condition: nothing else has to hold.
        alone = isinstance(alternative.part, Leaf)
        hits = [found for leaf in alternative.vulnerable if (found := hit(leaf, component, alone=alone)) is not None]
        if not hits:
            continue
        yield max(min(hits), Sure.CONFIRMED if alone else by_truth[truth(alternative.part, device)])


def truth(part: Branch | Leaf, device: Sequence[Stated]) -> Truth:
    """Whether this part of a configuration holds on the device; a branch that says nothing is unknown."""
    if isinstance(part, Leaf):
        return True if any(hit(part, component) is Sure.CONFIRMED for component in device) else None
    answers = [truth(each, device) for each in part.parts] or [None]
    result = _all(answers) if part.operator == "AND" else _any(answers)
    return not result if part.negate and result is not None else result


def _all(answers: list[Truth]) -> Truth:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: list[Truth]) -> Truth:
    if True in answers:
        return True
    return None if None in answers else False


def hit(leaf: Leaf, component: Stated, *, alone: bool = False) -> Sure | None:
    """How surely the component is what the leaf names; None when it is not."""
    if not leaf.cpe.names_product_of(component.cpe):
        return None
    by_version = _by_version(leaf, component, alone=alone)
    fits = narrows(leaf.cpe, component.cpe)
    if by_version is None or fits is False:
        return None
    return max(by_version, Sure.CONFIRMED if fits else Sure.UNVERIFIED)


def _by_version(leaf: Leaf, component: Stated, *, alone: bool) -> Sure | None:
    """
    How surely the component's version is one the leaf speaks of.

    Every version holds an unknown one too; in no other range can it be placed. Updates are D3 of ADR 0030.
    """
    if leaf.range is None:
        return Sure.POSSIBLE
    if leaf.range == EVERY or (component.order is not None and holds(leaf.range, component.order)):
        return Sure.CONFIRMED
    if leaf.only is None:
        return None
    if leaf.cpe.update.written == "*" and component.bare == leaf.only:
        return Sure.CONFIRMED
    if alone and leaf.cpe.states_update and component.order == leaf.only:
        if component.cpe.update.written == "*":
            return Sure.UNVERIFIED
        # The CPE states the update, and the list states the version.
        return Sure.CONFIRMED if leaf.cpe.update.matches(component.cpe.update) else None
    return None
