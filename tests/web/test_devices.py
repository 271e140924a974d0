"""Devices and suppliers on the site, as people use it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from postmarket import tasks
from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.inventory.models import Device, DeviceProposal, DeviceVersion, FieldedUnits, Supplier
from postmarket.inventory.services.devices import fields_of
from postmarket.inventory.services.proposals import propose_device
from postmarket.policy.interface import ClinicalRole
from postmarket.records.models import Entry
from postmarket.web import clock
from postmarket.worklist.interface import RoleRule
from tests.accounts.builders import with_generator
from tests.builders import NOW
from tests.inventory.builders import (
    bearer,
    day,
    device,
    kinds,
    line,
    manager,
    person,
    version,
)
from tests.inventory.given import ZLIB, cyclonedx, names

pytestmark = pytest.mark.django_db
WHY = {"why": "As the design history file says."}
BLANK = {
    "criticality": "",
    "device_class": "unknown",
    "submission_type": "unknown",
    "support_stage": "unknown",
}


def browser(who: Person) -> Client:
    """Somebody signed in, with a second factor."""
    with_generator(who)
    client = Client()
    client.force_login(who)
    return client


def text_of(html: bytes) -> str:
    """What a person reads: without tags, spaces in one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def send(client: Client, route: str, *arguments: object, **data: object) -> str:
    """Fill a form; where it leads. Fails with what the page complains of."""
    answer = client.post(reverse(route, args=arguments), {**WHY, **data})
    assert answer.status_code == 302, text_of(answer.content)
    return str(answer.headers["Location"])


def refused(client: Client, route: str, *arguments: object, **data: object) -> str:
    """Fill a form wrongly; what the page says."""
    answer = client.post(reverse(route, args=arguments), {**WHY, **data})
    assert answer.status_code == 400
    return text_of(answer.content)


def test_a_person_describes_a_device_ships_a_version_and_counts_its_units() -> None:
    """From nothing to what stands in the list."""
    client = browser(manager())
    assert "No device is in the inventory yet." in text_of(client.get(reverse("devices")).content)

    at = send(
        client,
        "device-add",
        **BLANK | {"name": "Ventorsa 5", "udi_dis": "00844588003288", "markets": "us, EU", "features": "wifi: off"},
        roles="zlib | alarm | Unpacks alarms.\nexpat | workflow",
    )
    pump = Device.objects.get()
    assert at == reverse("device", args=[pump.pk])
    assert fields_of(pump).roles == (
        RoleRule("zlib", ClinicalRole.ALARM, "Unpacks alarms."),
        RoleRule("expat", ClinicalRole.WORKFLOW),
    )
    assert (fields_of(pump).markets, fields_of(pump).profile.features) == (("US", "EU"), {"wifi": False})

    send(client, "version-add", pump.pk, version="5.2", released_on="2026-02-09")
    made = DeviceVersion.objects.get()
    assert "is in development" in text_of(client.get(reverse("version-edit", args=[made.pk])).content)
    send(client, "version-ship", made.pk)
    send(client, "version-count", made.pk, customer="St. Anna", country="AT", units=12, counted_on="2026-10-01")

    page = text_of(client.get(reverse("version-units", args=[made.pk])).content)
    assert "Ventorsa 5 5.2: 12 units in the field." in page
    assert kinds(made) == ["device-version.created", "device-version.shipped"]


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost() -> None:
    """What was typed is still there."""
    client = browser(manager())
    typed = BLANK | {"name": "Ventorsa 5", "udi_dis": "00844588003289"}

    said = refused(client, "device-add", **typed)
    assert "The check digit of the UDI-DI 00844588003289 is wrong" in said
    assert "“zlib | alarms” is no clinical role" in refused(client, "device-add", **typed, roles="zlib | alarms")
    answer = client.post(reverse("device-add"), typed | {"product_code": "C"} | WHY | {"udi_dis": ""})
    assert re.search(r'id="id_product_code-wrong".{0,400}three letters', answer.content.decode(), re.S)
    assert 'value="Ventorsa 5"' in answer.content.decode()
    assert not Device.objects.exists()


def test_saving_a_form_as_it_was_opened_changes_nothing() -> None:
    """Everything a device has comes back through its form."""
    client = browser(manager())
    pump = device(
        "Ventorsa 5",
        model_numbers=("VT5-100", "VT5-200"),
        udi_dis=("00844588003288", "B-4711"),
        markets=("US", "EU"),
        end_of_support=day("2034-12-31"),
        roles=(RoleRule("pkg:github/*", ClinicalRole.THERAPY, "Closes the loop."),),
        device_type="sterile room display",
    )
    form = client.get(reverse("device-edit", args=[pump.pk])).context["form"]

    send(client, "device-edit", pump.pk, **{name: form[name].value() or "" for name in form.fields if name != "why"})

    assert kinds(pump) == ["device.created"]


