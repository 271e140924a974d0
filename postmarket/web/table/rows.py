"""Where rows come from: a QuerySet, sorted and cut by the database, a list, sorted here, or a query of an app's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from django.db.models import F, QuerySet

from postmarket.web.table.columns import Column

Row = TypeVar("Row")
CHUNK = 500


class Rows(Protocol):
    """What a table asks of its rows."""

    def count(self) -> int:
        """How many there are."""

    def sorts(self, column: Column[Any]) -> bool:
        """Whether they can be sorted by `column`."""

    def sorted(self, column: Column[Any], *, descending: bool) -> Rows:
        """The same rows in that order, unknown last either way."""

    def cut(self, start: int, end: int) -> Sequence[Any]:
        """The rows from `start` up to, not including, `end`."""

    def every(self) -> Iterator[Any]:
        """All of them, without holding them all."""


class QueryRows:
    """Rows of the database."""

    def __init__(self, query: QuerySet[Any, Any]) -> None:
        self.query = query

    def count(self) -> int:
        """How many there are: one COUNT."""
        return self.query.count()

    def sorts(self, column: Column[Any]) -> bool:
        """Whether the column names fields."""
        return column.sortable and bool(column.order)

    def sorted(self, column: Column[Any], *, descending: bool) -> Rows:
        """Sorted by the column's fields, then by key, so that pages never overlap."""
        fields = [F(name) for name in column.order.split()]
        order = [field.desc(nulls_last=True) if descending else field.asc(nulls_last=True) for field in fields]
        return QueryRows(self.query.order_by(*order, "pk"))

    def cut(self, start: int, end: int) -> Sequence[Any]:
        """One page."""
        return list(self.query[start:end])

    def every(self) -> Iterator[Any]:
        """All, in chunks."""
        return self.query.iterator(chunk_size=CHUNK)


class ListRows:
    """Rows at hand."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows

    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    def sorts(self, column: Column[Any]) -> bool:
        """Whether the column allows it."""
        return column.sortable

    def sorted(self, column: Column[Any], *, descending: bool) -> Rows:
        """Sorted by value; what is equal stays in the order it came in."""
        known = [row for row in self.rows if column.value(row) is not None]
        unknown = [row for row in self.rows if column.value(row) is None]
        known.sort(key=column.sort_key, reverse=descending)
        return ListRows([*known, *unknown])

    def cut(self, start: int, end: int) -> Sequence[Any]:
        """One page."""
        return self.rows[start:end]

    def every(self) -> Iterator[Any]:
        """All."""
        return iter(self.rows)


Given = QuerySet[Any, Any] | Sequence[Any] | Rows
"""What a table takes: a query, a list, or rows that sort and cut themselves."""


def rows_of(given: Given) -> Rows:
    """The rows of a QuerySet, a list, or what is rows already."""
    if isinstance(given, QuerySet):
        return QueryRows(given)
    return ListRows(given) if isinstance(given, Sequence) else given
