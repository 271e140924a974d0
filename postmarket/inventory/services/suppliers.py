"""Suppliers: whom to ask, on which terms, and when their risk was last reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.days import site_day
from postmarket.inventory.errors import InvalidSupplier
from postmarket.inventory.models import Supplier, SupplierName
from postmarket.inventory.rules.suppliers import SupplierFields, check_supplier
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.unchanged import state_word, unchanged_since
from postmarket.inventory.snapshots import supplier_snapshot
from postmarket.records import act


def add_supplier(*, by: Caller, fields: SupplierFields, why: str, now: datetime) -> Supplier:
    """
    A new supplier. Suppliers belong to no device line: it takes a grant for all.

    Raises NotAllowed, NoReason, InvalidSupplier (also for a name that means another supplier).
    """
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    checked = check_supplier(fields, today=site_day(now))
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        supplier = Supplier(created_at=now)
        _set(supplier, checked)
        doing.note("supplier.created", subject=supplier, before=None, after=supplier_snapshot(supplier))
    return supplier


def edit_supplier(
    *, by: Caller, supplier: Supplier, fields: SupplierFields, why: str, now: datetime, seen: str = ""
) -> Supplier:
    """
    All fields of a supplier anew; what is the same as before leaves no record.

    `seen` is the `state_of` that whoever edits has read: raises ChangedMeanwhile when it is another by now. Raises as
    `add_supplier` does.
    """
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    checked = check_supplier(fields, today=site_day(now))
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        supplier = Supplier.objects.select_for_update().get(pk=supplier.pk)
        before = supplier_snapshot(supplier)
        unchanged_since(seen, before, supplier.name)
        _set(supplier, checked)
        after = supplier_snapshot(supplier)
        if after != before:
            doing.note("supplier.changed", subject=supplier, before=before, after=after)
    return supplier


def review_supplier(*, by: Caller, supplier: Supplier, reviewed_on: date, why: str, now: datetime) -> Supplier:
    """
    Its risk was reviewed on that day; `why` says what came of it. Raises NotAllowed, NoReason, InvalidSupplier.
    """
    fields = replace(fields_of(supplier), risk_reviewed_on=reviewed_on)
    return edit_supplier(by=by, supplier=supplier, fields=fields, why=why, now=now)


def state_of(supplier: Supplier) -> str:
    """All that is kept of a supplier, in one word that changes with it."""
    return state_word(supplier_snapshot(supplier))


def fields_of(supplier: Supplier) -> SupplierFields:
    """What is kept of a supplier, as people would give it."""
    own = Supplier.objects.get(pk=supplier.pk)
    return SupplierFields(
        name=own.name,
        security_contact=own.security_contact,
        response_terms=own.response_terms,
        risk_reviewed_on=own.risk_reviewed_on,
        notes=own.notes,
        names=tuple(one.folded for one in own.names.all()),
    )


def _set(supplier: Supplier, fields: SupplierFields) -> None:
    taken = SupplierName.objects.filter(folded__in=fields.names).exclude(supplier_id=supplier.pk or 0)
    for one in taken.select_related("supplier"):
        raise InvalidSupplier(
            f"“{one.folded}” means the supplier {one.supplier.name}",
            where="names",
            next_step="Take the name from that supplier first, or leave it out here.",
        )
    supplier.name = fields.name
    supplier.security_contact = fields.security_contact
    supplier.response_terms = fields.response_terms
    supplier.risk_reviewed_on = fields.risk_reviewed_on
    supplier.notes = fields.notes
    supplier.save()
    held = set(supplier.names.values_list("folded", flat=True))
    supplier.names.exclude(folded__in=fields.names).delete()
    SupplierName.objects.bulk_create(
        SupplierName(supplier=supplier, folded=one) for one in fields.names if one not in held
    )
