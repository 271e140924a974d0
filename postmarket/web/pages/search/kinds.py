"""What one search says: things found, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, what is said under it, where a click goes ("" nowhere yet)."""

    title: str
    under: str
    url: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """The things of one kind; `more` were found and are not shown."""

    name: str
    hits: Sequence[Hit]
    more: int = 0


def more(found: QuerySet[Any, Any], hits: Sequence[Hit]) -> int:
    """How many were found beyond these hits."""
    return found.count() - len(hits) if len(hits) == MOST else 0
