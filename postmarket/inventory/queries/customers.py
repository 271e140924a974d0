"""Who has devices of ours: units in the field, customer by customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from postmarket.accounts.authority import Caller
from postmarket.inventory.models import Customer, FieldedUnits
from postmarket.inventory.queries.scope import readable


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """
    A customer and what it has of what the caller may read; `customer` None: it is not known who has these units.

    `oldest` is the day of the oldest count.
    """

    customer: Customer | None
    units: int
    devices: tuple[str, ...]
    versions: int
    oldest: date


def units_by_customer(by: Caller) -> list[CustomerRow]:
    """Every customer with units of versions `by` may read, by name; those nobody can tell last. One query."""
    held: dict[int | None, list[FieldedUnits]] = defaultdict(list)
    for one in _fielded(by).filter(units__gt=0):
        held[one.customer_id].append(one)
    rows = [_row(counts) for counts in held.values()]
    return sorted(rows, key=lambda row: (row.customer is None, str(row.customer).casefold()))


def units_of(by: Caller, customer: Customer) -> list[FieldedUnits]:
    """What a customer has, by device and version. One query."""
    rows = _fielded(by).filter(customer=customer, units__gt=0)
    return sorted(rows, key=lambda one: (one.version.device.name.casefold(), one.version.label))


def _fielded(by: Caller) -> QuerySet[FieldedUnits]:
    rows = FieldedUnits.objects.filter(readable(by, "version__device__line"))
    return rows.select_related("customer", "version__device")


def _row(counts: Sequence[FieldedUnits]) -> CustomerRow:
    return CustomerRow(
        customer=counts[0].customer,
        units=sum(one.units for one in counts),
        devices=tuple(sorted({one.version.device.name for one in counts})),
        versions=len({one.version_id for one in counts}),
        oldest=min(one.counted_on for one in counts),
    )
