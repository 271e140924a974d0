"""What a backup needs of a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class Snapshot(Protocol):
    """The database at one moment, while others go on writing."""

    @property
    def size(self) -> int:
        """About how many bytes `members` will give."""

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one question, as of that moment."""

    def has_table(self, name: str) -> bool:
        """Whether there was a table of that name."""

    def members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Each member's name and content, to be read one after the other."""
