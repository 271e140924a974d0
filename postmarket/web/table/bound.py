"""A table with its rows, as one request's address asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase

from postmarket.web.table.columns import Column
from postmarket.web.table.exports import FORMATS, may_take, response
from postmarket.web.table.filters import Choice, Filter
from postmarket.web.table.rows import Given, Rows, rows_of

if TYPE_CHECKING:
    from postmarket.web.table.table import Table

AROUND = 2
"""How many pages are named on either side of the one shown."""


@dataclass(frozen=True)
class Heading:
    """A column's heading: `sorted` is "ascending", "descending" or empty; `url` sorts by it."""

    column: Column[Any]
    sorted: str
    url: str


@dataclass(frozen=True)
class Cell:
    """One cell of the page."""

    column: Column[Any]
    text: str

    @property
    def bare(self) -> bool:
        """Whether it is a plain value, which needs its column's name beside it where there is no column."""
        return self.column.show is None


@dataclass(frozen=True)
class Line:
    """A row of the page; `group` is the line above it where a group begins, else empty."""

    cells: list[Cell]
    group: str


@dataclass(frozen=True)
class Control:
    """A filter with what is chosen in it."""

    filter: Filter
    name: str
    value: str

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The answers of a choice; none for a search box."""
        return self.filter.options if isinstance(self.filter, Choice) else ()


@dataclass(frozen=True)
class PageLink:
    """One page's number; None is the gap between numbers."""

    number: int | None
    url: str = ""
    here: bool = False


class BoundTable:
    """What the template shows and an export writes."""

    def __init__(self, table: Table, request: HttpRequest, rows: Given) -> None:
        self.table = table
        self.request = request
        self.given = rows

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """The filters, each with its value."""
        return tuple(
            Control(item, self._name(item.key), item.accepted(self.request.GET.get(self._name(item.key), "")))
            for item in self.table.filters
        )

    @cached_property
    def rows(self) -> Rows:
        """What the filters leave, in the order asked for."""
        given = self.given
        for control in self.controls:
            if control.value:
                given = control.filter.narrow(given, control.value)
        rows = rows_of(given)
        column, descending = self._order
        return rows.sorted(column, descending=descending) if column else rows

    @cached_property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return any(control.value for control in self.controls)

    @cached_property
    def count(self) -> int:
        """How many rows there are on all pages."""
        return self.rows.count()

    @cached_property
    def pages(self) -> int:
        """How many pages; one when there is nothing."""
        return max(-(-self.count // self.table.page_size), 1)

    @cached_property
    def page(self) -> int:
        """The page shown, from 1; one past the end is the last."""
        asked = self.request.GET.get(self._name("page"), "1")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 1
        return min(max(number, 1), self.pages)

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return (self.page - 1) * self.table.page_size + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.table.page_size, self.count)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings; one without a URL cannot be sorted by."""
        chosen, descending = self._order
        return tuple(self._heading(column, column is chosen, descending) for column in self._shown)

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the page shown; each group has its line on every page it is on."""
        lines, before = [], None
        for row in self.rows.cut(self.first - 1, self.last):
            group, said = self.table.group(row) if self.table.group else ("", "")
            cells = [Cell(column, column.cell(row)) for column in self._shown]
            lines.append(Line(cells, said if group != before else ""))
            before = group
        return lines

    @property
    def body(self) -> list[list[Cell]]:
        """The cells of the page shown."""
        return [line.cells for line in self.lines]

    @cached_property
    def links(self) -> list[PageLink]:
        """The pages that are named: the first, the last and those around; a gap where some are left out."""
        near = range(self.page - AROUND, self.page + AROUND + 1)
        named = sorted({1, self.pages, *(number for number in near if 1 <= number <= self.pages)})
        links: list[PageLink] = []
        for before, number in zip([0, *named], named, strict=False):
            if number > before + 1:
                links.append(PageLink(None))
            links.append(PageLink(number, self.url(page=str(number)), number == self.page))
        return links

    @property
    def exports(self) -> Iterator[tuple[str, str]]:
        """The formats and where each is, for who may take it: all rows the filters leave, wherever one stands."""
        names = FORMATS if may_take(self.request, self.table) else ()
        return ((name.upper(), self.url(format=name, page="")) for name in names)

    @property
    def cleared_url(self) -> str:
        """The address without any filter."""
        return self.url(page="", **{control.filter.key: "" for control in self.controls})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters a filter form carries along: all but the filters and the page."""
        own = {control.name for control in self.controls} | {self._name("page"), self._name("format")}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    def export(self) -> HttpResponseBase | None:
        """The file the address asks for, None when it asks for the page. Raises NotAllowed for who may not have it."""
        name = self.request.GET.get(self._name("format"), "")
        return response(name, self.table, self.rows.every(), request=self.request) if name in FORMATS else None

    def url(self, **changes: str) -> str:
        """This address with parameters of this table changed; an empty value leaves one out."""
        query = self.request.GET.copy()
        query.pop(self._name("format"), None)
        for key, value in changes.items():
            if value:
                query[self._name(key)] = value
            else:
                query.pop(self._name(key), None)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def _shown(self) -> list[Column[Any]]:
        return [column for column in self.table.columns if not column.export_only]

    def _name(self, key: str) -> str:
        return key if self.table.alone else f"{self.table.name}.{key}"

    @cached_property
    def _order(self) -> tuple[Column[Any] | None, bool]:
        """By which column, and whether descending: what the address says, else as declared."""
        rows = rows_of(self.given)
        for asked in (self.request.GET.get(self._name("sort"), ""), self.table.sort):
            for column in self.table.columns:
                if column.key == asked.removeprefix("-") and rows.sorts(column):
                    return column, asked.startswith("-")
        return None, False

    def _heading(self, column: Column[Any], chosen: bool, descending: bool) -> Heading:
        if not rows_of(self.given).sorts(column):
            return Heading(column, "", "")
        turned = not descending if chosen else column.descends
        url = self.url(sort=f"-{column.key}" if turned else column.key, page="")
        return Heading(column, ("descending" if descending else "ascending") if chosen else "", url)