def test_the_list_filters_and_exports_what_the_filter_leaves() -> None:
    """CSV with plain values; unknown is a word."""
    client = browser(manager())
    version(of=device("Ventorsa 5", udi_dis=("00844588003288",)), units=12)
    version(of=device("Dosimere 3"), shipped=True)

    found = client.get(reverse("devices"), {"q": "00844588003288", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(found.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]

    assert [(row["Device"], row["Versions"], row["Units"]) for row in rows] == [("Ventorsa 5", "1", "12")]
    assert rows[0]["Support"] == "unknown"
    page = text_of(client.get(reverse("devices")).content)
    assert "2 of 2 devices have no determination that counts." in page
    assert "not counted" in page


@pytest.mark.parametrize("route", ["device", "device-edit", "version-units", "version-ship"])
def test_another_line_s_devices_are_not_there(route: str) -> None:
    """404, as for what there never was."""
    made = version(of=device(line=line("monitors")))
    client = browser(manager(line=line("pumps")))
    pk = made.device_id if route.startswith("device") else made.pk

    assert client.get(reverse(route, args=[pk])).status_code == 404


def test_a_determination_asks_for_a_word_to_its_contradiction_and_leads_to_the_signature() -> None:
    """Draft, objection, answer, ceremony."""
    client, pump = browser(person(Role.CYBERSECURITY_LEAD)), device("Ventorsa 5")
    said = {
        "software": "yes",
        "internet": "no",
        "vulnerable": "yes",
        "features": ["USB"],
        "rationale": "See the architecture view.",
    }

    assert "It is said not to connect to the internet; it has USB" in refused(
        client, "device-determine", pump.pk, **said
    )
    answered = said | {"answer-offline-with-features": "The port is sealed."}
    at = send(client, "device-determine", pump.pk, **answered)

    page = text_of(client.get(at).content)
    assert "Ventorsa 5: its determination waits for a signature." in page
    assert "Not a cyber device, not signed" in page
    ceremony = send(client, "device-determination-sign", pump.pk)
    assert ceremony.startswith("/sign/")
    shown = text_of(client.get(ceremony).content)
    assert "Ventorsa 5: it is not a cyber device in the sense of section 524B(c)" in shown
    assert "The port is sealed." in shown


def test_an_open_test_is_not_kept() -> None:
    """Unknown is never no."""
    client, pump = browser(person(Role.REGULATORY_AFFAIRS)), device()
    tests = {"software": "yes", "internet": "unknown", "vulnerable": "yes", "rationale": "See."}

    assert "A statutory test is not answered" in refused(client, "device-determine", pump.pk, **tests)


def test_a_version_that_is_no_longer_supported_is_the_device_page_s_title() -> None:
    """What matters most comes first."""
    client, pump = browser(person(Role.AUDITOR)), device("Ventorsa 5")
    version("5.1", of=pump, units=3, end_of_support=day("2026-01-01"))
    version("5.2", of=pump, units=4, end_of_support=day("2034-01-01"))
    with clock.stopped(NOW):
        page = text_of(client.get(reverse("device", args=[pump.pk])).content)
        forecast = text_of(client.get(reverse("support-forecast")).content)

    assert "Ventorsa 5: 1 of 2 versions in the field is no longer supported." in page
    assert "1 version in the field is no longer supported. 3 units of them are counted" in forecast
    assert "Ventorsa 5 5.2" not in forecast
    assert "Change" not in page


def test_a_mistaken_shipping_is_corrected_on_its_page() -> None:
    """And refused where units are counted."""
    client = browser(manager())
    counted, mistaken = version(units=1), version(shipped=True)

    assert "units of it are counted" in refused(client, "version-ship", counted.pk)
    send(client, "version-ship", mistaken.pk)

    mistaken.refresh_from_db()
    assert not mistaken.is_shipped


def test_a_count_and_its_customer_are_kept_together_or_not_at_all() -> None:
    """A refused count leaves no customer behind."""
    client, made = browser(manager()), version()

    assert "Mark the version as shipped first" in refused(
        client, "version-count", made.pk, customer="St. Anna", units=3, counted_on="2026-10-01"
    )
    assert not FieldedUnits.objects.exists()
    assert not Entry.objects.filter(kind="customer.created").exists()


def test_suppliers_are_kept_and_reviewed() -> None:
    """The title says whose review is due."""
    client = browser(manager())

    at = send(client, "supplier-add", name="Quellmar GmbH", names="Quellmar Software")
    assert "Quellmar GmbH: its risk must be reviewed." in text_of(client.get(at).content)
    assert "The risk of 1 of 1 supplier must be reviewed." in text_of(client.get(reverse("suppliers")).content)
    again = {"name": "Quellmar GmbH", "risk_reviewed_on": clock.now().date().isoformat()}
    send(client, "supplier-edit", Supplier.objects.get().pk, **again, security_contact="psirt@quellmar.example")
    assert "Quellmar GmbH is reviewed." in text_of(client.get(at).content)
    assert "neither a mail nor a web address" in refused(client, "supplier-add", name="X", security_contact="call us")


def test_a_person_says_what_a_proposed_device_is() -> None:
    """The list tells that it waits; afterwards its version has the SBOM."""
    client, known = browser(manager()), device("Ventorsa 6")
    by = bearer(manager(), Scope.SBOMS_WRITE)
    for name in ("vt6-firmware", "new-thing", "test"):
        propose_device(
            by=by, device_name=name, version_label="6.0", content=cyclonedx(ZLIB), file_name="x.json", now=NOW
        )
    test, new, firmware = DeviceProposal.objects.all()
    assert "3 proposals wait" in text_of(client.get(reverse("devices")).content)

    assert "It is" in refused(client, "proposal-decide", firmware.pk, answer="known", device="")
    send(client, "proposal-decide", firmware.pk, answer="known", device=known.pk)
    send(client, "proposal-decide", new.pk, answer="new", name="New Thing")
    send(client, "proposal-decide", test.pk, answer="reject")
    tasks.run_due(now=clock.now())

    assert set(DeviceVersion.objects.values_list("device__name", "label")) == {
        ("Ventorsa 6", "6.0"),
        ("New Thing", "6.0"),
    }
    assert names(DeviceVersion.objects.get(device=known)) == ["zlib 1.2.13"]
    assert "No proposed device waits." in text_of(client.get(reverse("proposals")).content)
    assert "was rejected" in text_of(client.get(reverse("proposal", args=[test.pk])).content)
