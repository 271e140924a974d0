"""A person on a fresh site, and the next morning."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.web.pages.accounts.addresses import first_run_link
from tests.accounts.builders import PASSWORD, code_of, person, with_generator
from tests.browser.conftest import Accessible, Pictures, SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_person_of_a_fresh_site_gets_in(
    new_page: Any, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """From the link on the terminal to an account with a second factor and its recovery codes."""
    page: Page = new_page()
    link = first_run_link(live, now=timezone.now())
    page.goto(str(link))
    accessible(page)
    pictures(page, "first-run")
    page.get_by_label("Your e-mail address").fill("boss@example.com")
    page.get_by_label("Your full name").fill("Boss Lee")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Your roles ask for a second factor")
    accessible(page)
    pictures(page, "account-without-factor")
    page.get_by_role("link", name="Set up a code generator").click()
    accessible(page)
    pictures(page, "generator")
    secret = page.locator(".seed").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Use this code generator").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Keep these codes now")
    expect(page.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    accessible(page)
    pictures(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("takes two things")
    assert Person.objects.get().role_words == "Administrator (people and settings)"


def test_somebody_signs_in_with_password_and_code(
    new_page: Any, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """A wrong password is said; the right one asks for the code; then comes the page that was wanted."""
    ana = person("Ana Reed", Role.PSIRT_ANALYST, email="ana@example.com")
    secret = with_generator(ana)
    page: Page = new_page()
    page.goto(f"{live}/account/")
    pictures(page, "sign-in")
    accessible(page)
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("not the address and password")
    accessible(page)
    pictures(page, "sign-in-wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("One more step.")
    accessible(page)
    pictures(page, "second-step")
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{live}/account/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("takes two things")


def test_the_own_account_is_clean_in_both_themes_and_on_a_phone(
    signed_in_page: SignIn, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """Nothing runs out of the page at 390 px."""
    for width, theme in ((390, "dark"), (1440, "light")):
        page = signed_in_page(Role.PSIRT_ANALYST, Role.QUALITY, width=width, theme=theme)
        page.goto(f"{live}/account/")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    pictures(page, "account")
