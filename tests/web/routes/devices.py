"""Devices, versions' place in the field, suppliers and proposals."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.inventory.models import Customer, FieldedUnits
from postmarket.inventory.rules.cyber_device import Tests
from postmarket.inventory.services.determinations import draft_determination
from postmarket.inventory.services.proposals import propose_device
from postmarket.inventory.services.suppliers import add_supplier
from postmarket.inventory.words import Answer, Feature
from tests.builders import NOW
from tests.inventory.builders import WHY, bearer, device, manager, person, supplier_fields, version
from tests.web.routes.interface import Route, Routes, holders

BOTH = ("GET", "POST")
READ = holders(Permission.CONTENT_READ)
EDIT = holders(Permission.DEVICES_EDIT)
DETERMINE = holders(Permission.DEVICES_DETERMINE)
SUPPLY = holders(Permission.SUPPLIERS_EDIT)


def a_device(who: Person | None) -> Mapping[str, object]:
    """A device of no line."""
    return {"pk": device().pk}


def a_draft(who: Person | None) -> Mapping[str, object]:
    """A device whose determination is drafted."""
    pump, by = device(), person(Role.REGULATORY_AFFAIRS)
    tests = Tests(Answer.YES, Answer.YES, Answer.YES, frozenset({Feature.USB}))
    draft_determination(by=by, device=pump, tests=tests, rationale="See.", answers={}, why=WHY, now=NOW)
    return {"pk": pump.pk}


def a_version(who: Person | None) -> Mapping[str, object]:
    """A version in development."""
    return {"pk": version().pk}


def a_customer(who: Person | None) -> Mapping[str, object]:
    """A hospital with two pumps."""
    customer = Customer.objects.create(name="St. Brigid", country="IE", created_at=NOW)
    FieldedUnits.objects.create(version=version(), customer=customer, units=2, counted_on=NOW.date())
    return {"pk": customer.pk}


def a_supplier(who: Person | None) -> Mapping[str, object]:
    """A supplier."""
    return {"pk": add_supplier(by=manager(), fields=supplier_fields(), why=WHY, now=NOW).pk}


def a_proposal(who: Person | None) -> Mapping[str, object]:
    """What a pipeline sent."""
    by = bearer(manager(), Scope.SBOMS_WRITE)
    made = propose_device(by=by, device_name="X", version_label="1", content=b"{}", file_name="x.json", now=NOW)
    return {"pk": made.pk}


ROUTES: Routes = {
    "devices": Route(allowed=READ),
    "device-add": Route(allowed=EDIT, methods=BOTH),
    "support-forecast": Route(allowed=READ),
    "device": Route(allowed=READ, kwargs=a_device),
    "device-edit": Route(allowed=EDIT, methods=BOTH, kwargs=a_device),
    "device-determine": Route(allowed=DETERMINE, methods=BOTH, kwargs=a_device),
    "device-determination-sign": Route(allowed=DETERMINE, methods=("POST",), kwargs=a_draft),
    "version-add": Route(allowed=EDIT, methods=BOTH, kwargs=a_device),
    "version-edit": Route(allowed=EDIT, methods=BOTH, kwargs=a_version),
    "version-ship": Route(allowed=holders(Permission.VERSIONS_SHIP), methods=BOTH, kwargs=a_version),
    "version-units": Route(allowed=READ, kwargs=a_version),
    "version-count": Route(allowed=EDIT, methods=BOTH, kwargs=a_version),
    "suppliers": Route(allowed=READ),
    "supplier": Route(allowed=READ, kwargs=a_supplier),
    "supplier-add": Route(allowed=SUPPLY, methods=BOTH),
    "supplier-edit": Route(allowed=SUPPLY, methods=BOTH, kwargs=a_supplier),
    "currency": Route(allowed=READ),
    "customers": Route(allowed=READ),
    "customer": Route(allowed=READ, kwargs=a_customer),
    "proposals": Route(allowed=READ),
    "proposal": Route(allowed=READ, kwargs=a_proposal),
    "proposal-decide": Route(allowed=EDIT, methods=("POST",), kwargs=a_proposal),
}
