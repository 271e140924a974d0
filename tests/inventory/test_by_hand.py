"""Components no SBOM lists are entered by hand, and stay whatever SBOMs come."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.inventory.errors import InvalidComponent, NoReason
from postmarket.inventory.models import Component, ComponentIdentity
from postmarket.inventory.services.by_hand import HandComponent, add_component, remove_component
from postmarket.inventory.words import Origin
from postmarket.records.models import Entry
from tests.inventory.given import NOW, OPENSSL, ZLIB, engineer, names, uploaded, version

pytestmark = pytest.mark.django_db

RTOS = HandComponent(
    name="VxWorks",
    version="7",
    supplier="Wind River",
    cpes=("cpe:2.3:o:windriver:vxworks:7:*:*:*:*:*:*:*",),
    kind="operating-system",
    note="In the motor controller; the supplier gives no SBOM.",
)
WHY = "The motor controller's board support package."


def test_a_component_by_hand_is_part_of_the_version_and_stays_when_sboms_come() -> None:
    """Uploading never erases what somebody entered."""
    of = version()
    add_component(by=engineer(), version=of, given=RTOS, why=WHY, now=NOW)
    uploaded(of, OPENSSL)
    uploaded(of, ZLIB, at=NOW + timedelta(hours=1))

    assert names(of) == ["VxWorks 7", "zlib 1.2.13"]
    row = Component.objects.get(sbom=None)
    assert row.origin is Origin.BY_HAND
    assert row.note == RTOS.note
    assert row.identity.cpes == list(RTOS.cpes)


def test_one_by_hand_shares_its_identity_with_sboms_that_list_the_same() -> None:
    """Decided once, wherever it is listed."""
    uploaded(version("1"), OPENSSL)
    given = HandComponent(name="openssl", version="3.0.7", cpes=(OPENSSL["cpe"],))
    add_component(by=engineer(), version=version("2"), given=given, why=WHY, now=NOW)

    assert ComponentIdentity.objects.count() == 1


def test_a_removed_one_is_out_of_the_listing_and_stays_in_the_history() -> None:
    """With who, when and why, before and after."""
    of = version()
    component = add_component(by=engineer(), version=of, given=RTOS, why=WHY, now=NOW)
    remove_component(by=engineer("Ana Reed"), component=component, why="Board revision C has no RTOS.", now=NOW)

    assert names(of) == []
    assert Component.objects.get().removed_at == NOW
    said = json.loads(bytes(Entry.objects.get(kind="component.removed").content))
    assert (said["actor"]["name"], said["why"]) == ("Ana Reed", "Board revision C has no RTOS.")
    assert (said["before"]["removed_at"], said["after"]["removed_at"]) == (None, "2026-11-24T09:00:00.000000Z")


def test_it_can_be_entered_again_but_not_twice() -> None:
    """Two rows of one thing would be decided twice."""
    of, by = version(), engineer()
    first = add_component(by=by, version=of, given=RTOS, why=WHY, now=NOW)
    with pytest.raises(InvalidComponent, match="by hand already"):
        add_component(by=by, version=of, given=RTOS, why=WHY, now=NOW)
    remove_component(by=by, component=first, why=WHY, now=NOW)
    add_component(by=by, version=of, given=RTOS, why=WHY, now=NOW)

    assert names(of) == ["VxWorks 7"]


def test_what_an_sbom_lists_is_not_removed_by_hand() -> None:
    """What ships is said by the SBOM."""
    uploaded(version(), OPENSSL)
    with pytest.raises(InvalidComponent, match="listed in an SBOM"):
        remove_component(by=engineer(), component=Component.objects.get(), why=WHY, now=NOW)


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("name", "", "name"),
        ("name", "x" * 301, "name"),
        ("version", "1\x002", "version"),
        ("purl", "openssl@3", "purl"),
        ("cpes", ("openssl:3",), "CPE"),
        ("kind", "gadget", "kind"),
    ],
)
def test_a_field_that_cannot_be_right_is_named(field: str, value: object, where: str) -> None:
    """Nothing is kept of it."""
    with pytest.raises(InvalidComponent) as refused:
        add_component(by=engineer(), version=version(), given=replace(RTOS, **{field: value}), why=WHY, now=NOW)  # type: ignore[arg-type]

    assert refused.value.where == where
    assert not Component.objects.exists()


def test_it_takes_the_permission_and_a_reason() -> None:
    """As every change does."""
    of = version()
    with pytest.raises(NotAllowed):
        add_component(by=engineer(role=Role.AUDITOR), version=of, given=RTOS, why=WHY, now=NOW)
    with pytest.raises(NoReason):
        add_component(by=engineer(), version=of, given=RTOS, why=" ", now=NOW)
