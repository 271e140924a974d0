"""Suppliers of a file."""

from __future__ import annotations

from postmarket.inventory.models import Supplier
from postmarket.inventory.rules.suppliers import SupplierFields
from postmarket.inventory.services.importing.interface import Importing, Kind, outcome_of, said_of
from postmarket.inventory.services.suppliers import add_supplier, edit_supplier, fields_of
from postmarket.inventory.snapshots import supplier_snapshot
from postmarket.worklist.portfolio_facts import ListedSupplier


def import_supplier(importing: Importing, listed: ListedSupplier) -> None:
    """Add it, or change what the file says of it; the names it has already stay. Raises ImportRefused."""
    with said_of(listed.part.where):
        held = Supplier.objects.filter(name__iexact=" ".join(listed.name.split())).first()
        before = None if held is None else supplier_snapshot(held)
        fields = _merged(listed, SupplierFields(listed.name) if held is None else fields_of(held))
        by, why, now = importing.by, importing.why, importing.now
        if held is None:
            held = add_supplier(by=by, fields=fields, why=why, now=now)
        else:
            held = edit_supplier(by=by, supplier=held, fields=fields, why=why, now=now)
        importing.note(Kind.SUPPLIER, held.name, outcome_of(before, supplier_snapshot(held)))


def _merged(listed: ListedSupplier, held: SupplierFields) -> SupplierFields:
    return SupplierFields(
        name=listed.name,
        security_contact=held.security_contact if listed.security_contact is None else listed.security_contact,
        response_terms=held.response_terms if listed.response_terms is None else listed.response_terms,
        risk_reviewed_on=listed.risk_reviewed or held.risk_reviewed_on,
        notes=held.notes if listed.notes is None else listed.notes,
        names=(*held.names, *(listed.names or ())),
    )
