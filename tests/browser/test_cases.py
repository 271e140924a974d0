"""Cases and reports in a real browser: every width, both themes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.cases.models import Case, Clock, StartEvent
from postmarket.cases.services.events import correct_start_event, note_start_event
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.words import Exploitation
from postmarket.policy.interface import StartBasis
from tests.accounts.builders import person, with_generator
from tests.browser.conftest import WIDTHS, Accessible, Pictures, SignIn
from tests.browser.test_pages import fits
from tests.intake.given import entered
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def case(mara: Person) -> Case:
    """A restricted case with answered questions, a corrected start, and a correction under way."""
    made = open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)
    say_exploitation(
        by=mara, case=made, exploitation=Exploitation.SUSPECTED, why="A hospital's log shows scans.", now=NOW
    )
    correct_start_event(
        by=mara, event=StartEvent.objects.get(case=made), at=NOW - timedelta(days=8), why="Mail found.", now=NOW
    )
    note_start_event(
        by=mara,
        case=made,
        basis=StartBasis.CORRECTION_FIRST_NOTICE,
        at=NOW - timedelta(days=7),
        person="St. Brigid, biomed",
        why="The isolation instruction went out.",
        now=NOW,
    )
    return restrict(by=mara, case=made, why="Embargo.", now=NOW)


@pytest.fixture
def pages(case: Case, firm: Firm) -> dict[str, str]:
    """Every page, by what it is called in pictures."""
    report = entered(firm.pump)
    at = f"/cases/{case.number}/"
    row = Clock.objects.filter(case=case).exclude(state="void").first()
    assert row is not None
    return {
        "cases": "/cases/",
        "case": at,
        "case-open-folds": f"{at}?open=comments&open=tasks&open=files&open=members&open=void-clocks",
        "case-move": f"{at}move/acknowledged/",
        "case-exploitation": f"{at}exploitation/",
        "case-event": f"{at}starts/add/",
        "case-clock": f"{at}clocks/{row.pk}/stop/",
        "case-from-report": f"/cases/open/?report={report.number}",
        "reports": "/reports/",
        "report": f"/reports/{report.number}/?open=harm",
        "report-enter": "/reports/enter/",
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


def test_a_case_is_reached_and_answered_by_keyboard(
    mara: Person, case: Case, signed_in_page: SignIn, live: str
) -> None:
    """`g x` opens the list; the question is a link and a form."""
    page = signed_in_page(who=mara)
    page.goto(f"{live}/")
    page.keyboard.press("g")
    page.keyboard.press("x")
    page.wait_for_url("**/cases/")
    page.get_by_role("link", name=RISK).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.number}/")
