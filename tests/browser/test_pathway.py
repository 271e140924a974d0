"""A pathway is drawn and a case looked at in a real browser: with and without scripts, by keyboard, at every width."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment
from postmarket.assessment.rules.content import HarmScenario, Scoring, Step, StepControl
from postmarket.assessment.services.controls import keep_template, name_control
from postmarket.assessment.services.drafting import begin_assessment, propose_to_siblings
from postmarket.assessment.services.writing import set_harm, set_pathway, set_scoring
from postmarket.assessment.words import ControlKind, ControlState, EssentialPerformance, StepKind
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from postmarket.policy.interface import HarmSeverity
from tests.accounts.builders import person, with_generator
from tests.assessment.contents import EASY
from tests.assessment.given import Leads
from tests.browser.conftest import WIDTHS, Accessible, Pictures, SignIn
from tests.browser.test_pages import fits
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)
RISK = "An attacker on the hospital network can silence the Ventorsa 5 high-pressure alarm."


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def case(mara: Person) -> Case:
    """A case about the ventilator's alarm."""
    made = open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)
    say_exploitation(by=mara, case=made, exploitation=Exploitation.SUSPECTED, why="A log shows scans.", now=NOW)
    made.refresh_from_db()
    return made


@pytest.fixture
def signed(case: Case, firm: Firm, mara: Person) -> Assessment:
    """One version assessed as in the pictures of the design and signed by both leads, the other proposed."""

    def control(name: str, kind: ControlKind) -> int:
        return name_control(by=mara, device=firm.ventilator, name=name, kind=kind, now=NOW).pk

    wall = StepControl(
        control("Firewall rule", ControlKind.COMPENSATING), "", ControlState.PARTIAL, "", "in 31 of 38 hospitals"
    )
    alarm = StepControl(control("Local alarm on", ControlKind.DESIGNED), "", ControlState.VERIFIED, "TR-0417")
    nurse = StepControl(
        control("Nurse in the room?", ControlKind.COMPENSATING), "", ControlState.NOT_ASSUMED, "", "at night"
    )
    steps = (
        Step(StepKind.ENTRY, "Hospital VLAN", "port 8443", (wall,)),
        Step(StepKind.WEAKNESS, "Parser crash", "CVE-2025-0001"),
        Step(StepKind.COMPONENT, "OpenSSL 3.0.13", "in alarm gateway"),
        Step(StepKind.BEHAVIOUR, "Gateway down", "alarms held 40 s", (alarm,)),
        Step(StepKind.SITUATION, "Kinked circuit", "nobody is warned", (nurse,)),
        Step(StepKind.HARM, "Hypoxia, death", "catastrophic"),
    )
    row = begin_assessment(by=mara, case=case, version=firm.v1, now=NOW)
    set_scoring(by=mara, assessment=row, scoring=Scoring(base=EASY, base_from="our own"), now=NOW)
    set_pathway(by=mara, assessment=row, steps=steps, hazards=("H-17",), now=NOW)
    harm = HarmScenario(
        use="ventilation at night",
        patients="ventilated adults",
        words="Hypoxia that nobody notices.",
        severity=HarmSeverity.CATASTROPHIC,
        essential_performance=EssentialPerformance.AFFECTED,
    )
    row = set_harm(by=mara, assessment=row, harm=(harm,), now=NOW)
    keep_template(by=mara, assessment=row, name="Alarm path over the network", now=NOW)
    propose_to_siblings(by=mara, assessment=row, now=NOW)
    return Leads().sign(row)


