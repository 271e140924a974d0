"""Where the units of a version are, and counting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import DeviceVersion, FieldedUnits
from postmarket.inventory.queries.versions import customers, fielded
from postmarket.inventory.services.units import count_units, name_customer
from postmarket.records import act
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.dates import today
from postmarket.web.components.tags import unknown
from postmarket.web.components.text import plural
from postmarket.web.pages.devices.common import attempt, version_or_404
from postmarket.web.pages.devices.forms import CountForm
from postmarket.web.table import Column, Search, Table

UNITS = Table(
    name="units",
    caption="Units by customer",
    columns=(
        Column[FieldedUnits](
            key="customer",
            label="Customer",
            value=lambda one: one.customer.name if one.customer else None,
            show=lambda one: one.customer.name if one.customer else unknown("not known who has them"),
            heads=True,
        ),
        Column[FieldedUnits](
            key="country",
            label="Country",
            value=lambda one: (one.customer.country or None) if one.customer else None,
            wide_only=True,
        ),
        Column[FieldedUnits](key="counted", label="Counted on", value=lambda one: one.counted_on, descends=True),
        Column[FieldedUnits](key="units", label="Units", value=lambda one: one.units, numeric=True, descends=True),
    ),
    filters=(
        Search(
            label="Find a customer",
            narrow=lambda rows, words: [one for one in rows if words.casefold() in str(one.customer or "").casefold()],
        ),
    ),
    empty="devices/no_units.html",
)


@require_safe
def version_units(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Units by customer."""
    by = reader(request)
    version = version_or_404(by, pk).version
    where = fielded(version)
    table = UNITS.bind(request, where.rows)
    line = version.device.line
    context = {
        "version": version,
        "device": version.device,
        "where": where,
        "table": table,
        "form": CountForm(initial={"counted_on": today()}),
        "customers": customers(by),
        "edits": may(by, Permission.DEVICES_EDIT, on=line),
        "ships": may(by, Permission.VERSIONS_SHIP, on=line),
    }
    return table.export() or render(request, "devices/units.html", context)


@require_http_methods(["GET", "POST"])
def version_count(request: HttpRequest, pk: int) -> HttpResponse:
    """Count units of a customer."""
    by = reader(request)
    version = version_or_404(by, pk).version
    require(by, Permission.DEVICES_EDIT, on=version.device.line)
    form = CountForm(request.POST or None, initial={"counted_on": today()})
    made = attempt(form, lambda data: _count(by, version, data))
    if made is not None:
        messages.success(request, f"{plural(made.units, 'unit')} counted.")
        return HttpResponseRedirect(reverse("version-units", args=[version.pk]))
    context = {"version": version, "device": version.device, "form": form, "customers": customers(by)}
    return render(request, "devices/count.html", context, status=400 if form.errors else 200)


def _count(by: Person, version: DeviceVersion, data: Mapping[str, Any]) -> FieldedUnits:
    """The customer, added where it is new, and the count: both or neither."""
    name, why, now = data["customer"], data["why"], clock.now()
    with act(actor=by.actor, at=now, why=why):
        customer = name_customer(by=by, name=name, country=data["country"], why=why, now=now) if name else None
        return count_units(
            by=by,
            version=version,
            customer=customer,
            units=data["units"],
            counted_on=data["counted_on"],
            why=why,
            now=now,
        )
