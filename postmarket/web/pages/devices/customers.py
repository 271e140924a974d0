"""Customers: who has how many of our devices, and what one of them has."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.inventory.models import Customer, FieldedUnits
from postmarket.inventory.queries.customers import CustomerRow, units_by_customer, units_of
from postmarket.web.asking import reader
from postmarket.web.components.tags import unknown
from postmarket.web.components.text import plural
from postmarket.web.pages.devices.common import device_link, version_link
from postmarket.web.table import Column, Search, Table

NOBODY_KNOWS = "not known who has them"


def _named(row: CustomerRow) -> str:
    if row.customer is None:
        return unknown(NOBODY_KNOWS)
    return format_html('<a href="{}">{}</a>', reverse("customer", args=[row.customer.pk]), row.customer.name)


def _has(row: CustomerRow, words: str) -> bool:
    where = (row.customer.name, row.customer.country) if row.customer else ()
    return words in "\n".join((*where, *row.devices)).casefold()


CUSTOMERS = Table(
    name="customers",
    caption="Customers",
    columns=(
        Column[CustomerRow](
            key="customer",
            label="Customer",
            heads=True,
            value=lambda row: row.customer.name if row.customer else None,
            show=_named,
        ),
        Column[CustomerRow](
            key="country",
            label="Country",
            value=lambda row: (row.customer.country or None) if row.customer else None,
            wide_only=True,
        ),
        Column[CustomerRow](key="devices", label="Devices", value=lambda row: ", ".join(row.devices)),
        Column[CustomerRow](
            key="versions",
            label="Versions",
            value=lambda row: row.versions,
            numeric=True,
            descends=True,
            wide_only=True,
        ),
        Column[CustomerRow](key="units", label="Units", value=lambda row: row.units, numeric=True, descends=True),
        Column[CustomerRow](
            key="counted", label="Oldest count", value=lambda row: row.oldest, descends=True, wide_only=True
        ),
    ),
    filters=(
        Search(
            label="Find a customer or device",
            narrow=lambda rows, words: [row for row in rows if _has(row, words.casefold())],
        ),
    ),
    sort="customer",
    empty="devices/no_customers.html",
)
HELD = Table(
    name="customer",
    caption="What they have",
    columns=(
        Column[FieldedUnits](
            key="device",
            label="Device",
            heads=True,
            value=lambda one: one.version.device.name,
            show=lambda one: device_link(one.version.device),
        ),
        Column[FieldedUnits](
            key="version",
            label="Version",
            value=lambda one: one.version.label,
            show=lambda one: version_link(one.version),
        ),
        Column[FieldedUnits](
            key="units",
            label="Units",
            value=lambda one: one.units,
            show=lambda one: format_html(
                '<a href="{}">{}</a>', reverse("version-units", args=[one.version_id]), f"{one.units:,}"
            ),
            numeric=True,
            descends=True,
        ),
        Column[FieldedUnits](key="counted", label="Counted on", value=lambda one: one.counted_on, descends=True),
    ),
)


@require_safe
def customers(request: HttpRequest) -> HttpResponseBase:
    """The list."""
    rows = units_by_customer(reader(request))
    table = CUSTOMERS.bind(request, rows)
    return table.export() or render(request, "devices/customers.html", {"table": table, "headline": headline(rows)})


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One customer; not there for who may read nothing of what they have."""
    by = reader(request)
    found = Customer.objects.filter(pk=pk).first()
    held = units_of(by, found) if found else []
    if found is None or not held:
        raise Http404
    table = HELD.bind(request, held)
    context = {
        "customer": found,
        "table": table,
        "units": sum(one.units for one in held),
        "devices": len({one.version.device_id for one in held}),
    }
    return table.export() or render(request, "devices/customer.html", context)


def headline(rows: Sequence[CustomerRow]) -> str:
    """Who has how much, and what nobody can tell first."""
    known = [row for row in rows if row.customer is not None]
    lost = sum(row.units for row in rows if row.customer is None)
    if not rows:
        return "Nobody has counted the units of any customer."
    if lost:
        return f"Of {plural(lost, 'unit')} in the field it is not known who has them."
    return f"{plural(len(known), 'customer has,customers have')} {plural(sum(r.units for r in known), 'unit')} of ours."
