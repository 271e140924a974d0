"""The pages of the daily work in a real browser: every width, both themes, and the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from postmarket.monitoring.models import VulnerabilityFacts
from tests.browser.conftest import WIDTHS, Accessible, Pictures, SignIn
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(firm: Firm) -> dict[str, str]:
    """Every page of the daily work, by what it is called in pictures."""
    lead = VulnerabilityFacts.objects.get(name="CVE-2025-0001").lead
    return {
        "today": "/",
        "triage": "/triage/",
        "triage-reading": f"/triage/?at={firm.ventilator.pk}-{lead}&open=reasons",
        "triage-nothing": "/triage/?q=nothing",
        "answer": f"/triage/answer/?item={firm.ventilator.pk}-{lead}",
        "vulnerabilities": "/vulnerabilities/",
        "vulnerability": "/vulnerabilities/CVE-2025-0001/?open=says-1",
        "device-version": f"/versions/{firm.v1.pk}/",
        "search": "/search/?q=openssl",
        "search-nothing": "/search/?q=nothing",
        "living": "/design/",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_for_everybody_at_every_width(
    firm: Firm,
    pages: dict[str, str],
    signed_in_page: SignIn,
    live: str,
    accessible: Accessible,
    theme: str,
) -> None:
    """axe-core finds nothing, and nothing is wider than its screen."""
    page = signed_in_page(who=firm.ana, theme=theme)
    for path in pages.values():
        page.goto(f"{live}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{path} at {width}"
            accessible(page)


def test_pictures_of_every_page(
    firm: Firm, pages: dict[str, str], signed_in_page: SignIn, live: str, pictures: Pictures
) -> None:
    """For people, when they ask for them (PICTURES=folder); otherwise that each opens without an error."""
    page = signed_in_page(who=firm.ana)
    for name, path in pages.items():
        answer = page.goto(f"{live}{path}")
        assert answer is not None
        assert answer.ok, path
        pictures(page, name)


def test_triage_is_read_by_keyboard(firm: Firm, signed_in_page: SignIn, live: str) -> None:
    """J and K move, the pane and the address follow, `?` says which keys there are, `/` finds."""
    page = signed_in_page(who=firm.ana)
    page.goto(f"{live}/triage/")
    pane = page.locator("#pane")
    expect(pane).to_contain_text("openssl 3.0.13")

    page.keyboard.press("j")
    expect(pane).to_contain_text("Ventorsa 5 5.1 lists zlib 1.2.11")
    expect(page.locator(".pick[aria-current]")).to_contain_text("zlib")
    assert "at=" in page.url
    page.reload()
    expect(pane).to_contain_text("Ventorsa 5 5.1 lists zlib 1.2.11")

    page.keyboard.press("k")
    expect(pane).to_contain_text("openssl 3.0.13")
    page.go_back()
    expect(pane).to_contain_text("zlib 1.2.11")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next finding")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("openssl")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("fit “openssl”")


def test_triage_is_decided_by_keyboard(firm: Firm, signed_in_page: SignIn, live: str) -> None:
    """N, a justification, what shows it; Z takes it back; X and B answer several as one."""
    page = signed_in_page(who=firm.ana)
    page.goto(f"{live}/triage/?q=zlib")
    page.keyboard.press("n")
    expect(page.locator("details.answer[open] input[type=radio]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("zlib is not linked: BOM-114.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".toast-line")).to_contain_text("Not affected: the component is not present")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing fits.")
    page.keyboard.press("z")
    expect(page.locator(".toast-line").last).to_contain_text("Taken back for 2 versions.")

    page.goto(f"{live}/triage/")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("2 selected")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("One answer for 2 findings.")
    page.keyboard.press("u")
    expect(page.locator("details.answer[open] textarea")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".toast-line")).to_contain_text("Under investigation: 2 findings, proposed for")


def test_a_choice_narrows_the_list_at_once(firm: Firm, signed_in_page: SignIn, live: str) -> None:
    """And the address holds only what was chosen."""
    page = signed_in_page(who=firm.ana)
    page.goto(f"{live}/triage/")
    page.locator("select[name=device]").select_option("Dosimere 3")

    expect(page.get_by_role("heading", level=1)).to_have_text("One finding to judge, worst for patients first.")
    assert page.url == f"{live}/triage/?device={firm.pump.pk}"


def test_triage_works_without_scripts(
    firm: Firm, new_page: Callable[..., Page], signed_in_page: SignIn, live: str
) -> None:
    """Every finding is a link, every filter a form."""
    cookies = signed_in_page(who=firm.ana).context.cookies()
    page = new_page(scripts=False)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{live}/triage/")
    page.get_by_role("link", name="Dosimere 3").click()

    expect(page.locator("#pane")).to_contain_text("Dosimere 3 3.0 lists zlib 1.2.11")


def test_a_phone_shows_the_list_or_the_finding(firm: Firm, signed_in_page: SignIn, live: str) -> None:
    """Never one under the other: a thumb would get lost."""
    page = signed_in_page(who=firm.ana, width=390)
    page.goto(f"{live}/triage/")
    expect(page.locator("#pane")).to_be_hidden()

    page.locator(".pick").first.click()
    expect(page.locator("#pane")).to_be_visible()
    expect(page.locator("#picks")).to_be_hidden()

    page.get_by_role("link", name="All findings").click()
    expect(page.locator("#picks")).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return bool(wide == 0)
