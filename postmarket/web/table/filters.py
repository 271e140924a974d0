"""Filters above a table: a search box, or one of a few answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from postmarket.web.table.rows import Given

Narrow = Callable[[Any, str], Given]
"""Takes the QuerySet or list and the chosen value; gives what is left of it."""
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search box."""

    label: str
    narrow: Narrow
    key: str = "q"

    def accepted(self, value: str) -> str:
        """What is searched for: trimmed, cut to a sane length, without control characters."""
        return "".join(char for char in value if char.isprintable()).strip()[:LONGEST]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few answers, as (value in the address, words); none chosen shows all."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...]
    narrow: Narrow

    def accepted(self, value: str) -> str:
        """The value if it is one of the options, else none."""
        return value if any(value == option for option, _ in self.options) else ""


Filter = Search | Choice
