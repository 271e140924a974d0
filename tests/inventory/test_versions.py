"""Versions, builds, shipping and counting units."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket.accounts.authority import Operator
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.inventory.errors import InvalidVersion, NoReason
from postmarket.inventory.models import Build, Customer, DeviceVersion, FieldedUnits
from postmarket.inventory.rules.version_fields import VersionFields
from postmarket.inventory.services.shipping import correct_shipping, mark_shipped
from postmarket.inventory.services.units import count_units, name_customer
from postmarket.inventory.services.versions import add_build, add_version, development_version, edit_version
from postmarket.inventory.words import SupportStage
from tests.builders import NOW
from tests.inventory.builders import (
    LATER,
    TODAY,
    WHY,
    bearer,
    day,
    device,
    kinds,
    line,
    manager,
    person,
    steps,
    version,
)

pytestmark = pytest.mark.django_db


def test_a_version_begins_in_development() -> None:
    """No case and no clock until a person says it is shipped."""
    made = version("5.2", released_on=day("2026-02-09"))

    assert (made.label, made.is_shipped, made.shipped_at) == ("5.2", False, None)
    assert kinds(made) == ["device-version.created"]


def test_a_label_means_one_version_of_a_device() -> None:
    """And another device may have the same."""
    pump = device()
    version("v5.2", of=pump)
    version("v5.2")
    with pytest.raises(InvalidVersion, match=r"has a version V5\.2 already"):
        version("V5.2", of=pump)


def test_a_change_of_a_version_records_what_was_before() -> None:
    """The same again records nothing."""
    made = version("5.2")
    fields = VersionFields("5.2", None, SupportStage.LIMITED_SUPPORT, day("2028-01-01"))

    edit_version(by=manager(), version=made, fields=fields, why=WHY, now=LATER)
    edit_version(by=manager(), version=made, fields=fields, why=WHY, now=LATER)

    assert kinds(made) == ["device-version.created", "device-version.changed"]
    changes = {one.path: (one.before, one.after) for one in steps(made)[1].changes}
    assert changes == {"support_stage": ("", "limited-support"), "end_of_support": (None, "2028-01-01")}


def test_a_shipped_version_keeps_its_label() -> None:
    """Devices in hospitals show it."""
    made = version("5.2", shipped=True)
    with pytest.raises(InvalidVersion, match="keeps its label"):
        edit_version(by=manager(), version=made, fields=VersionFields("5.3"), why=WHY, now=LATER)


@pytest.mark.parametrize("role", Role)
def test_who_may_ship_is_the_table_s_say(role: Role) -> None:
    """Every role."""
    made, by = version(), person(role)

    if role in HOLDERS[Permission.VERSIONS_SHIP]:
        assert mark_shipped(by=by, version=made, why=WHY, now=NOW).is_shipped
    else:
        with pytest.raises(NotAllowed, match="mark a version as shipped"):
            mark_shipped(by=by, version=made, why=WHY, now=NOW)
        made.refresh_from_db()
        assert not made.is_shipped


def test_shipping_says_who_when_and_why_and_only_once() -> None:
    """A second time changes nothing."""
    by, made = manager(), version()

    mark_shipped(by=by, version=made, why="Lot 7 left the house.", now=NOW)
    again = mark_shipped(by=manager(), version=made, why=WHY, now=LATER)

    assert (again.shipped_by, again.shipped_at) == (by, NOW)
    assert kinds(made) == ["device-version.created", "device-version.shipped"]
    assert steps(made)[1].said.why == "Lot 7 left the house."


def test_no_token_ships_a_version() -> None:
    """Whatever it is for."""
    made = version()
    with pytest.raises(NotAllowed, match="A person marks"):
        mark_shipped(by=bearer(manager(), *Scope), version=made, why=WHY, now=NOW)


def test_shipping_takes_a_reason() -> None:
    """The record answers the investigator."""
    with pytest.raises(NoReason):
        mark_shipped(by=manager(), version=version(), why="", now=NOW)


def test_a_mistake_is_corrected_and_both_stay_in_the_records() -> None:
    """The version is in development again."""
    made = version(shipped=True)

    corrected = correct_shipping(by=manager(), version=made, why="It was 5.1 that shipped.", now=LATER)

    assert (corrected.is_shipped, corrected.shipped_by) == (False, None)
    assert kinds(made)[1:] == ["device-version.shipped", "device-version.shipping-corrected"]


def test_what_is_counted_in_the_field_was_no_mistake() -> None:
    """First the count is corrected, with its reason."""
    made = version(units=12)
    with pytest.raises(InvalidVersion, match="units of it are counted"):
        correct_shipping(by=manager(), version=made, why=WHY, now=LATER)

    place = Customer.objects.get()
    count_units(by=manager(), version=made, customer=place, units=0, counted_on=TODAY, why="Wrong site.", now=LATER)
    assert not correct_shipping(by=manager(), version=made, why=WHY, now=LATER).is_shipped


def test_a_pipeline_begins_a_version_in_development_and_finds_it_again() -> None:
    """By the scope to add SBOMs, which is not the one to change devices."""
    pump, by = device(), bearer(manager(), Scope.SBOMS_WRITE)

    first = development_version(by=by, device=pump, label="6.0-rc1", why="Build 4711.", now=NOW)
    again = development_version(by=by, device=pump, label="6.0-rc1", why="Build 4712.", now=LATER)

    assert (first, first.is_shipped) == (again, False)
    assert kinds(first) == ["device-version.created"]
    with pytest.raises(NotAllowed):
        add_version(by=by, device=pump, fields=VersionFields("7"), why=WHY, now=NOW)


def test_a_token_of_another_line_begins_no_version() -> None:
    """It may do what its issuer may there."""
    by = bearer(manager(), Scope.SBOMS_WRITE, line=line("monitors"))
    with pytest.raises(NotAllowed):
        development_version(by=by, device=device(line=line("pumps")), label="1", why=WHY, now=NOW)


def test_a_build_is_recorded_once() -> None:
    """The same again is the same; the same label for other bytes is refused."""
    made, by = version(), manager()

    def record(sha256: str) -> Build:
        return add_build(by=by, version=made, label="b1", built_at=NOW, sha256=sha256, why=WHY, now=NOW)

    assert record("A" * 64) == record("a" * 64)
    with pytest.raises(InvalidVersion, match="a label of its own"):
        record("b" * 64)
    assert Build.objects.get().sha256 == "a" * 64


def test_a_build_is_not_made_in_the_future() -> None:
    """A clock is wrong."""
    with pytest.raises(InvalidVersion, match="in the future"):
        add_build(by=manager(), version=version(), label="b", built_at=NOW + timedelta(seconds=1), why=WHY, now=NOW)


def test_units_are_counted_per_customer_and_the_records_keep_every_count() -> None:
    """A correction replaces the count, not its record."""
    made = version(shipped=True)
    by, anna = manager(), name_customer(by=manager(), name="St. Anna", country="at", why=WHY, now=NOW)

    count_units(by=by, version=made, customer=anna, units=12, counted_on=TODAY, why="Delivery.", now=NOW)
    counted = count_units(
        by=by, version=made, customer=anna, units=11, counted_on=TODAY, why="One returned.", now=LATER
    )
    count_units(by=by, version=made, customer=anna, units=11, counted_on=TODAY, why=WHY, now=LATER)
    count_units(by=by, version=made, customer=None, units=3, counted_on=TODAY, why="Sold by dealers.", now=LATER)

    assert set(FieldedUnits.objects.values_list("customer__name", "units")) == {("St. Anna", 11), (None, 3)}
    assert [(step.said.why, step.changes[-1].after) for step in steps(counted)] == [
        ("Delivery.", str(made.pk)),
        ("One returned.", 11),
    ]


def test_a_version_in_development_has_no_units_in_the_field() -> None:
    """Shipped comes first; none is no claim."""
    made = version()
    with pytest.raises(InvalidVersion, match="Mark the version as shipped first"):
        count_units(by=manager(), version=made, customer=None, units=1, counted_on=TODAY, why=WHY, now=NOW)

    assert count_units(by=manager(), version=made, customer=None, units=0, counted_on=TODAY, why=WHY, now=NOW).pk


def test_a_customer_is_one_whatever_the_case() -> None:
    """A country that is learned later is added."""
    by = Operator("petra")

    first = name_customer(by=by, name="St. Anna", why=WHY, now=NOW)
    again = name_customer(by=by, name="st.  anna", country="AT", why=WHY, now=NOW)
    name_customer(by=by, name="St. Anna", why=WHY, now=NOW)

    assert (first, again.country) == (again, "AT")
    assert kinds(first) == ["customer.created", "customer.changed"]


@pytest.mark.parametrize("role", sorted(set(Role) - HOLDERS[Permission.DEVICES_EDIT]))
def test_who_may_not_change_devices_counts_nothing(role: Role) -> None:
    """Nor names customers."""
    by, made = person(role), version(shipped=True)
    with pytest.raises(NotAllowed):
        count_units(by=by, version=made, customer=None, units=1, counted_on=TODAY, why=WHY, now=NOW)
    with pytest.raises(NotAllowed):
        name_customer(by=by, name="St. Anna", why=WHY, now=NOW)
    assert not DeviceVersion.objects.filter(fielded__isnull=False).exists()
