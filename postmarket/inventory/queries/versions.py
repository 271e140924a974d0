"""Versions: where their support stands, what ends next, and where their units are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from postmarket.accounts.authority import Caller
from postmarket.inventory.days import site_day
from postmarket.inventory.models import Customer, DeviceVersion, FieldedUnits
from postmarket.inventory.policy import Limit, limits
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.rules.support import Ending, Support, support
from postmarket.inventory.words import VersionState


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, where its support stands, and its units in the field: None when nobody counted them."""

    version: DeviceVersion
    support: Support
    units: int | None


@dataclass(frozen=True, slots=True)
class Fielded:
    """Where the units of a version are. `total` None: nobody counted; `oldest` is the day of the oldest count."""

    rows: tuple[FieldedUnits, ...]
    total: int | None
    oldest: date | None


def version_rows(versions: QuerySet[DeviceVersion], *, today: date, ahead: Limit) -> list[VersionRow]:
    """What people see of these versions, in their order; two queries."""
    rows = list(versions.select_related("device__line", "shipped_by"))
    counted: dict[int, int] = {}
    found = FieldedUnits.objects.filter(version__in=[row.pk for row in rows]).order_by()
    for pk, units in found.values_list("version_id", "units"):
        counted[pk] = counted.get(pk, 0) + units
    return [VersionRow(row, _support(row, today=today, ahead=ahead), counted.get(row.pk)) for row in rows]


def version(by: Caller, pk: int, *, now: datetime) -> VersionRow | None:
    """One version, None when it is not there or not for `by`."""
    found = DeviceVersion.objects.filter(readable(by, "device__line"), pk=pk)
    return next(iter(version_rows(found, today=site_day(now), ahead=limits().support_forecast)), None)


def support_forecast(by: Caller, *, now: datetime) -> list[VersionRow]:
    """
    Versions in the field whose support has ended, ends within the time policy looks ahead, or ends nobody knows when.

    First what has passed, then by day; unknown stands before what is later, and what is later is left out.
    """
    shipped = DeviceVersion.objects.filter(readable(by, "device__line"), state=VersionState.SHIPPED.value)
    rows = version_rows(shipped, today=site_day(now), ahead=limits().support_forecast)
    return sorted((row for row in rows if row.support.ending is not Ending.LATER), key=_nearest)


def fielded(version: DeviceVersion) -> Fielded:
    """Where the units of a version are, by customer; those of which it is not known stand last. One query."""
    return _summed(FieldedUnits.objects.filter(version=version).select_related("customer"))


def customers(by: Caller) -> list[str]:
    """The customers of versions `by` may read, by name."""
    found = Customer.objects.filter(readable(by, "fielded__version__device__line"), fielded__isnull=False)
    return list(found.distinct().values_list("name", flat=True))


def _summed(found: Iterable[FieldedUnits]) -> Fielded:
    rows = tuple(sorted(found, key=lambda one: (one.customer is None, -one.units, str(one.customer))))
    if not rows:
        return Fielded((), None, None)
    return Fielded(rows, sum(one.units for one in rows), min(one.counted_on for one in rows))


def _support(version: DeviceVersion, *, today: date, ahead: Limit) -> Support:
    return support(
        stage=version.support_stage,
        ends_on=version.end_of_support,
        device_stage=version.device.support_stage,
        device_ends_on=version.device.end_of_support,
        today=today,
        ahead=ahead,
    )


def _nearest(row: VersionRow) -> tuple[int, date, str]:
    order = list(Ending).index(row.support.ending)
    return order, row.support.ends_on or date.max, str(row.version)
