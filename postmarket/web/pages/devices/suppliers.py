"""Suppliers: the list, one, and changing it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Supplier
from postmarket.inventory.queries.suppliers import SupplierRow, list_suppliers
from postmarket.inventory.queries.suppliers import supplier as find_supplier
from postmarket.inventory.services.suppliers import add_supplier, edit_supplier, fields_of, state_of
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import plural
from postmarket.web.pages.devices.common import attempt
from postmarket.web.pages.devices.forms import SupplierForm
from postmarket.web.pages.devices.meanwhile import Saving, save_over
from postmarket.web.pages.devices.typed import supplier_fields, supplier_typed
from postmarket.web.table import Choice, Column, Search, Table


def _named(row: SupplierRow) -> str:
    address = reverse("supplier", args=[row.supplier.pk])
    return format_html('<a href="{}">{}</a>', address, row.supplier.name)


def contact_link(contact: str) -> str:
    """A security contact as a link; the service lets nothing but mail and https in."""
    if not contact:
        return unknown("no contact")
    address = contact if contact.startswith("https:") else f"mailto:{contact}"
    return format_html('<a href="{}" rel="noreferrer">{}</a>', address, contact)


def review_tag(row: SupplierRow) -> str:
    """Whether its review is due, and when it was last done."""
    on = row.supplier.risk_reviewed_on
    if on is None:
        return unknown("never reviewed")
    return format_html("{} {}", badge("soon" if row.is_due else "safe", "Due" if row.is_due else "Reviewed"), said(on))


def _found(rows: Sequence[SupplierRow], words: str) -> list[SupplierRow]:
    asked = words.casefold()
    return [row for row in rows if asked in "\n".join((row.supplier.name.casefold(), *row.names))]


SUPPLIERS = Table(
    name="suppliers",
    caption="Suppliers",
    columns=(
        Column[SupplierRow](key="name", label="Supplier", value=lambda row: row.supplier.name, show=_named, heads=True),
        Column[SupplierRow](
            key="contact",
            label="Security contact",
            value=lambda row: row.supplier.security_contact or None,
            show=lambda row: contact_link(row.supplier.security_contact),
        ),
        Column[SupplierRow](
            key="terms", label="Response terms", value=lambda row: row.supplier.response_terms or None, wide_only=True
        ),
        Column[SupplierRow](
            key="reviewed", label="Risk review", value=lambda row: row.supplier.risk_reviewed_on, show=review_tag
        ),
    ),
    filters=(
        Search(label="Find a supplier", narrow=_found),
        Choice(
            key="review",
            label="Risk review",
            options=(("due", "Due"), ("done", "Done")),
            narrow=lambda rows, value: [row for row in rows if row.is_due is (value == "due")],
        ),
    ),
    sort="name",
    empty="devices/no_suppliers.html",
)


@require_safe
def suppliers(request: HttpRequest) -> HttpResponseBase:
    """The list."""
    by = reader(request)
    rows = list_suppliers(by, now=clock.now())
    table = SUPPLIERS.bind(request, rows)
    context = {
        "table": table,
        "headline": headline(rows),
        "edits": may(by, Permission.SUPPLIERS_EDIT, on=None),
    }
    return table.export() or render(request, "devices/suppliers.html", context)


@require_safe
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier."""
    by = reader(request)
    row = _or_404(by, pk)
    context = {
        "row": row,
        "contact": contact_link(row.supplier.security_contact),
        "review": review_tag(row),
        "edits": may(by, Permission.SUPPLIERS_EDIT, on=None),
    }
    return render(request, "devices/supplier.html", context)


@require_http_methods(["GET", "POST"])
def supplier_add(request: HttpRequest) -> HttpResponse:
    """A new supplier."""
    by = reader(request)
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    form = SupplierForm(request.POST or None)
    saving = Saving(
        attempt(form, lambda data: add_supplier(by=by, fields=supplier_fields(data), why=data["why"], now=clock.now()))
    )
    return _saved(request, saving.made) or _form(request, form, None, saving)


@require_http_methods(["GET", "POST"])
def supplier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All fields of a supplier, the day of its review among them."""
    by = reader(request)
    row = _or_404(by, pk)
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    kept, seen = supplier_typed(fields_of(row.supplier)), state_of(row.supplier)
    form = SupplierForm(request.POST or None, initial={**kept, "seen": seen})
    saving = save_over(
        request,
        form,
        lambda data: edit_supplier(
            by=by,
            supplier=row.supplier,
            fields=supplier_fields(data),
            why=data["why"],
            now=clock.now(),
            seen=data["seen"],
        ),
        about=row.supplier,
        kept=kept,
        seen=seen,
    )
    return _saved(request, saving.made) or _form(request, form, row, saving)


def _or_404(by: Person, pk: int) -> SupplierRow:
    row = find_supplier(by, pk, now=clock.now())
    if row is None:
        raise Http404
    return row


def _saved(request: HttpRequest, made: Supplier | None) -> HttpResponse | None:
    if made is None:
        return None
    messages.success(request, f"{made.name} is saved.")
    return HttpResponseRedirect(reverse("supplier", args=[made.pk]))


def _form(request: HttpRequest, form: SupplierForm, row: SupplierRow | None, saving: Saving[Supplier]) -> HttpResponse:
    return render(request, "devices/supplier_edit.html", saving.context(form, row=row), status=saving.status(form))


def headline(rows: Sequence[SupplierRow]) -> str:
    """What matters most about all suppliers, as the page's title."""
    if not rows:
        return "No supplier is kept yet."
    due = sum(row.is_due for row in rows)
    silent = sum(not row.supplier.security_contact for row in rows)
    if due:
        return f"The risk of {due:,} of {plural(len(rows), 'supplier')} must be reviewed."
    if silent:
        return f"{plural(silent, 'supplier')} without a security contact."
    return f"{plural(len(rows), 'supplier')}, all reviewed, all with a security contact."