@pytest.fixture
def pages(signed: Assessment, case: Case, firm: Firm) -> dict[str, str]:
    """What is looked at, by what it is called in pictures."""
    return {
        "case-drawn": f"/cases/{case.number}/",
        "pathway": f"/cases/{case.number}/versions/{firm.v1.pk}/pathway/",
        "pathway-copied": f"/cases/{case.number}/versions/{firm.v2.pk}/pathway/",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_for_everybody_at_every_width(
    mara: Person, pages: dict[str, str], signed_in_page: SignIn, live: str, accessible: Accessible, theme: str
) -> None:
    """axe-core finds nothing, and nothing is wider than its screen; one picture is there at each width."""
    page = signed_in_page(who=mara, theme=theme)
    for path in pages.values():
        page.goto(f"{live}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{path} at {width}"
            assert page.locator("#pathway-figure svg:visible").count() == 1
            accessible(page)


def test_pictures_of_every_page(
    mara: Person, case: Case, firm: Firm, signed_in_page: SignIn, live: str, pictures: Pictures, request: Any
) -> None:
    """For people, when they ask for them (PICTURES=folder): empty and begun first, then drawn."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/{case.number}/versions/{firm.v1.pk}/pathway/")
    pictures(page, "pathway-begun")
    page.goto(f"{live}/cases/{case.number}/")
    pictures(page, "case-begun")
    for name, path in request.getfixturevalue("pages").items():
        answer = page.goto(f"{live}{path}")
        assert answer is not None
        assert answer.ok, path
        pictures(page, name)


def test_a_typical_pathway_takes_three_fields_and_one_press_by_keyboard(
    mara: Person, case: Case, firm: Firm, signed_in_page: SignIn, live: str
) -> None:
    """Entry, weakness and component are there; what follows is typed, and the picture follows while it is."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/{case.number}/")
    page.get_by_role("link", name="Draw it for Ventorsa 5 5.1").press("Enter")
    page.wait_for_url("**/pathway/")
    for question, words in (
        ("What does the device do then?", "Gateway down"),
        ("How does that meet a patient?", "Kinked circuit"),
        ("What happens to the patient?", "Hypoxia, death"),
    ):
        page.get_by_label(question).focus()
        page.keyboard.type(words)
    page.locator("#drawn svg:visible text", has_text="Hypoxia, death").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/pathway/"))

    row = Assessment.objects.get()
    assert [step.kind for step in row.says.exploit_impact_pathway.steps] == list(StepKind)


def test_a_control_is_put_on_a_step_in_place(
    mara: Person, case: Case, firm: Firm, signed_in_page: SignIn, live: str
) -> None:
    """The page stays, focus goes to what is to be judged, and what was typed stands there."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/{case.number}/versions/{firm.v1.pk}/pathway/")
    page.get_by_label("What does the device do then?").fill("Gateway down")
    first = page.locator("#s0")
    first.get_by_text("Put a control here").click()
    first.get_by_label("or a new one").fill("Firewall rule")
    first.get_by_role("button", name="Put it on this step").click()
    state = page.locator("#s0").get_by_label("It is")
    state.wait_for()

    assert state.evaluate("box => box === document.activeElement")
    assert page.get_by_label("What does the device do then?").input_value() == "Gateway down"
    page.locator("#drawn svg:visible text", has_text="Firewall rule").wait_for()
    page.get_by_role("button", name="Another effect on device behaviour").click()
    second = page.locator("fieldset", has_text="Effect on device behaviour 2").get_by_label("What does the device do")
    second.wait_for()
    assert second.evaluate("box => box === document.activeElement")
    second.fill("Alarms held 40 s")
    page.get_by_role("button", name="Earlier: Effect on device behaviour").click()
    page.get_by_role("button", name="Later: Alarms held 40 s").wait_for()


def test_it_is_built_on_a_phone_without_scripts(
    mara: Person, case: Case, firm: Firm, new_page: Any, signed_in_page: SignIn, live: str
) -> None:
    """Every button sends the form and gives it back."""
    cookies = signed_in_page(who=mara).context.cookies()
    page = new_page(width=390, scripts=False)
    page.context.add_cookies(cookies)
    page.goto(f"{live}/cases/{case.number}/versions/{firm.v1.pk}/pathway/")
    page.get_by_label("What does the device do then?").fill("Gateway down")
    page.get_by_role("button", name="Another harm").click()
    assert page.get_by_label("What does the device do then?").input_value() == "Gateway down"
    page.get_by_label("What happens to the patient?").nth(1).fill("Death")
    page.get_by_role("button", name="Save the pathway").click()
    page.wait_for_load_state()

    words = [step.words for step in Assessment.objects.get().says.exploit_impact_pathway.steps]
    assert words[-2:] == ["Gateway down", "Death"]
    assert page.locator("#pathway-figure svg:visible").get_attribute("class") == "pathway-narrow"
    assert NOW - timedelta(days=1) < Assessment.objects.get().drafted_at
