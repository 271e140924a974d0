"""A case from its finding to two signatures, and back when exploitation becomes known: through pages alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.words import Lead
from postmarket.sources.interface import Rating
from postmarket.web import clock
from tests.accounts.builders import person, with_generator
from tests.assessment.contents import EASY
from tests.assessment.given import Signer
from tests.browser.conftest import Accessible, SignIn
from tests.browser.steps import Hand, at_work
from tests.builders import Tell, kev, nvd_range, rated, record
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import OPENSSL, Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)
CVE: Final = "CVE-2025-0004"
RISK: Final = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
LATER: Final = NOW + timedelta(days=1)
"""When exploitation becomes known."""
TOLD: Final = "It was not in CISA's catalogue of exploited vulnerabilities; it was added on Wed 25 Nov."
PROVISIONAL: Final = "nothing is signed yet"
HOSPITALS: Final = "Tell the hospitals"

OPENED, TRIAGED, JUDGED, DRAWN, SCORED, PROPOSED = (3, 1), (5, 2), (4, 2), (2, 3), (2, 2), (1, 0)
SIGNED, AGAIN = (3, 2), (3, 0)
"""Clicks and fields of each stage, as docs/assessment.md ("Screen work") states them."""


@dataclass
class Walk:
    """The manager's page, counted stage by stage; `look` runs axe over it."""

    page: Page
    live: str
    look: Accessible
    at: str = ""

    def sees(self, title: str) -> None:
        """The title of the page as it is, which is for everybody."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        self.look(self.page)

    def case(self) -> None:
        """Look at the case."""
        self.page.goto(self.at)
        self.sees(RISK)


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager, who assesses."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def found(firm: Firm, tell: Tell, bring_up: Callable[..., object]) -> None:
    """What hits OpenSSL in both versions of the ventilator, and nobody exploits: 8.8 by its maker."""
    ratings = (rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8), Rating("4.0", EASY, None, "OpenSSL"))
    tell(record(CVE, nvd_range(OPENSSL, "3.0.19"), description="A handshake overflows OpenSSL.", ratings=ratings))
    at_work(bring_up, NOW)


def test_from_a_finding_to_two_signatures_and_back_when_it_is_exploited(
    found: None,
    mara: Person,
    tell: Tell,
    bring_up: Callable[..., object],
    signed_in_page: SignIn,
    live: str,
    accessible: Accessible,
) -> None:
    """Nothing is done behind the pages but what the worker does; each stage takes as many hands as the docs say."""
    walk = Walk(signed_in_page(who=mara), live, accessible)
    technical, clinical = Signer(Lead.TECHNICAL), Signer(Lead.CLINICAL)
    opens(walk)
    triages(walk)
    judges(walk)
    draws(walk)
    scores_and_proposes(walk)

    walk.case()
    clocks = walk.page.locator("#clocks")
    expect(clocks).to_contain_text(PROVISIONAL)
    expect(clocks).not_to_contain_text(HOSPITALS)
    signs(technical, Lead.TECHNICAL, walk, signed_in_page, at=NOW)
    walk.case()
    expect(walk.page.locator("main")).to_contain_text("Does the clinical safety lead sign it?")
    expect(clocks).to_contain_text(PROVISIONAL)
    signs(clinical, Lead.CLINICAL, walk, signed_in_page, at=NOW)

    walk.case()
    main = walk.page.locator("main")
    expect(main).to_contain_text("Uncontrolled: catastrophic × high. Both leads signed.")
    expect(main).to_contain_text("9.7 for our device")
    expect(clocks).not_to_contain_text(PROVISIONAL)
    expect(clocks).to_contain_text(HOSPITALS)
    expect(clocks).to_contain_text("Mitigate, CVSS 9.0 – 10.0")
    moves(walk, "assessed")

    with clock.stopped(LATER):
        tell(kev("CVE-2025-0001"), kev(CVE, added="2026-11-25"))
        at_work(bring_up, LATER)
        opened_again(walk)
        begins_anew(walk)
        signs(technical, Lead.TECHNICAL, walk, signed_in_page, at=LATER)
        signs(clinical, Lead.CLINICAL, walk, signed_in_page, at=LATER)
        walk.case()
        expect(main).not_to_contain_text("Open again")
        expect(main).to_contain_text("another date in KEV (now Wed 25 Nov)")
        walk.page.get_by_role("link", name="Assessment of Ventorsa 5 5.1").click()
        walk.sees("Uncontrolled: patients on Ventorsa 5 5.1 can die.")
        expect(walk.page.locator("main")).to_contain_text("revision 2, in effect since today")


def opens(walk: Walk) -> None:
    """From the finding in triage, which says afterwards where it went."""
    page, hand = walk.page, Hand()
    page.goto(f"{walk.live}/triage/")
    walk.look(page)
    finding = page.locator(".pick", has_text=CVE)
    hand.click(finding)
    expect(page.locator("#pane")).to_contain_text("CPE a:openssl:openssl: 3.0.13 in < 3.0.19")
    hand.click(page.get_by_role("link", name=f"Open a case for {CVE}"))
    walk.sees(f"Open a case for {CVE}?")
    hand.write(page.get_by_label("What can happen to a patient"), RISK)
    hand.click(page.get_by_role("button", name="Open the case"))
    walk.sees(RISK)
    assert hand.count == OPENED
    walk.at = page.url
    page.goto(f"{walk.live}/triage/")
    finding.click()
    expect(page.locator("#pane")).to_contain_text(f"In PSIRT-2026-0001, received: {RISK}")
    walk.case()


def triages(walk: Walk) -> None:
    """Whether it is exploited is the case's first question; then nothing is missing up to triaged."""
    page, hand = walk.page, Hand()
    hand.click(page.get_by_role("link", name="Answer"))
    walk.sees("Is it exploited on a device of ours?")
    hand.choose(page.get_by_label("No sign of it"))
    hand.write(page.get_by_label("How we know"), "Asked the hospitals.")
    hand.click(page.get_by_role("button", name="Say it"))
    hand.click(page.get_by_role("link", name="Triaged"))
    walk.sees("Is it triaged?")
    expect(page.locator("main")).to_contain_text("It is acknowledged by it too")
    hand.click(page.get_by_role("button", name="It is triaged"))
    walk.sees(RISK)
    expect(page.get_by_label("State of the case")).to_contain_text("Triagedsince today")
    assert hand.count == TRIAGED


