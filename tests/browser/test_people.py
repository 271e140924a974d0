"""People, tokens and signing, as people do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from postmarket.accounts.models import ApiToken, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.tokens import check_token
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.records import Subject
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature
from tests.accounts.builders import PASSWORD, code_of, line, person, token, with_generator
from tests.accounts.signing import KIND, signable
from tests.browser.conftest import Accessible, Pictures, SignIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def something_to_sign() -> Iterator[None]:
    """A kind that can be signed."""
    with signable():
        yield


def test_an_administrator_invites_somebody_who_comes_in(
    signed_in_page: SignIn,
    new_page: Any,
    live: str,
    accessible: Accessible,
    pictures: Pictures,
    settings: Settings,
) -> None:
    """The link is shown once, since no mail leaves here; it sets a password and opens the account."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    line("Infusion pumps")
    for name, role in (("Dr. Amara Okafor", Role.CLINICAL_SAFETY_LEAD), ("Jonas Weber", Role.CYBERSECURITY_LEAD)):
        with_generator(person(name, role))
    person("Petra Sommer", Role.AUDITOR)
    page = signed_in_page(Role.ADMINISTRATOR)
    page.goto(f"{live}/people/")
    accessible(page)
    pictures(page, "people")
    page.get_by_role("link", name="Invite somebody").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invite somebody.")
    accessible(page)
    pictures(page, "invite")
    page.get_by_label("E-mail address").fill("quinn@example.com")
    page.get_by_label("Full name").fill("Quinn Hale")
    page.get_by_label("Role").select_option("psirt-analyst")
    page.get_by_label("For", exact=False).select_option("Infusion pumps")
    page.get_by_label("Why").fill("Joins the pump team.")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Give this link to Quinn Hale")
    accessible(page)
    pictures(page, "invited")
    link = page.locator(".shown-once").inner_text()
    page.get_by_role("link", name="Go to Quinn Hale").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quinn Hale is invited and has not come in yet.")
    accessible(page)
    pictures(page, "person")

    other: Page = new_page()
    other.goto(link)
    accessible(other)
    pictures(other, "invitation")
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_label("The same once more").fill(PASSWORD)
    other.get_by_role("button", name="Set it and sign in").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Your roles ask for a second factor")
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_contain_text("This link does not work")
    accessible(other)
    pictures(other, "link-closed")


def test_a_role_is_given_and_taken_back(
    signed_in_page: SignIn, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """Each with its reason; the page says what somebody is."""
    petra = person("Petra Sommer", Role.AUDITOR)
    page = signed_in_page(Role.ADMINISTRATOR, width=390)
    page.goto(f"{live}/people/{petra.pk}/")
    page.get_by_label("Role", exact=True).select_option("quality")
    page.locator("#role-why").fill("Takes over CAPA.")
    page.get_by_role("button", name="Give it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Petra Sommer is Quality, Auditor (read-only).")
    page.get_by_text("Take back").first.click()
    page.get_by_label("Why").first.fill("No longer audits.")
    accessible(page)
    pictures(page, "take-role")
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Petra Sommer is Quality.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_token_is_shown_once_and_taken_back(
    signed_in_page: SignIn, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """From the empty page that teaches to a token that no longer works."""
    page = signed_in_page(Role.PSIRT_MANAGER)
    page.goto(f"{live}/people/tokens/")
    accessible(page)
    pictures(page, "no-tokens")
    page.get_by_role("link", name="Issue a token").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue an API token.")
    page.get_by_label("What it is for").fill("CI of the pump firmware")
    page.get_by_label("Upload SBOMs").check()
    page.get_by_label("Why").fill("SBOM of every release.")
    accessible(page)
    pictures(page, "token-issue")
    page.get_by_role("button", name="Issue it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keep this token now")
    text = page.locator(".shown-once").inner_text()
    assert check_token(text, now=timezone.now()).token.name == "CI of the pump firmware"
    accessible(page)
    pictures(page, "token-issued")
    page.get_by_role("link", name="I have kept it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 API token works.")
    accessible(page)
    pictures(page, "tokens")
    page.get_by_role("link", name="CI of the pump firmware").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("works until")
    accessible(page)
    pictures(page, "token")
    page.get_by_label("Why").fill("The build moved.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No machine may use the API.")
    assert ApiToken.objects.get().revoked_at is not None
    assert text not in page.content()


def test_a_list_is_signed_with_password_and_code(
    something_to_sign: None, signed_in_page: SignIn, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """The page lists exactly what is signed; a wrong code signs nothing, the right one signs all."""
    for name in ("Infusion pumps", "Ventilators", "Patient monitors"):
        line(name)
    jonas = person("Jonas Weber", Role.CYBERSECURITY_LEAD)
    secret = with_generator(jonas)
    ceremony = begin(jonas, "infusion-pumps", "ventilators", "patient-monitors")
    page = signed_in_page(who=jonas)
    page.goto(f"{live}/sign/{ceremony}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are about to sign 3 things at once.")
    expect(page.locator(".to-sign > li")).to_have_count(3)
    accessible(page)
    pictures(page, "sign")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not signed.")
    assert not Signature.objects.exists()
    accessible(page)
    pictures(page, "sign-wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Signed.")
    assert re.search(r"/account/$", page.url)
    assert Signature.objects.get().targets.count() == 3


def begin(who: Person, *keys: str) -> str:
    """A list put before somebody."""
    return begin_ceremony(
        person=who,
        subjects=[Subject(KIND, key) for key in keys],
        meaning=Meaning.APPROVED,
        why="The vulnerable function is not built in.",
        back_to="/account/",
        now=timezone.now(),
    ).key


def authenticator(page: Page) -> None:
    """Give the browser a device that holds passkeys and vouches for its user."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_signs_in_and_signs(
    something_to_sign: None, new_page: Any, live: str, accessible: Accessible, pictures: Pictures
) -> None:
    """The whole life of a passkey, with a virtual device in Chromium."""
    line("Infusion pumps")
    jonas = person("Jonas Weber", Role.CYBERSECURITY_LEAD, email="jonas@example.com")
    page: Page = new_page()
    authenticator(page)
    page.goto(f"{live}/account/")
    page.get_by_label("E-mail address").fill("jonas@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you.")
    page.get_by_label("Password").fill(PASSWORD)
    accessible(page)
    pictures(page, "again")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey.")
    accessible(page)
    pictures(page, "passkey-add")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Ask my device").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keep these codes now")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Passkey “Work laptop”")).to_be_visible()
    pictures(page, "account-with-passkey")

    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{live}/")
    page.goto(f"{live}/sign/{begin(jonas, 'infusion-pumps')}/")
    accessible(page)
    pictures(page, "sign-passkey")
    page.get_by_role("button", name="Sign with your passkey").click()
    expect(page.locator("#toasts")).to_contain_text("Signed.")
    assert Signature.objects.get().factors == "passkey-verified"


def test_what_a_token_says_is_read_by_whoever_may_revoke_it(
    signed_in_page: SignIn, live: str, accessible: Accessible
) -> None:
    """In the dark, on a phone."""
    token(by=person("Marta Ruiz", Role.PSIRT_MANAGER))
    page = signed_in_page(Role.ADMINISTRATOR, width=390, theme="dark")
    for path in ("/people/tokens/", "/people/lines/", "/people/", "/people/invite/"):
        page.goto(f"{live}{path}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
