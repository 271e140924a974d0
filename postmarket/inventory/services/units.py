"""Units in the field are counted, per version and customer."""

from __future__ import annotations

from datetime import date, datetime

from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.days import site_day
from postmarket.inventory.errors import InvalidVersion
from postmarket.inventory.models import Customer, DeviceVersion, FieldedUnits
from postmarket.inventory.rules.fields import one_line
from postmarket.inventory.rules.version_fields import check_count, check_country
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.services.versions import locked
from postmarket.inventory.snapshots import customer_snapshot, units_snapshot
from postmarket.records import Act, act


def name_customer(*, by: Caller, name: str, country: str = "", why: str, now: datetime) -> Customer:
    """
    The customer of that name, added when there is none; a country that is given is kept.

    Raises NotAllowed, NoReason, InvalidVersion for what is no name or country.
    """
    require(by, Permission.DEVICES_EDIT, on=ANYWHERE)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        return customer_named(name, country=country, doing=doing, now=now)


def customer_named(name: str, *, country: str = "", doing: Act, now: datetime) -> Customer:
    """`name_customer` inside an act of a caller that has asked whether they may. Raises InvalidVersion."""
    called, where = one_line("customer", name, needed=True, wrong=InvalidVersion), check_country(country)
    held = Customer.objects.select_for_update().filter(name__iexact=called).first()
    if held is None:
        held = Customer.objects.create(name=called, country=where, created_at=now)
        doing.note("customer.created", subject=held, before=None, after=customer_snapshot(held))
    elif where and where != held.country:
        before = customer_snapshot(held)
        held.country = where
        held.save(update_fields=["country"])
        doing.note("customer.changed", subject=held, before=before, after=customer_snapshot(held))
    return held


def count_units(
    *,
    by: Caller,
    version: DeviceVersion,
    customer: Customer | None,
    units: int,
    counted_on: date,
    why: str,
    now: datetime,
) -> FieldedUnits:
    """
    How many units a customer has; `customer` None: those of which it is not known who has them.

    Replaces the count before, which the records keep; the same count again leaves no record. Raises NotAllowed,
    NoReason, InvalidVersion: for a number that cannot be, and for units of a version that is not shipped.
    """
    check_count(units, counted_on, today=site_day(now))
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        version = locked(version)
        require(by, Permission.DEVICES_EDIT, on=version.device.line)
        if units and not version.is_shipped:
            raise InvalidVersion(
                f"{version} is in development and has no units in the field",
                where="units",
                next_step="Mark the version as shipped first.",
            )
        held = FieldedUnits.objects.filter(version=version, customer=customer).first()
        if held is not None and (held.units, held.counted_on) == (units, counted_on):
            return held
        before = None if held is None else units_snapshot(held)
        held = held or FieldedUnits(version=version, customer=customer)
        held.units, held.counted_on = units, counted_on
        held.save()
        doing.note("fielded-units.counted", subject=held, before=before, after=units_snapshot(held))
    return held
