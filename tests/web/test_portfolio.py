"""Over the whole portfolio: builds, current SBOMs, customers; and two people who change one device at once."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.inventory.models import Build, Customer, Device, DeviceVersion, FieldedUnits
from postmarket.inventory.rules.suppliers import SupplierFields
from postmarket.inventory.services.devices import edit_device, fields_of
from postmarket.inventory.services.suppliers import add_supplier
from tests.accounts.builders import with_generator
from tests.builders import NOW
from tests.inventory.builders import WHY, day, device, kinds, line, manager, person, version
from tests.web.pages.reading import heading, words

pytestmark = pytest.mark.django_db
SHA = "ab" * 32


def browser(who: Person) -> Client:
    """Somebody signed in, with a second factor."""
    with_generator(who)
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def mara() -> Client:
    """A manager's browser."""
    return browser(manager())


def shipped(of: Device, label: str = "1.0") -> DeviceVersion:
    """A version in the field."""
    return version(of=of, label=label, shipped=True)


def rows_of(client: Client, route: str, *args: object) -> list[dict[str, str]]:
    """A list as a file."""
    answer = client.get(reverse(route, args=args), {"format": "csv"})
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def typed(client: Client, pump: Device, **changed: str) -> dict[str, str]:
    """The form of a device as it is opened now, with what somebody changes in it."""
    form = client.get(reverse("device-edit", args=[pump.pk])).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in shown.items()} | {"why": WHY} | changed


def test_a_build_is_recorded_and_its_missing_sbom_is_the_finding(mara: Client) -> None:
    """With its bytes' hash; the same label with other bytes is refused, and what was typed stays."""
    made = shipped(device())
    address = reverse("version-build-add", args=[made.pk])
    given = {"label": "412", "built_at": "2026-10-01T08:00", "sha256": SHA, "why": WHY}
    assert heading(mara.get(reverse("version-builds", args=[made.pk]))) == f"No build of {made} is recorded."

    assert mara.post(address, given).status_code == 302
    assert Build.objects.get().sha256 == SHA
    page = mara.get(reverse("version-builds", args=[made.pk]))
    assert heading(page) == f"{made}: build 412 is the newest, and has no SBOM."

    again = mara.post(address, given | {"sha256": "cd" * 32})
    assert again.status_code == 400
    assert "it was made at another time, or of other bytes" in again.content.decode()
    assert "cd" * 32 in again.content.decode()


def test_who_may_not_add_sboms_sees_builds_and_records_none() -> None:
    """The list, without a form."""
    made = shipped(device())
    auditor = browser(person(Role.AUDITOR))

    assert "Record a build" not in words(auditor.get(reverse("version-builds", args=[made.pk])))
    assert auditor.post(reverse("version-build-add", args=[made.pk]), {}).status_code == 403


def test_the_portfolio_says_which_sboms_are_not_current(mara: Client) -> None:
    """Worst first, with the reason of each of three answers; the file holds all of them in words."""
    assert heading(mara.get(reverse("currency"))) == "No version is shipped yet."
    shipped(device("Dosimere 3"))

    page = mara.get(reverse("currency"))
    assert "1 shipped version" in heading(page)
    (row,) = rows_of(mara, "currency")
    assert row["Version"] == "Dosimere 3 1.0"
    assert row["Of what ships, why"]
    assert reverse("currency") in mara.get(reverse("devices")).content.decode()


def test_customers_are_listed_with_what_they_have(mara: Client) -> None:
    """One customer over several devices; units nobody can place are said in the title."""
    pump, monitor = shipped(device("Dosimere 3")), shipped(device("ClearView 2"))
    brigid = Customer.objects.create(name="St. Brigid", country="IE", created_at=NOW)
    for of, units in ((pump, 12), (monitor, 3)):
        FieldedUnits.objects.create(version=of, customer=brigid, units=units, counted_on=day("2026-10-01"))

    assert heading(mara.get(reverse("customers"))) == "1 customer has 15 units of ours."
    assert [(row["Customer"], row["Devices"], row["Units"]) for row in rows_of(mara, "customers")] == [
        ("St. Brigid", "ClearView 2, Dosimere 3", "15")
    ]
    assert heading(mara.get(reverse("customer", args=[brigid.pk]))) == "St. Brigid has 15 units of 2 devices."
    assert [row["Units"] for row in rows_of(mara, "customer", brigid.pk)] == ["3", "12"]

    FieldedUnits.objects.create(version=pump, customer=None, units=4, counted_on=day("2026-10-01"))
    assert heading(mara.get(reverse("customers"))) == "Of 4 units in the field it is not known who has them."