def judges(walk: Walk) -> None:
    """Severity and essential performance; the matrix answers."""
    page, hand = walk.page, Hand()
    hand.click(page.get_by_role("link", name="Answer"))
    walk.sees("Nobody has judged yet what can happen to patients on Ventorsa 5 5.1.")
    hand.choose(page.get_by_label("Catastrophic: patient death").first)
    hand.choose(page.locator("#harm").get_by_label("Affected", exact=True).first)
    hand.click(page.get_by_role("button", name="Save harm"))
    walk.sees("Uncontrolled, not signed yet: patients on Ventorsa 5 5.1 can die.")
    expect(page.locator("#answer")).to_contain_text("Uncontrolled, if it were signed now")
    expect(page.locator("#next")).to_contain_text("No pathway is drawn.")
    assert hand.count == JUDGED


def draws(walk: Walk) -> None:
    """What is known is there; what the device does, how that meets a patient and the harm are typed."""
    page, hand = walk.page, Hand()
    hand.click(page.locator("#next").get_by_role("link", name="Draw it"))
    walk.sees("Three steps are missing before it reaches the patient.")
    hand.write(page.get_by_label("What does the device do then?"), "Gateway down")
    hand.write(page.get_by_label("How does that meet a patient?"), "Kinked circuit")
    hand.write(page.get_by_label("What happens to the patient?"), "Hypoxia, death")
    page.get_by_label("What happens to the patient?").press("Enter")
    page.wait_for_url("**/assessment/")
    hand.clicks += 1  # Enter, where a click on "Save the pathway" would do.
    expect(page.locator("#pathway")).to_contain_text("Kinked circuit → Hypoxia, death")
    assert hand.count == DRAWN


