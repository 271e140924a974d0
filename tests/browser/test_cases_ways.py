"""The board, the vulnerabilities and what joins cases, in a real browser: every width, both themes, by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case, open_case_for_report
from postmarket.cases.services.people import restrict
from postmarket.cases.services.steps import move_case
from postmarket.cases.services.triage import say_exploitation, set_embargo
from postmarket.cases.services.work import attach
from postmarket.cases.words import CaseState, Exploitation
from postmarket.intake.services.reports import File
from postmarket.inventory.models import FieldedUnits
from tests.accounts.builders import person, with_generator
from tests.browser.conftest import WIDTHS, Accessible, Pictures, SignIn
from tests.browser.test_pages import fits
from tests.intake.given import entered
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
LEAK = "A memory error in the update service can stop the Dosimere 3 during an infusion."
DOSE = "The dose can be changed over the ward's network."


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def cases(firm: Firm, mara: Person) -> tuple[Case, Case, Case]:
    """One received, one triaged and under embargo, one restricted."""
    FieldedUnits.objects.create(version=firm.v1, units=1204, counted_on=NOW.date())
    alarm = open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)
    say_exploitation(by=mara, case=alarm, exploitation=Exploitation.NONE, why="No log shows it.", now=NOW)
    for to in (CaseState.ACKNOWLEDGED, CaseState.TRIAGED):
        alarm = move_case(by=mara, case=alarm, to=to, now=NOW)
    set_embargo(by=mara, case=alarm, until=NOW + timedelta(days=30), why="The finder asks.", now=NOW)
    attach(by=mara, case=alarm, file=File("gateway.log", b"a log"), now=NOW)
    leak = open_case(by=mara, vulnerability="CVE-2025-0002", title=LEAK, owner=firm.ana, why="So.", now=NOW)
    dose = open_case_for_report(by=mara, report=entered(firm.pump, by=mara), title=DOSE, why="So.", now=NOW)
    restrict(by=mara, case=dose, why="Embargo.", now=NOW)
    return alarm, leak, dose


@pytest.fixture
def pages(cases: tuple[Case, Case, Case]) -> dict[str, str]:
    """Every page, by what it is called in pictures."""
    alarm, leak, _ = cases
    at = f"/cases/{alarm.number}/"
    return {
        "cases-list": "/cases/",
        "board": "/cases/board/",
        "vulnerabilities": "/cases/vulnerabilities/",
        "case-more": at,
        "case-choose": f"{at}merge/",
        "case-merge": f"{at}merge/?other={leak.number}",
        "case-split": f"{at}split/",
        "case-link": f"{at}link/?other={leak.number}",
        "case-embargo": f"{at}embargo/",
        "case-files": f"{at}files/",
    }


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


def test_pictures_of_every_page(
    mara: Person, pages: dict[str, str], signed_in_page: SignIn, live: str, pictures: Pictures
) -> None:
    """For people, when they ask for them (PICTURES=folder); otherwise that each opens without an error."""
    page = signed_in_page(who=mara)
    for name, path in pages.items():
        answer = page.goto(f"{live}{path}")
        assert answer is not None
        assert answer.ok, path
        pictures(page, name)


def test_the_board_is_walked_by_arrows_and_a_card_moves_by_its_step(
    mara: Person, cases: tuple[Case, Case, Case], signed_in_page: SignIn, live: str
) -> None:
    """From column to column, over empty ones; down and up in one; the step's page says what is missing."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/board/")

    def here() -> str:
        return str(page.evaluate("document.activeElement.textContent"))

    page.locator(".slip h3 a").first.focus()
    first = here()
    for key, there in (
        ("ArrowDown", {LEAK, DOSE} - {first}),
        ("ArrowUp", {first}),
        ("ArrowUp", {first}),
        ("ArrowRight", {RISK}),
        ("ArrowRight", {RISK}),
        ("ArrowLeft", {LEAK, DOSE}),
    ):
        page.keyboard.press(key)
        assert here() in there, key
    page.get_by_role("link", name=f"Is it assessed? {cases[0].number}").press("Enter")
    page.wait_for_url(f"**/cases/{cases[0].number}/move/assessed/")
    assert page.get_by_text("Not yet: this is missing.").is_visible()


def test_the_board_is_narrowed_in_place(
    mara: Person, cases: tuple[Case, Case, Case], firm: Firm, signed_in_page: SignIn, live: str
) -> None:
    """The address follows, and so do the other ways to look at cases."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/board/")
    page.get_by_label("Owner").select_option(str(firm.ana.pk))
    page.wait_for_url(f"**/cases/board/?*owner={firm.ana.pk}*")
    page.get_by_text(RISK).wait_for(state="detached")
    assert page.get_by_text(LEAK).is_visible()


def test_several_cases_are_chosen_and_handed_over(
    mara: Person, cases: tuple[Case, Case, Case], firm: Firm, signed_in_page: SignIn, live: str
) -> None:
    """Boxes in the list, one form for all."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/cases/")
    for case in cases[:2]:
        page.get_by_label(f"Choose {case.number}").check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_role("heading", name="Who takes over 2 cases?").wait_for()
    page.get_by_label("Who").select_option(str(firm.ana.pk))
    page.get_by_label("Why").fill("Mara is away.")
    page.get_by_role("button", name="Hand over").click()
    page.get_by_text("2 cases handed over to Ana Reed.").wait_for()
