"""
Three values over a whole device: a configuration is true, false, or not known.

A platform the SBOM does not state leaves a condition unknown, never false: only something that contradicts it (a
device profile) makes it false. Kleene's strong logic, which NVD's AND/OR/negate trees reduce to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.sources.interface import Operator

if TYPE_CHECKING:
    from collections.abc import Callable

    from postmarket.sources.interface import Node

Truth = bool | None
"""None is unknown."""


def evaluate(node: Node, leaf: Callable[[int], Truth]) -> Truth:
    """The truth of `node`, given that of each criterion by its position; an empty node is unknown."""
    values = [leaf(position) for position in node.criteria]
    values.extend(evaluate(child, leaf) for child in node.nodes)
    result = all_of(values) if node.operator is Operator.AND else any_of(values)
    if result is None:
        return None
    return not result if node.negate else result


def all_of(values: list[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown (or there is none), else true."""
    if any(value is False for value in values):
        return False
    return None if not values or any(value is None for value in values) else True


def any_of(values: list[Truth]) -> Truth:
    """True if any is true, else unknown if any is unknown (or there is none), else false."""
    if any(value is True for value in values):
        return True
    return None if not values or any(value is None for value in values) else False