def scores_and_proposes(walk: Walk) -> None:
    """Safety is laid over the maker's score; then the sibling version gets the same."""
    page, hand = walk.page, Hand()
    hand.click(page.locator("#scores > summary"))
    hand.pick(page.get_by_label("Can a patient be injured when it stops or comes late?"), "S")
    hand.write(page.get_by_label("Reason for what is set"), "A silent alarm delays the nurse.")
    hand.click(page.get_by_role("button", name="Save scores"))
    expect(page.locator("#scores")).to_contain_text("Patient safety counts in it.")
    assert hand.count == SCORED
    assert proposes(page) == PROPOSED
    expect(page.locator("#next")).to_contain_text("It waits for the cybersecurity technical lead and the clinical")
    walk.look(page)


def proposes(page: Page) -> tuple[int, int]:
    """One click."""
    hand = Hand()
    hand.click(page.locator("#next").get_by_role("button", name="Propose it to 1 version"))
    expect(page.locator("#toasts")).to_contain_text("Proposed to 1 version")
    return hand.count


def signs(signer: Signer, lead: Lead, walk: Walk, signed_in_page: SignIn, *, at: datetime) -> None:
    """A lead in a browser of their own: Today says what waits, and leads to it."""
    page, hand = signed_in_page(who=signer.person), Hand()
    page.goto(walk.live)
    hand.click(page.get_by_role("link", name="Uncontrolled: patients on Ventorsa 5 5.1 can die.").first)
    expect(page.locator("#next")).to_contain_text(f"Do you sign it as {lead}?")
    hand.click(page.locator("#next").get_by_role("button", name="Sign 2 versions"))
    expect(page.locator("main")).to_contain_text("Kinked circuit → Hypoxia, death")
    walk.look(page)
    hand.prove(page, signer.secret, at=at)
    assert hand.count == SIGNED


def moves(walk: Walk, to: str) -> None:
    """The case asks for it as soon as nothing is missing."""
    walk.page.get_by_role("link", name="Move it on").click()
    walk.sees(f"Is it {to}?")
    walk.page.get_by_role("button", name=f"It is {to}").click()
    walk.sees(RISK)


def opened_again(walk: Walk) -> None:
    """Today, the case and the assessment say so and why, in words; what was signed still counts, no date is later."""
    page = walk.page
    page.goto(walk.live)
    expect(page.locator("main")).to_contain_text("Ventorsa 5 5.1: uncontrolled still, to be signed anew")
    expect(page.locator("main")).to_contain_text(TOLD)
    walk.case()
    main = page.locator("main")
    expect(main).to_contain_text(f"Ventorsa 5 5.1 and Ventorsa 5 5.2 are open again. {TOLD}")
    expect(main).to_contain_text("Open again: to be signed anew")
    expect(main).to_contain_text("What opened this again")
    expect(main).to_contain_text("2 versions to be signed anew")
    clocks = page.locator("#clocks")
    expect(clocks).to_contain_text(HOSPITALS)
    expect(clocks).to_contain_text("Mitigate, CVSS 9.0 – 10.0")
    expect(clocks).to_contain_text("a doubt gives no later date")


def begins_anew(walk: Walk) -> None:
    """A new revision of what was signed, and its copy for the sibling version."""
    page, hand = walk.page, Hand()
    hand.click(page.get_by_role("link", name="Answer"))
    walk.sees("Uncontrolled, and open again: patients on Ventorsa 5 5.1 can die.")
    expect(page.locator("#next")).to_contain_text(f"What it stood on has changed. Does it still hold?{TOLD}")
    hand.click(page.locator("#next").get_by_role("button", name="Begin a new revision"))
    walk.sees("Uncontrolled, not signed yet: patients on Ventorsa 5 5.1 can die.")
    expect(page.locator("main")).to_contain_text(f"Revision 1 says uncontrolled, and is open again. {TOLD} It counts")
    expect(page.locator("#exploitability")).to_contain_text("in CISA's catalogue of known exploited vulnerabilities")
    assert (hand.clicks + proposes(page)[0], hand.fields) == AGAIN
