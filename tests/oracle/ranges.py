"""
Ranges of versions, from `docs/versions.md` ("Ranges") and the four bounds of NVD.

A limit lies before or after a version: `(order, 0)` just before it, `(order, 1)` just after.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.oracle.order import END, NUMBER, PRE_RELEASE, order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.order import Item

Limit = tuple[tuple["Item", ...], int]
Range = tuple[Limit | None, Limit | None]
"""From the first limit up to the second; None leaves that end open."""

_WILDCARD = re.compile(r"v?([0-9]+(?:\.[0-9]+)*?)(?:(?:\.[*x])+|\*)", re.IGNORECASE)
_LONGEST_WILDCARD = 256
EVERY: Range = (None, None)
_LOWEST_PRE_RELEASE: Item = (PRE_RELEASE, 0, "")
"""Before every pre-release there is."""


def limits(text: str) -> tuple[Limit, Limit] | None:
    """Just before and just after a version, or all that a wildcard (`5.10.*`, `5.10*`, `5.10.x`) stands for."""
    wildcard = _WILDCARD.fullmatch(text.strip())
    if not wildcard:
        found = order(text)
        return None if found is None else ((found, 0), (found, 1))
    if len(wildcard[0]) > _LONGEST_WILDCARD:
        return None
    numbers = [int(number) for number in wildcard[1].split(".")]
    return (_lowest_of(numbers), 0), (_lowest_of([*numbers[:-1], numbers[-1] + 1]), 0)


def is_wildcard(text: str) -> bool:
    """Whether it stands for all versions that begin with some numbers."""
    return _WILDCARD.fullmatch(text.strip()) is not None


def _lowest_of(numbers: list[int]) -> tuple[Item, ...]:
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return (*((NUMBER, number, "") for number in numbers), _LOWEST_PRE_RELEASE, (END, 0, ""))


def between(bounds: Mapping[str, str]) -> Range | None:
    """
    The range of `versionStartIncluding` and its siblings; Including wins at the start, Excluding at the end.

    None when it cannot be read: a bound without an order, or nothing between the two ("never quietly empty").
    """
    low = high = None
    try:
        if "versionStartIncluding" in bounds:
            low = _read(bounds["versionStartIncluding"])[0]
        elif "versionStartExcluding" in bounds:
            low = _read(bounds["versionStartExcluding"])[1]
        if "versionEndExcluding" in bounds:
            high = _read(bounds["versionEndExcluding"])[0]
        elif "versionEndIncluding" in bounds:
            high = _read(bounds["versionEndIncluding"])[1]
    except _UnreadableError:
        return None
    if low is not None and high is not None and low >= high:
        return None
    return low, high


class _UnreadableError(Exception):
    """A bound without an order."""


def _read(text: str) -> tuple[Limit, Limit]:
    found = limits(text)
    if found is None:
        raise _UnreadableError(text)
    return found


def holds(held: Range, version: tuple[Item, ...]) -> bool:
    """Whether the version lies between the limits."""
    low, high = held
    return (low is None or low <= (version, 0)) and (high is None or (version, 0) < high)
