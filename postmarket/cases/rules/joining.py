"""When two cases become one: which of their clocks have ended. Pure, and the same whichever is merged into which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Ended:
    """A clock was stopped at that moment (UTC), because; `evidence` is the SHA-256 of what shows it, "" for nothing."""

    at: datetime
    why: str
    evidence: str = ""


def joined(one: Mapping[K, Ended | None], other: Mapping[K, Ended | None]) -> dict[K, Ended | None]:
    """
    For each clock that either has, how it ended; None while it runs.

    It has ended only where it has in both, or in the one that has it: what was sent for some devices was not sent for
    the others. Of two ends the later counts.
    """
    found: dict[K, Ended | None] = {}
    for key in {*one, *other}:
        ends = [side[key] for side in (one, other) if key in side]
        there = [end for end in ends if end is not None]
        found[key] = max(there, key=lambda end: (end.at, end.why)) if len(there) == len(ends) else None
    return found
