"""A table as a room declares it, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from postmarket.accounts.permissions import Permission
from postmarket.web.table.bound import BoundTable
from postmarket.web.table.columns import Column
from postmarket.web.table.filters import Filter
from postmarket.web.table.rows import Given

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Table:
    """
    `name` is its id on the page and the file name of its exports; `caption` says what it lists (for screen readers).

    `sort` is the order it opens in: a column's key, with "-" before it for descending. `alone` False puts the name
    before its parameters in the address, for a page with several tables. `empty` names the template shown when there
    are no rows at all; when only the filters leave none, the table says that itself.

    `takes` is what taking its file away needs, so that no list says it again; None when reading the page is enough.

    `group` puts a line above rows that stand together: it gives a row's group and that line as HTML. The rows come
    in groups already.
    """

    name: str
    caption: str
    columns: tuple[Column[Any], ...]
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    page_size: int = PAGE_SIZE
    alone: bool = True
    empty: str = "web/components/table_empty.html"
    takes: Permission | None = Permission.CONTENT_EXPORT
    group: Callable[[Any], tuple[str, str]] | None = None

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"the table {self.name} has two columns of one key")
        if self.sort and self.sort.removeprefix("-") not in keys:
            raise ValueError(f"the table {self.name} is sorted by a column it has not: {self.sort}")

    @property
    def exported(self) -> tuple[Column[Any], ...]:
        """The columns of a file."""
        return tuple(column for column in self.columns if not column.page_only)

    def bind(self, request: HttpRequest, rows: Given) -> BoundTable:
        """The table with rows, as the address asks for it; whatever it asks that there is not is passed over."""
        return BoundTable(self, request, rows)
