"""Columns and filters of the kinds that many lists have: a moment, a state on its colour, a number, a linked name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.html import format_html

from postmarket.web.components.dates import said_time
from postmarket.web.components.tags import badge
from postmarket.web.table.columns import Column, Plain
from postmarket.web.table.filters import Choice

Row = TypeVar("Row")
Word = tuple[str, str]
"""A colour (`components.tags.Meaning`) and its word."""


def moment(key: str, label: str, field: str, *, wide_only: bool = False, sortable: bool = True) -> Column[Any]:
    """A field that is an instant, the newest first on a first click."""
    read = attrgetter(field)
    return Column[Any](
        key=key,
        label=label,
        order=field if sortable else "",
        descends=True,
        wide_only=wide_only,
        value=read,
        show=lambda row: said_time(read(row)),
    )


def number(key: str, label: str, field: str, *, wide_only: bool = False, sortable: bool = True) -> Column[Any]:
    """A field that counts, the most first on a first click."""
    return Column[Any](
        key=key,
        label=label,
        order=field if sortable else "",
        numeric=True,
        descends=True,
        wide_only=wide_only,
        value=lambda row: getattr(row, field, None),
    )


def tagged(key: str, label: str, word: Callable[[Row], Word], *, order: str = "") -> Column[Row]:
    """A state as a word on its colour; an export has the word."""
    return Column[Row](
        key=key, label=label, order=order, value=lambda row: word(row)[1], show=lambda row: badge(*word(row))
    )


def linked(
    key: str,
    label: str,
    route: str,
    text: Callable[[Row], Plain],
    *,
    order: str,
    below: Callable[[Row], str] | None = None,
) -> Column[Row]:
    """What names the row, linked to its page (`route` takes its key), with a quiet line `below` it."""

    def show(row: Row) -> str:
        name = format_html('<a href="{}">{}</a>', reverse(route, kwargs={"pk": row.pk}), text(row))  # type: ignore[attr-defined]  # a model's row
        under = below(row) if below else ""
        return format_html('{}<div class="small quiet">{}</div>', name, under) if under else name

    return Column[Row](key=key, label=label, order=order, heads=True, value=text, show=show)


def choice(key: str, label: str, options: Iterable[tuple[str, str]], field: str = "") -> Choice:
    """A filter by the value of a field, named as the filter where none is given."""
    return Choice(
        key=key,
        label=label,
        options=tuple(options),
        narrow=lambda rows, value: rows.filter(**{field or key: value}),
    )
