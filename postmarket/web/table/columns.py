"""One column: its heading, what a cell holds, how it is shown and sorted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from postmarket.web.components import dates
from postmarket.web.components.tags import unknown

Row = TypeVar("Row")
Plain = str | int | float | bool | date | datetime | None
"""What a cell holds and an export writes; None is unknown."""


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """
    `value` is the plain content, used in exports and, without `show`, on the page.

    `show` gives the cell's HTML (format_html, or a plain string, which is escaped). `order` names the fields a QuerySet
    is sorted by (a list is sorted by `value`); empty: a QuerySet cannot be sorted by this column.
    `heads` marks the column whose cell names its row; `wide_only` leaves it out on a phone (its content must then be
    reachable otherwise); `export_only` leaves it to the files, `page_only` to the page; `descends` sorts a first click
    the other way (newest, worst, most first).
    """

    key: str
    label: str
    value: Callable[[Row], Plain]
    show: Callable[[Row], str] | None = None
    order: str = ""
    heads: bool = False
    numeric: bool = False
    wide_only: bool = False
    descends: bool = False
    sortable: bool = True
    export_only: bool = False
    page_only: bool = False

    def cell(self, row: Row) -> str:
        """The cell as the page shows it; unknown is hatched."""
        return self.show(row) if self.show else shown(self.value(row))

    def sort_key(self, row: Row) -> tuple[bool, object]:
        """What a list is sorted by; unknown comes last, words without regard to case."""
        value = self.value(row)
        return value is None, value.casefold() if isinstance(value, str) else value


def shown(value: Plain) -> str:
    """A plain value as people read it."""
    match value:
        case None | "":
            return unknown()
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case datetime() | date():
            return dates.said(value)
        case _:
            return str(value)
