"""People with roles, devices, versions: made through the services, as the site makes them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from postmarket.accounts.authority import Bearer
from postmarket.accounts.models import DeviceLine, Person, RoleGrant
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.tokens import issue_token
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.rules.suppliers import SupplierFields
from postmarket.inventory.rules.version_fields import VersionFields
from postmarket.inventory.services.devices import add_device
from postmarket.inventory.services.shipping import mark_shipped
from postmarket.inventory.services.units import count_units, name_customer
from postmarket.inventory.services.versions import add_version
from postmarket.records.queries import Step, history
from tests.builders import NOW

WHY = "As the design history file says."
TODAY = NOW.date()
LATER = NOW + timedelta(days=1)
_numbers = count(1)


def person(*roles: Role, line: DeviceLine | None = None, name: str = "") -> Person:
    """Somebody who holds these roles for `line`, or (None) for all lines."""
    number = next(_numbers)
    found = Person.objects.create(email=f"person{number}@example.com", name=name or f"Person {number}", invited_at=NOW)
    for role in roles:
        RoleGrant.objects.create(person=found, role=role.value, line=line, granted_at=NOW, why="test")
    return found


def manager(line: DeviceLine | None = None) -> Person:
    """A PSIRT manager: may change devices, ship versions, add SBOMs, change suppliers."""
    return person(Role.PSIRT_MANAGER, line=line)


def line(key: str = "pumps") -> DeviceLine:
    """The device line with this key."""
    return DeviceLine.objects.get_or_create(key=key, defaults={"name": key.capitalize()})[0]


def bearer(by: Person, *scopes: Scope, line: DeviceLine | None = None) -> Bearer:
    """An API token of `by` as the one who acts."""
    issued = issue_token(
        by=by, name="CI", scopes=scopes, line=line, holds=timedelta(days=30), why="For the pipeline.", now=NOW
    )
    return Bearer(issued.token)


def device(name: str = "", *, by: Person | None = None, line: DeviceLine | None = None, **fields: object) -> Device:
    """A device; a test names only the fields it is about."""
    given = DeviceFields(name=name or f"Pump {next(_numbers)}", **fields)  # type: ignore[arg-type]
    return add_device(by=by or manager(), fields=given, line=line, why=WHY, now=NOW)


def version(
    label: str = "1.0",
    *,
    of: Device | None = None,
    by: Person | None = None,
    shipped: bool = False,
    units: int | None = None,
    **fields: object,
) -> DeviceVersion:
    """A version of `of`, else of a new device; `units` says it is shipped, and how many are at a hospital."""
    who = by or manager()
    made = add_version(
        by=who,
        device=of or device(by=who),
        fields=VersionFields(label, **fields),  # type: ignore[arg-type]
        why=WHY,
        now=NOW,
    )
    if shipped or units is not None:
        made = mark_shipped(by=who, version=made, why=WHY, now=NOW)
    if units is not None:
        place = name_customer(by=who, name="St. Anna Hospital", why=WHY, now=NOW)
        count_units(by=who, version=made, customer=place, units=units, counted_on=TODAY, why=WHY, now=NOW)
    return made


def supplier_fields(name: str = "Quellmar", **fields: object) -> SupplierFields:
    """What is said of a supplier."""
    return SupplierFields(name=name, **fields)  # type: ignore[arg-type]


def steps(subject: object) -> list[Step]:
    """What the records say of a subject, oldest first."""
    return list(history(subject))  # type: ignore[arg-type]


def kinds(subject: object) -> list[str]:
    """The kinds of records of a subject, oldest first."""
    return [step.said.kind for step in steps(subject)]


def day(text: str) -> date:
    """A calendar day."""
    return date.fromisoformat(text)