def test_a_customer_of_another_line_is_not_there() -> None:
    """Neither in the list nor by its address."""
    pumps, monitors = line("Pumps"), line("Monitors")
    made = shipped(device("ClearView 2", line=monitors))
    hidden = Customer.objects.create(name="St. Anna", country="AT", created_at=NOW)
    FieldedUnits.objects.create(version=made, customer=hidden, units=3, counted_on=day("2026-10-01"))
    pia = browser(person(Role.PSIRT_ANALYST, line=pumps))

    assert "St. Anna" not in words(pia.get(reverse("customers")))
    assert pia.get(reverse("customer", args=[hidden.pk])).status_code == 404


def test_two_people_who_change_one_device_lose_nothing(mara: Client) -> None:
    """The second is told what the first has saved, keeps what they typed, and decides."""
    pump = device("Dosimere 3")
    mine = typed(mara, pump, intended_use="Infuses drugs.")
    other = person(Role.PSIRT_MANAGER, name="Olu Adeyemi")
    edit_device(
        by=other,
        device=pump,
        fields=replace(fields_of(pump), manufacturer="Norrlake"),
        line=None,
        why=WHY,
        now=NOW,
    )

    stopped = mara.post(reverse("device-edit", args=[pump.pk]), mine)

    assert stopped.status_code == 409
    said = " ".join(stopped.content.decode().split())
    assert "was changed since you opened this form" in said
    assert "Norrlake" in said
    assert "Infuses drugs." in said
    assert "Last changed by Olu Adeyemi" in said
    pump.refresh_from_db()
    assert (pump.manufacturer, pump.intended_use) == ("Norrlake", "")

    seen = stopped.context["form"]["seen"].value()
    kept = mine | {"seen": seen, "manufacturer": "Norrlake"}
    assert mara.post(reverse("device-edit", args=[pump.pk]), kept).status_code == 302
    pump.refresh_from_db()
    assert (pump.manufacturer, pump.intended_use) == ("Norrlake", "Infuses drugs.")
    assert kinds(pump).count("device.changed") == 2


def test_nor_do_two_who_change_one_version_or_one_supplier(mara: Client) -> None:
    """The same, on their forms."""
    of = version(of=device("Dosimere 3"))
    norrlake = add_supplier(by=manager(), fields=SupplierFields("Norrlake"), why=WHY, now=NOW)
    for address, mine in (
        (reverse("version-edit", args=[of.pk]), {"end_of_support": "2031-01-31"}),
        (reverse("supplier-edit", args=[norrlake.pk]), {"notes": "Answers in a day."}),
    ):
        opened = mara.get(address).context["form"]
        first = {bound.name: bound.value() or "" for bound in opened} | {"why": WHY}
        theirs = {"released_on": "2026-02-01"} if "released_on" in first else {"security_contact": "a@norrlake.example"}
        assert mara.post(address, first | theirs).status_code == 302

        stopped = mara.post(address, first | mine)
        assert stopped.status_code == 409
        said = " ".join(stopped.content.decode().split())
        for part in ("was changed since you opened this form", *mine.values(), *theirs.values(), "Last changed by"):
            assert part in said
        again = first | mine | theirs | {"seen": stopped.context["form"]["seen"].value()}
        assert mara.post(address, again).status_code == 302
        kept = mara.get(address).context["form"]
        for name, value in (mine | theirs).items():
            assert str(kept[name].value()) == value


def test_a_form_nobody_interfered_with_is_saved_at_once(mara: Client) -> None:
    """As before."""
    pump = device("Dosimere 3")

    assert mara.post(reverse("device-edit", args=[pump.pk]), typed(mara, pump, product_code="FRN")).status_code == 302
