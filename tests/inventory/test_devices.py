"""Devices are described by who may, and every change leaves its record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

import pytest

from postmarket.accounts.authority import Operator
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.inventory.errors import InvalidDevice, InvalidUdi, NoReason
from postmarket.inventory.hooks import forget_listing_listener, on_listing_changed
from postmarket.inventory.models import Device, UdiDi
from postmarket.inventory.rules.fields import DeviceFields
from postmarket.inventory.services.devices import add_device, edit_device
from postmarket.inventory.words import DeviceClass, SubmissionType, SupportStage
from postmarket.matching.interface import DeviceProfile
from postmarket.policy.interface import ClinicalRole
from postmarket.records.models import Entry
from postmarket.worklist.interface import RoleRule
from tests.builders import NOW
from tests.inventory.builders import LATER, WHY, bearer, day, device, kinds, line, manager, person, steps, version
from tests.inventory.given import ZLIB, uploaded

pytestmark = pytest.mark.django_db

WHOLE = DeviceFields(
    name="Dosimere 3",
    manufacturer="Brellisor Medical",
    model_numbers=("DM3-LVP",),
    udi_dis=("00844588003288", "+A123BJC5D6E71G"),
    product_code="FRN",
    device_class=DeviceClass.II,
    submission_type=SubmissionType.K510,
    submission_number="k261234",
    submission_date=day("2026-01-15"),
    device_type="life-supporting",
    intended_use="Controlled infusion of fluids and drugs.",
    essential_performance="Delivers the set rate within 5 percent.",
    markets=("US", "EU"),
    support_stage=SupportStage.SUPPORT,
    end_of_support=day("2034-12-31"),
    roles=(RoleRule("zlib", ClinicalRole.ALARM, "Unpacks alarms."),),
    profile=DeviceProfile("arm64", (), {"wifi": False}),
)


def test_a_device_is_kept_with_all_that_is_said_of_it() -> None:
    """Every field of DESIGN §4, and the record holds the whole of it."""
    by = manager()

    made = add_device(by=by, fields=WHOLE, line=line(), why=WHY, now=NOW)

    kept = Device.objects.get()
    assert (kept.name, kept.line, kept.submission_number) == ("Dosimere 3", line(), "K261234")
    assert list(kept.udi_dis.values_list("di", "note")) == [("00844588003288", ""), ("+A123BJC5D6E71G", "")]
    (step,) = steps(made)
    assert (step.said.kind, step.said.actor, step.said.why, step.said.before) == ("device.created", by.actor, WHY, None)
    assert step.said.after == {
        "name": "Dosimere 3",
        "line": "pumps",
        "manufacturer": "Brellisor Medical",
        "model_numbers": ["DM3-LVP"],
        "udi_dis": [
            {"di": "00844588003288", "agency": "GS1", "note": ""},
            {"di": "+A123BJC5D6E71G", "agency": "HIBCC", "note": ""},
        ],
        "product_code": "FRN",
        "device_class": "II",
        "submission_type": "510(k)",
        "submission_number": "K261234",
        "submission_date": "2026-01-15",
        "device_type": "life-supporting",
        "intended_use": "Controlled infusion of fluids and drugs.",
        "essential_performance": "Delivers the set rate within 5 percent.",
        "markets": ["US", "EU"],
        "support_stage": "support",
        "end_of_support": "2034-12-31",
        "roles": [{"pattern": "zlib", "role": "alarm", "why": "Unpacks alarms."}],
        "profile": {"architecture": "arm64", "operating_systems": [], "features": {"wifi": False}},
    }


def test_a_change_records_what_was_before_and_no_change_records_nothing() -> None:
    """The record is of the change."""
    by = manager()
    made = add_device(by=by, fields=WHOLE, line=None, why=WHY, now=NOW)

    edit_device(by=by, device=made, fields=WHOLE, line=None, why=WHY, now=LATER)
    edit_device(by=by, device=made, fields=replace(WHOLE, udi_dis=WHOLE.udi_dis[:1]), line=None, why=WHY, now=LATER)

    assert kinds(made) == ["device.created", "device.changed"]
    changed = steps(made)[1]
    assert [change.path for change in changed.changes] == ["udi_dis[1].agency", "udi_dis[1].di", "udi_dis[1].note"]
    assert changed.changes[1].before == "+A123BJC5D6E71G"


@pytest.mark.parametrize("role", Role)
def test_who_may_describe_a_device_is_the_table_s_say(role: Role) -> None:
    """Every role, and the refusal names who may."""
    by = person(role)

    if role in HOLDERS[Permission.DEVICES_EDIT]:
        assert device(by=by).pk
    else:
        with pytest.raises(NotAllowed, match="change devices and versions"):
            device(by=by)
        assert not Entry.objects.filter(kind="device.created").exists()


def test_authority_over_one_line_is_no_authority_over_another() -> None:
    """Neither to add there, nor to move a device there, nor to take one from there."""
    pumps, monitors = line("pumps"), line("monitors")
    by = manager(line=pumps)
    pump, monitor = device(by=by, line=pumps), device(line=monitors)
    fields = DeviceFields("Another")

    attempts: list[Callable[[], Device]] = [
        lambda: device(by=by, line=monitors),
        lambda: device(by=by, line=None),
        lambda: edit_device(by=by, device=pump, fields=fields, line=monitors, why=WHY, now=NOW),
        lambda: edit_device(by=by, device=monitor, fields=fields, line=pumps, why=WHY, now=NOW),
        lambda: edit_device(by=by, device=monitor, fields=fields, line=monitors, why=WHY, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert set(Device.objects.values_list("name", "line__key")) == {
        (pump.name, "pumps"),
        (monitor.name, "monitors"),
    }


def test_a_token_makes_no_device() -> None:
    """Nothing that arrives over the API does (DESIGN §4)."""
    by = bearer(manager(), *Scope)
    with pytest.raises(NotAllowed):
        add_device(by=by, fields=WHOLE, line=None, why=WHY, now=NOW)

    assert not Device.objects.exists()


def test_the_operator_of_the_command_line_is_named_in_the_record() -> None:
    """Whoever holds the database may fill the inventory; the trail says who did."""
    made = add_device(by=Operator("petra"), fields=WHOLE, line=line(), why=WHY, now=NOW)

    (step,) = steps(made)
    assert (step.said.actor.id, step.said.actor.name) == ("operator-petra", "petra (command line of the server)")


def test_a_change_takes_a_reason() -> None:
    """Blank is none."""
    with pytest.raises(NoReason, match="Say why"):
        add_device(by=manager(), fields=WHOLE, line=None, why=" \n", now=NOW)

    assert not Device.objects.exists()


@pytest.mark.parametrize("name", ["Dosimere 3", "dosimere  3"])
def test_a_name_means_one_device(name: str) -> None:
    """Whatever its case and spaces."""
    device("Dosimere 3")
    with pytest.raises(InvalidDevice, match="There is a device Dosimere 3 already"):
        device(name)


def test_a_udi_di_is_on_one_device_s_label_only() -> None:
    """The refusal names the other device; nothing of the change stays."""
    device("Dosimere 3", udi_dis=("00844588003288",))
    other = device("Dosimere 4")
    with pytest.raises(InvalidUdi, match="on the label of Dosimere 3"):
        edit_device(
            by=manager(),
            device=other,
            fields=DeviceFields("Renamed", udi_dis=("844588003288",)),
            line=None,
            why=WHY,
            now=LATER,
        )

    other.refresh_from_db()
    assert other.name == "Dosimere 4"
    assert UdiDi.objects.get().device.name == "Dosimere 3"


def test_a_mistyped_udi_di_is_refused() -> None:
    """Its check digit says so."""
    with pytest.raises(InvalidUdi, match="computes '8'"):
        device(udi_dis=("00844588003289",))


def test_a_udi_di_of_an_unknown_issuer_is_kept_and_said_to_be_unverified() -> None:
    """Unknown is not wrong."""
    made = device(udi_dis=("B-4711",))

    assert made.udi_dis.get().note == "its issuer is not known by its form"


def test_other_clinical_roles_reach_what_versions_list_and_another_profile_whoever_matches() -> None:
    """At once, in the same transaction; a new name of the device reaches neither."""
    pump, by = device("Dosimere 3"), manager()
    made = version(of=pump)
    uploaded(made, ZLIB)
    heard: list[set[int]] = []

    def listen(ids: Collection[int], now: datetime) -> None:
        heard.append(set(ids))

    on_listing_changed(listen)
    try:
        with_roles = DeviceFields("Dosimere", roles=WHOLE.roles)
        for fields in (DeviceFields("Dosimere"), with_roles, replace(with_roles, profile=WHOLE.profile)):
            edit_device(by=by, device=pump, fields=fields, line=None, why=WHY, now=LATER)
    finally:
        forget_listing_listener(listen)

    assert [(row.role, row.role_why) for row in made.listings.all()] == [("alarm", "Unpacks alarms.")]
    assert heard == [{made.pk}, {made.pk}]
