"""Personal data goes by two people on the site, and leaves a tombstone that is seen where it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.cases.models import CaseReport
from postmarket.cases.services.people import restrict
from postmarket.intake.models import Report
from postmarket.records.models import PrivateDatum, Signature
from postmarket.records.redactions import standing_of
from postmarket.web import clock
from tests.accounts.builders import PASSWORD, code_of, person, with_generator
from tests.intake.given import entered
from tests.monitoring.builders import NOW
from tests.records.attacker import found
from tests.web.pages.reading import heading, words
from tests.web.routes.cases import kept as kept_case

pytestmark = pytest.mark.django_db
WHY = "The patient asked for it."


class Site:
    """Somebody's browser."""

    def __init__(self, name: str, role: Role) -> None:
        self.person: Person = person(name, role)
        self.secret = with_generator(self.person)
        self.client = Client()
        self.client.force_login(self.person)

    def see(self, name: str, **kwargs: object) -> str:
        """A page in words, with its title first."""
        page = self.client.get(reverse(name, kwargs=kwargs or None))
        return f"{heading(page)} {words(page)}"

    def ask(self, id: str, step: str = "ask") -> None:
        """A step with a reason."""
        answer = self.client.post(reverse(f"redaction-{step}", kwargs={"id": id}), {"why": WHY})
        assert answer.status_code == 302, words(answer)

    def confirm(self, id: str, *, what: str = "What the reporter wrote") -> None:
        """Confirm and sign."""
        answer = self.client.post(reverse("redaction-confirm", kwargs={"id": id}), {"why": "Confirmed."})
        assert answer.status_code == 302, words(answer)
        address = answer["Location"]
        shown = words(self.client.get(address))
        assert f"{what} is removed for good" in shown
        assert report_words() not in shown
        signed = self.client.post(address, {"password": PASSWORD, "code": code_of(self.secret, at=NOW)})
        assert signed.status_code == 302, words(signed)


def report_words() -> str:
    """What the reporter wrote, until it is gone."""
    return Report.objects.get().text or "no words any more"


@pytest.fixture
def quinn() -> Iterator[Site]:
    """Of quality."""
    with clock.stopped(NOW):
        yield Site("Quinn Hale", Role.QUALITY)


@pytest.fixture
def mara() -> Site:
    """The PSIRT manager."""
    return Site("Mara Lindqvist", Role.PSIRT_MANAGER)


@pytest.fixture
def body() -> str:
    """The words of a report."""
    return entered().body_id


def test_two_people_remove_it_and_the_tombstone_is_seen(quinn: Site, mara: Site, body: str) -> None:
    """One asks, the other signs; words are gone, the chain verifies, the report's records say who and when."""
    quinn.ask(body)
    assert mara.see("redactions").startswith("One redaction waits for your confirmation.")
    assert standing_of(body).size  # type: ignore[union-attr]

    mara.confirm(body)

    assert PrivateDatum.objects.get(pk=body).content is None
    assert Signature.objects.get().printed_name == "Mara Lindqvist"
    assert found() == []
    told = quinn.see("record-subject", kind="report", id=Report.objects.get().number)
    assert "Quinn Hale asked, Mara Lindqvist confirmed and signed" in told
    assert "Redacted" in told
    assert "two people removed it" in quinn.see("redaction", id=body)
    assert quinn.see("redactions").startswith("No redaction waits.")


def test_the_report_says_that_who_reported_is_redacted(quinn: Site, mara: Site, body: str) -> None:
    """Not that nobody said it; and leads to its records, from which it was asked."""
    report = Report.objects.get()
    assert report.reporter_id is not None
    address = reverse("record-subject", kwargs={"kind": "report", "id": report.number})
    assert address in mara.client.get(reverse("report", args=[report.number])).content.decode()

    quinn.ask(report.reporter_id)
    mara.confirm(report.reporter_id, what="Who reported")

    told = mara.see("report", number=report.number)
    assert "Reporter Redacted" in told
    assert "Rob Vance" not in told


def test_who_asked_does_not_confirm(quinn: Site, body: str) -> None:
    """Neither by the page, which has no button, nor past it."""
    quinn.ask(body)
    assert "Somebody else must confirm what you asked for." in quinn.see("redaction", id=body)
    assert "Confirm and sign" not in quinn.see("redaction", id=body)

    refused = quinn.client.post(reverse("redaction-confirm", kwargs={"id": body}), {"why": "Myself."})

    assert refused.status_code == 400
    assert re.search("A redaction takes two people|proposed it", refused.content.decode())
    assert PrivateDatum.objects.get(pk=body).content is not None


def test_it_stays_when_the_request_is_taken_back(quinn: Site, mara: Site, body: str) -> None:
    """And can be asked for again."""
    quinn.ask(body)
    mara.ask(body, "take-back")

    assert "What the reporter wrote is kept with report" in quinn.see("redaction", id=body)


def test_a_request_without_a_reason_is_refused(quinn: Site, body: str) -> None:
    """The form says so, and nothing is asked."""
    assert quinn.client.post(reverse("redaction-ask", kwargs={"id": body}), {"why": " "}).status_code == 400
    assert standing_of(body).proposal is None  # type: ignore[union-attr]


def test_what_belongs_to_a_restricted_case_is_not_there_for_others(quinn: Site, mara: Site, body: str) -> None:
    """Neither in the list nor by its address."""
    quinn.ask(body)
    case = kept_case(owner=mara.person)
    CaseReport.objects.create(case=case, report=Report.objects.get(), added_at=NOW)
    restrict(by=mara.person, case=case, why="Patients are named.", now=NOW)

    assert quinn.see("redactions").startswith("Nothing was ever redacted.")
    assert quinn.client.get(reverse("redaction", kwargs={"id": body})).status_code == 404
    assert "Quinn Hale asks to remove what the reporter wrote" in mara.see("redaction", id=body)
