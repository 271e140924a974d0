"""What people look at: only their lines, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.inventory.queries.devices import device as one_device
from postmarket.inventory.queries.devices import list_devices
from postmarket.inventory.queries.standing import State
from postmarket.inventory.queries.suppliers import list_suppliers
from postmarket.inventory.queries.versions import fielded, support_forecast
from postmarket.inventory.queries.versions import version as one_version
from postmarket.inventory.rules.support import Ending
from postmarket.inventory.services.suppliers import add_supplier
from postmarket.inventory.services.units import count_units
from postmarket.inventory.words import SupportStage
from tests.builders import NOW
from tests.inventory.builders import TODAY, WHY, bearer, day, device, line, manager, person, supplier_fields, version

pytestmark = pytest.mark.django_db
Counted = Callable[..., Any]


def test_a_device_is_listed_with_what_belongs_to_it() -> None:
    """Versions, shipped ones, units, and where determination and support stand."""
    pump = device("Dosimere 3", support_stage=SupportStage.SUPPORT, end_of_support=day("2034-12-31"))
    version("1.0", of=pump, units=12)
    two = version("2.0", of=pump, units=30)
    count_units(by=manager(), version=two, customer=None, units=5, counted_on=TODAY, why=WHY, now=NOW)
    version("3.0", of=pump)

    (row,) = list_devices(manager()).rows

    assert (row.versions, row.shipped, row.units, row.uncounted) == (3, 2, 47, 0)
    assert (row.stage, row.ends_on, row.standing.state) == (SupportStage.SUPPORT, day("2034-12-31"), State.NONE)


def test_units_nobody_counted_are_unknown_and_not_none() -> None:
    """A count of none is a count."""
    version(of=device("A"), shipped=True)
    half = device("B")
    version("1", of=half, units=7)
    version("2", of=half, shipped=True)
    version(of=device("C"), units=0)
    device("D")

    found = {row.device.name: (row.units, row.uncounted) for row in list_devices(manager()).rows}

    assert found == {"A": (None, 1), "B": (7, 1), "C": (0, 0), "D": (None, 0)}


def test_people_see_the_devices_of_their_lines() -> None:
    """What is of no line belongs to those who have all."""
    pumps = line("pumps")
    mine, other, none = device("A", line=pumps), device("B", line=line("monitors")), device("C")
    theirs = version(of=other, shipped=True)
    auditor = person(Role.AUDITOR, line=pumps)

    assert [row.device for row in list_devices(auditor).rows] == [mine]
    assert one_device(auditor, mine.pk, now=NOW) is not None
    assert one_device(auditor, other.pk, now=NOW) is None
    assert one_device(auditor, none.pk, now=NOW) is None
    assert one_version(auditor, theirs.pk, now=NOW) is None
    assert support_forecast(auditor, now=NOW) == []
    assert len(list_devices(person(Role.AUDITOR)).rows) == 3
    assert list_devices(person()).rows == ()


def test_a_token_reads_what_its_scope_its_line_and_its_issuer_allow() -> None:
    """The least of the three."""
    pumps = line("pumps")
    mine = device("A", line=pumps)
    device("B")
    everything = bearer(manager(), Scope.DEVICES_READ)

    assert len(list_devices(everything).rows) == 2
    assert [row.device for row in list_devices(bearer(manager(), Scope.DEVICES_READ, line=pumps)).rows] == [mine]
    assert list_devices(bearer(manager(), Scope.SBOMS_WRITE)).rows == ()


def test_one_device_shows_its_versions_newest_first() -> None:
    """By the day of release, else of entry."""
    pump = device()
    for label, released in (("1.0", "2024-01-01"), ("0.9", "2022-01-01"), ("2.0", "2026-01-01")):
        version(label, of=pump, released_on=day(released))
    version("3.0", of=pump)

    found = one_device(manager(), pump.pk, now=NOW)

    assert found is not None
    assert [row.version.label for row in found.versions] == ["3.0", "2.0", "1.0", "0.9"]


def test_units_stand_by_customer_and_what_nobody_knows_stands_last() -> None:
    """With the sum and the day of the oldest count."""
    made = version(units=12)
    count_units(by=manager(), version=made, customer=None, units=100, counted_on=day("2026-01-01"), why=WHY, now=NOW)

    found = fielded(made)

    assert [(str(row.customer), row.units) for row in found.rows] == [("St. Anna Hospital", 12), ("None", 100)]
    assert (found.total, found.oldest) == (112, day("2026-01-01"))
    assert fielded(version()).total is None


def test_the_forecast_shows_what_ends_and_what_nobody_said() -> None:
    """Passed first; what is far away or in development is left out."""
    pump = device(support_stage=SupportStage.SUPPORT)
    for label, ends in (("soon", "2027-01-01"), ("passed", "2026-01-01"), ("later", "2034-01-01"), ("open", "")):
        version(label, of=pump, shipped=True, end_of_support=day(ends) if ends else None)
    version("in development", of=pump, end_of_support=day("2026-01-01"))

    found = [(row.version.label, row.support.ending) for row in support_forecast(manager(), now=NOW)]

    assert found == [("passed", Ending.PASSED), ("soon", Ending.SOON), ("open", Ending.UNKNOWN)]


def test_more_rows_take_no_more_queries(django_assert_num_queries: Counted) -> None:
    """A fixed number, for one device as for ten."""
    by = manager()
    for number in range(10):
        pump = device(f"Pump {number}", udi_dis=(f"B-{number}",))
        for label in ("1", "2", "3"):
            version(label, of=pump, units=number)
        add_supplier(by=by, fields=supplier_fields(f"Supplier {number}"), why=WHY, now=NOW)

    with django_assert_num_queries(9):
        rows = list_devices(by).rows
    with django_assert_num_queries(7):
        found = one_device(by, pump.pk, now=NOW)
    with django_assert_num_queries(3):
        forecast = support_forecast(by, now=NOW)
    with django_assert_num_queries(3):
        suppliers = list_suppliers(by, now=NOW)

    assert found is not None
    assert (len(rows), len(found.versions), len(forecast), len(suppliers)) == (10, 3, 30, 10)
