"""The same box finds the work: cases, incidents, reports and customers."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Incident
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.inventory.models import Customer, FieldedUnits
from tests.accounts.builders import person, with_generator
from tests.intake.given import entered
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm
from tests.web.pages.reading import words

TITLE = "The alarm can be silenced from the corridor."


@pytest.fixture
def case(firm: Firm) -> Case:
    """An open case, an incident in it at a hospital, whose units of the ventilator are counted."""
    made = open_case(by=firm.ana, vulnerability="CVE-2025-0001", title=TITLE, why="Triage.", now=NOW)
    site = Customer.objects.create(name="St. Brigid", country="IE", created_at=NOW)
    FieldedUnits.objects.create(version=firm.v1, customer=site, units=12, counted_on=date(2025, 1, 1))
    Incident.objects.create(
        number="INC-2025-0001",
        case=made,
        site=site,
        version=firm.v1,
        exploitation="suspected",
        what="Alarms went quiet on ward 3.",
        known_at=NOW,
        opened_by=firm.ana,
        opened_at=NOW,
    )
    return made


def found(site: Client, text: str) -> str:
    """What the page of results says."""
    return words(site.get("/search/", {"q": text}))


def test_a_case_is_found_by_number_words_and_vulnerability(ana: Client, case: Case) -> None:
    """With its state beside it."""
    for text in (case.number, case.number[-4:], "silenced corridor", "CVE-2025-0001"):
        assert TITLE in found(ana, text)
    assert f"/cases/{case.number}/" in ana.get("/search/", {"q": case.number}).content.decode()


def test_an_incident_is_found_by_number_hospital_and_what_is_seen(ana: Client, case: Case) -> None:
    """Under the device and the hospital."""
    for text in ("INC-2025-0001", "brigid", "quiet ward"):
        assert "Ventorsa 5 5.1 at St. Brigid" in found(ana, text)


def test_a_report_is_found_by_number_title_and_organisation(ana: Client, firm: Firm) -> None:
    """Whoever wrote it down."""
    row = entered(by=firm.ana)

    for text in (row.number, row.title, "pump network", "brigid"):
        assert row.title in found(ana, text)


def test_a_customer_is_found_by_name(ana: Client, case: Case) -> None:
    """Where one may read what they have."""
    assert "Has units of ours in the field." in found(ana, "brigid")


def test_others_work_is_not_found(pia: Client, case: Case) -> None:
    """Neither case nor incident nor hospital of another line."""
    for text in (case.number, "silenced", "INC-2025-0001", "brigid", "quiet"):
        said = found(pia, text)
        assert TITLE not in said
        assert "at St. Brigid" not in said
        assert "units of ours" not in said


def test_a_restricted_case_is_found_by_nobody_else(case: Case) -> None:
    """Nor the incident in it."""
    mara = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    assert TITLE in found(_browser(mara), case.number)

    stranger = _browser(person("Nia Cole", Role.PSIRT_ANALYST))
    for text in (case.number, "silenced", "INC-2025-0001", "quiet ward"):
        said = found(stranger, text)
        assert TITLE not in said
        assert "at St. Brigid" not in said


def _browser(who: Person) -> Client:
    with_generator(who)
    client = Client()
    client.force_login(who)
    return client
