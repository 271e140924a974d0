"""The assessment in a real browser: written in place, answered by the matrix, signed by two; hands are counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment
from postmarket.assessment.rules.content import Scoring
from postmarket.assessment.services.drafting import propose_to_siblings
from postmarket.assessment.services.writing import answer_rubric, set_pathway, set_scoring
from postmarket.assessment.words import Lead
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from postmarket.sources.interface import Rating
from tests.accounts.builders import person, with_generator
from tests.assessment.contents import EASY, STEPS, answers, edit
from tests.assessment.given import Leads, Signer
from tests.assessment.given import written as assessed
from tests.browser.conftest import WIDTHS, Accessible, Pictures, SignIn
from tests.browser.steps import Hand
from tests.browser.test_pages import fits
from tests.builders import Tell, nvd_range, rated, record
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import OPENSSL, Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
HARM_CLICKS, HARM_FIELDS = 4, 2
SCORES_CLICKS, SCORES_FIELDS = 2, 2
SIGN_CLICKS, SIGN_FIELDS = 3, 2
"""As docs/assessment.md counts them."""


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def case(mara: Person, tell: Tell, bring_up: Callable[..., object]) -> Case:
    """The case of OpenSSL in both versions of the ventilator; its maker rated it by CVSS 4.0, NVD by 3.1."""
    ratings = (rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8), Rating("4.0", EASY, None, "OpenSSL"))
    tell(record("CVE-2025-0001", nvd_range(OPENSSL, "3.0.19"), description="A crafted message.", ratings=ratings))
    bring_up(NOW)
    made = open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)
    say_exploitation(by=mara, case=made, exploitation=Exploitation.NONE, why="Asked the hospitals.", now=NOW)
    return made


def test_it_is_written_in_place_answered_by_the_matrix_and_signed_by_two(
    mara: Person, case: Case, firm: Firm, signed_in_page: SignIn, live: str, accessible: Accessible
) -> None:
    """From the case's next question to a determination in effect; each stage takes as many hands as the docs say."""
    page = signed_in_page(who=mara)
    title = page.get_by_role("heading", level=1)
    hand = Hand()
    page.goto(f"{live}/cases/{case.number}/")
    hand.click(page.get_by_role("link", name="Answer"))
    expect(title).to_have_text("Nobody has judged yet what can happen to patients on Ventorsa 5 5.1.")
    hand.choose(page.get_by_label("Catastrophic: patient death").first)
    hand.choose(page.locator("#harm").get_by_label("Affected", exact=True).first)
    hand.click(page.get_by_role("button", name="Save harm"))
    expect(title).to_have_text("Uncontrolled, not signed yet: patients on Ventorsa 5 5.1 can die.")
    expect(page.locator("#verdict")).to_contain_text("Harm: catastrophic")
    expect(page.locator("#toasts")).to_contain_text("Saved. Uncontrolled: high × catastrophic.")
    assert hand.count == (HARM_CLICKS, HARM_FIELDS)
    accessible(page)

    hand = Hand()
    hand.click(page.locator("#scores > summary"))
    hand.pick(page.get_by_label("Can a patient be injured when it stops or comes late?"), "S")
    hand.write(page.get_by_label("Reason for what is set"), "A silent alarm delays the nurse.")
    hand.click(page.get_by_role("button", name="Save scores"))
    expect(page.locator("#scores")).to_contain_text("Patient safety counts in it.")
    assert hand.count == (SCORES_CLICKS, SCORES_FIELDS)

    row = Assessment.objects.get()
    set_pathway(by=mara, assessment=row, steps=STEPS, hazards=("H-17",), now=NOW)
    page.reload()
    hand = Hand()
    hand.click(page.locator("#next").get_by_role("button", name="Propose it to 1 version"))
    expect(page.locator("#toasts")).to_contain_text("Proposed to 1 version")
    assert hand.clicks == 1
    leads = Leads()
    signs(leads.technical, Lead.TECHNICAL, case, firm, signed_in_page, live)
    signs(leads.clinical, Lead.CLINICAL, case, firm, signed_in_page, live)

    page.reload()
    expect(title).to_have_text("Uncontrolled: patients on Ventorsa 5 5.1 can die.")
    expect(page.locator("#signatures")).to_contain_text("Jonas Okafor and Dr. Anita Prasad have signed.")


def signs(signer: Signer, lead: Lead, case: Case, firm: Firm, signed_in_page: SignIn, live: str) -> None:
    """One lead reads and signs."""
    page = signed_in_page(who=signer.person)
    hand = Hand()
    page.goto(f"{live}/cases/{case.number}/")
    hand.click(page.get_by_role("link", name="Answer"))
    expect(page.locator("#next")).to_contain_text(f"Do you sign it as {lead}?")
    hand.click(page.locator("#next").get_by_role("button", name="Sign 2 versions"))
    hand.prove(page, signer.secret, at=NOW)
    assert hand.count == (SIGN_CLICKS, SIGN_FIELDS)


