"""An incident at one hospital in a real browser, at night on a phone; and what is printed of it and of its case."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Incident
from postmarket.assessment.services.incidents import note_isolated, open_incident, plan_isolation
from postmarket.assessment.words import ExploitationHere, IsolatedBy, Lead
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import add_member, restrict
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from tests.accounts.builders import person, with_generator
from tests.assessment.given import Leads, Signer, written
from tests.browser.conftest import WIDTHS, Accessible, Pictures, SignIn
from tests.browser.steps import Hand
from tests.browser.test_pages import fits
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
PHONE = 390
UDIS = tuple(f"(01)00614141007349(21)A{number}" for number in range(17, 21))
NURSE = "A nurse stays at each bed; two older ventilators stand by."


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in the ventilator."""
    return open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)


@pytest.fixture
def clinical(firm: Firm) -> Signer:
    """The clinical safety lead."""
    return Signer(Lead.CLINICAL)


@pytest.fixture
def pages(case: Case, firm: Firm, mara: Person) -> dict[str, str]:
    """Every page, by what it is called in pictures: of a restricted case, signed, with incidents in several states."""
    leads = Leads()
    say_exploitation(by=mara, case=case, exploitation=Exploitation.NONE, why="Asked the hospitals.", now=NOW)
    leads.sign(written(case, firm.v1))
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    add_member(by=mara, case=case, person=leads.clinical.person, why="Approves isolation.", now=NOW)
    first, second, third = (
        open_incident(
            by=mara,
            case=case,
            site=site,
            version=firm.v1,
            exploitation=exploitation,
            what="Alarms of two beds fall silent by themselves, and come back after a minute.",
            known_at=NOW,
            units=units,
            now=NOW,
        )
        for site, exploitation, units in (
            ("St. Brigid", ExploitationHere.ACTIVE, UDIS),
            ("St. Olaf University Hospital", ExploitationHere.SUSPECTED, ()),
            ("Klinikum Nord", ExploitationHere.ACTIVE, UDIS[:1]),
        )
    )
    plan_isolation(by=mara, incident=first, workaround=NURSE, residual_risk="Slower reaction at night.", now=NOW)
    note_isolated(
        by=mara, incident=third, at=NOW, isolated_by=IsolatedBy.SITE, why="Told by biomed, by phone.", now=NOW
    )
    of_case = f"/cases/{case.number}/"
    at = f"{of_case}incidents/{first.pk}/"
    return {
        "incidents": "/incidents/",
        "incident-open": f"{of_case}incidents/open/",
        "incident-planned": at,
        "incident-suspected": f"{of_case}incidents/{second.pk}/",
        "incident-isolated": f"{of_case}incidents/{third.pk}/",
        "incident-plan": f"{at}plan/",
        "incident-isolate": f"{at}isolate/",
        "incident-sheet": f"{at}sheet/",
        "incident-sheet-empty": f"{of_case}incidents/{second.pk}/sheet/",
        "case-record": f"{of_case}record/",
        "calendars": "/account/calendar/",
    }


def test_an_incident_at_one_hospital_from_opening_to_restoration(
    firm: Firm, case: Case, clinical: Signer, signed_in_page: SignIn, live: str, accessible: Accessible
) -> None:
    """Opened and planned on a phone, signed by the clinical lead on hers, carried out, restored."""
    page = signed_in_page(who=firm.ana, width=PHONE)
    page.goto(f"{live}/cases/{case.number}/incidents/open/")
    page.get_by_label("Which hospital").fill("St. Brigid")
    page.get_by_label("Which devices").select_option(str(firm.v1.pk))
    page.get_by_label("Yes: somebody does things with devices there").check()
    page.get_by_label("What happens there").fill("Alarms fall silent by themselves.")
    page.get_by_label("UDI of each unit").fill("\n".join(UDIS))
    page.get_by_role("button", name="Open the incident").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(
        "St. Brigid runs 4 units of Ventorsa 5 that an attacker may control; nobody has planned what to do with them."
    )
    accessible(page)
    expect(page.get_by_role("button", name="They are isolated")).to_have_count(0)

    page.get_by_label("How are patients cared for meanwhile?").fill(NURSE)
    page.get_by_role("button", name="Plan it so").click()
    expect(heading).to_contain_text("isolation waits for the clinical safety lead.")
    expect(page.locator("#next")).to_contain_text("a purely technical decision does not pass")
    expect(page.locator("#next")).to_contain_text("Dr. Anita Prasad")
    expect(page.get_by_role("button", name="isolated")).to_have_count(0)
    accessible(page)

    hers = signed_in_page(who=clinical.person, width=PHONE)
    hers.goto(page.url)
    hers.get_by_role("button", name="See it and sign").click()
    expect(hers.locator("main")).to_contain_text(NURSE)
    accessible(hers)
    Hand().prove(hers, clinical.secret, at=NOW)
    expect(hers.get_by_role("heading", level=1)).to_contain_text("isolation is approved and not carried out.")

    page.reload()
    page.get_by_label("How, and who told us").fill("Biomed pulled the gateway's cable.")
    page.get_by_role("button", name="They are isolated").click()
    expect(heading).to_have_text("St. Brigid has 4 units of Ventorsa 5 isolated; they wait to be restored.")
    page.get_by_label("How they were made safe again").fill("Patched by biomed, alarms checked at each bed.")
    page.get_by_role("button", name="They are restored").click()
    expect(heading).to_have_text("4 units of Ventorsa 5 at St. Brigid are back in use.")
    accessible(page)
    row = Incident.objects.get()
    assert (row.isolated_by, row.restored_at is not None) == ("our decision", True)
    printed(page, live, f"/cases/{case.number}/incidents/{row.pk}/sheet/")


def printed(page: Page, live: str, path: str, name: str = "sheet") -> bytes:
    """The page on paper; kept for people when they ask (PICTURES=folder)."""
    page.goto(f"{live}{path}")
    file: bytes = page.pdf(prefer_css_page_size=True)
    folder = os.environ.get("PICTURES")
    if folder:
        Path(folder, f"{name}.pdf").write_bytes(file)
    return file


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_for_everybody_at_every_width(
    mara: Person, pages: dict[str, str], signed_in_page: SignIn, live: str, accessible: Accessible, theme: str
) -> None:
    """axe-core finds nothing, and nothing is wider than its screen."""
    page = signed_in_page(who=mara, theme=theme)
    for path in pages.values():
        page.goto(f"{live}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{path} at {width}"
            accessible(page)


def test_pictures_and_paper_of_every_page(
    mara: Person, pages: dict[str, str], signed_in_page: SignIn, live: str, pictures: Pictures
) -> None:
    """For people, when they ask for them (PICTURES=folder); otherwise that each opens, and prints."""
    page = signed_in_page(who=mara)
    for name, path in pages.items():
        answer = page.goto(f"{live}{path}")
        assert answer is not None
        assert answer.ok, path
        pictures(page, name)
        if "sheet" in name or "record" in name:
            assert printed(page, live, path, name).startswith(b"%PDF")