def test_saving_a_part_leaves_what_is_typed_in_another(
    mara: Person, case: Case, firm: Firm, signed_in_page: SignIn, live: str
) -> None:
    """The page stays, the focus too, and the address follows the folds; a refused part keeps its words."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/{case.number}/versions/{firm.v1.pk}/assessment/?open=harm&open=scores")
    why = page.get_by_label("Reason for what is set")
    why.fill("Half a sentence")
    page.get_by_label("Serious: injury").first.check()
    page.get_by_role("button", name="Save harm").press("Enter")
    expect(page.locator("#verdict")).to_contain_text("Harm: serious")

    assert why.input_value() == "Half a sentence"
    assert page.evaluate("document.activeElement.id") == "harm-save"
    assert sorted(page.url.partition("?")[2].split("&")) == ["open=harm", "open=scores"]
    page.get_by_label("Can a patient be injured when it stops or comes late?").select_option("S")
    page.get_by_label("Begin with").select_option("none")
    page.get_by_role("button", name="Save scores").click()
    expect(page.locator("#scores [role=alert]")).to_contain_text("Not saved")
    assert page.get_by_label("Reason for what is set").input_value() == "Half a sentence"


def test_without_scripts_it_is_written_too(
    mara: Person, case: Case, firm: Firm, signed_in_page: SignIn, new_page: object, live: str
) -> None:
    """The same forms, whole pages."""
    cookies = signed_in_page(who=mara).context.cookies()
    page: Page = new_page(scripts=False)  # type: ignore[operator]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{live}/cases/{case.number}/versions/{firm.v1.pk}/assessment/")
    page.get_by_label("Catastrophic: patient death").first.check()
    page.get_by_role("button", name="Save harm").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("patients on Ventorsa 5 5.1 can die.")
    assert "open=harm" in page.url


@pytest.fixture
def pages(case: Case, firm: Firm, mara: Person) -> dict[str, str]:
    """The page in its states, by what it is called in pictures."""
    at = f"/cases/{case.number}/versions"
    everything = "&".join(
        f"open={one}"
        for one in ("harm", "pathway", "exploitability", "scores", "rubric", "resolution", "siblings", "revisions")
    )
    made = assessed(case, firm.v1, by=mara, at=NOW)
    set_scoring(by=mara, assessment=made, scoring=scored(), now=NOW)
    answer_rubric(by=mara, assessment=made, answers=answers(XAVN="Y", XAVT="Y", XACL="N", XCP="Y"), now=NOW)
    propose_to_siblings(by=mara, assessment=made, now=NOW)
    other = open_case(by=mara, vulnerability="CVE-2025-0002", title="The pump can stop.", why="Seen.", now=NOW)
    signed = assessed(other, firm.p1, by=mara, at=NOW)
    say_exploitation(by=mara, case=other, exploitation=Exploitation.NONE, why="Asked.", now=NOW)
    Leads().sign(signed, at=NOW)
    return {
        "assessment-written": f"{at}/{firm.v1.pk}/assessment/",
        "assessment-whole": f"{at}/{firm.v1.pk}/assessment/?{everything}",
        "assessment-copied": f"{at}/{firm.v2.pk}/assessment/",
        "assessment-signed": f"/cases/{other.number}/versions/{firm.p1.pk}/assessment/?{everything}",
        "assessment-empty": f"/cases/{other.number}/versions/{firm.v1.pk}/assessment/",
    }


def scored() -> Scoring:
    """Our scores, with safety in them."""
    return Scoring(base=EASY, base_from="our own", edits=(edit("MSA", "S"), edit("MAV", "A")))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_for_everybody_at_every_width(
    mara: Person, pages: dict[str, str], signed_in_page: SignIn, live: str, accessible: Accessible, theme: str
) -> None:
    """axe-core finds nothing, and nothing is wider than its screen."""
    page = signed_in_page(who=mara, theme=theme)
    for name, path in pages.items():
        page.goto(f"{live}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{name} at {width}"
            accessible(page)


def test_pictures(mara: Person, pages: dict[str, str], signed_in_page: SignIn, live: str, pictures: Pictures) -> None:
    """For people, when they ask for them (PICTURES=folder); otherwise that each opens without an error."""
    page = signed_in_page(who=mara)
    for name, path in pages.items():
        answer = page.goto(f"{live}{path}")
        assert answer is not None
        assert answer.ok, path
        pictures(page, name)
