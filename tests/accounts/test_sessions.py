"""How long a session lasts, what ends it, and who gets no further without a second factor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from postmarket.accounts.models import CalendarAddress, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.people import deactivate_person, sign_out_everywhere
from postmarket.config import sign_in as sign_in_settings
from postmarket.records.models import Entry
from tests.accounts.builders import NOW, PASSWORD, code_of, person, with_generator

pytestmark = pytest.mark.django_db
PAGE = "/people/"


def signed_in(role: Role = Role.PSIRT_ANALYST) -> tuple[Client, Person]:
    """Somebody with a second factor, signed in through the form."""
    ana = person("Ana Reed", role)
    secret = with_generator(ana)
    client = Client()
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(PAGE).status_code == 200
    return client, ana


def test_a_page_asks_for_sign_in_and_comes_back_to_itself() -> None:
    """Whoever follows a link."""
    response = Client().get("/people/?q=ana")

    assert response.headers["Location"] == "/account/login/?next=%2Fpeople%2F%3Fq%3Dana"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in() -> None:
    """Htmx would put the sign-in form into the middle of a table."""
    response = Client().get(PAGE, headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/account/login/")


def test_a_session_that_rests_ends() -> None:
    """After half an hour without a click; one click in between keeps it."""
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = signed_in()
        clock.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=30))
        response = client.get(PAGE)
        assert response.headers["Location"] == "/account/login/?next=%2Fpeople%2F"
        assert client.get(PAGE).status_code == 302


def test_a_session_ends_after_its_longest_time_however_busy() -> None:
    """Twelve hours."""
    with time_machine.travel(NOW, tick=False) as clock:
        client, _ = signed_in()
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=20))
        assert client.get(PAGE).status_code == 302


def test_signing_in_gives_the_session_a_new_key() -> None:
    """A key planted before opens nothing afterwards."""
    ana, client = person("Ana Reed", Role.AUDITOR), Client()
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": ana.email, "password": "wrong"})
    before = client.cookies.get("sessionid")
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})

    assert client.cookies["sessionid"].value != (before.value if before else "")
    assert Session.objects.count() == 1


def test_signing_out_everywhere_ends_every_session() -> None:
    """Also those on other devices."""
    client, ana = signed_in()
    other = Client()
    other.force_login(ana)
    sign_out_everywhere(by=ana, person=ana, why="Lost a laptop.", now=NOW)

    assert (client.get(PAGE).status_code, other.get(PAGE).status_code) == (302, 302)


def test_a_deactivated_person_is_out_at_the_next_click() -> None:
    """And cannot sign in again."""
    boss = person("Boss Lee", Role.ADMINISTRATOR)
    client, ana = signed_in()
    deactivate_person(by=boss, person=ana, why="Left.", now=NOW)

    assert client.get(PAGE).status_code == 302
    response = Client().post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assert "not the address and password" in response.content.decode()


def test_a_new_password_ends_every_session_and_is_recorded() -> None:
    """This one too."""
    client, ana = signed_in()
    other = Client()
    other.force_login(ana)
    answer = client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another quiet pump at night",
            "password2": "another quiet pump at night",
        },
    )

    assert answer.status_code == 302
    assert (client.get(PAGE).status_code, other.get(PAGE).status_code) == (302, 302)
    kinds = [json.loads(bytes(entry.content))["kind"] for entry in Entry.objects.order_by("number")]
    assert kinds == ["person.signed-in", "person.password-set"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_whoever_changes_something_gets_no_further_without_a_second_factor(role: Role) -> None:
    """To their own account, to set one up; the same with htmx."""
    client = Client()
    client.force_login(person("Ana Reed", role))

    assert client.get(PAGE).headers["Location"] == reverse("account")
    assert client.get(PAGE, headers={"HX-Request": "true"}).headers["HX-Redirect"] == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    made = client.post(reverse("calendars"), {"name": "Phone", "shows": "all"})
    assert made.headers["Location"] == reverse("account"), "its address would be read without any factor"
    assert not CalendarAddress.objects.exists()


def test_a_reader_needs_one_where_the_site_says_so(settings: Settings) -> None:
    """POSTMARKET_MFA_FOR_EVERYONE."""
    client = Client()
    client.force_login(person("Ana Reed", Role.AUDITOR))
    assert client.get(PAGE).status_code == 200

    settings.MFA_FOR_EVERYONE = True
    assert client.get(PAGE).headers["Location"] == reverse("account")


def test_a_code_signs_in_once() -> None:
    """Somebody who read it over the shoulder comes too late."""
    with time_machine.travel(NOW, tick=False):
        _, ana = signed_in()
        thief = Client()
        thief.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
        secret_code = _last_code(ana)
        said = thief.post(reverse("mfa_authenticate"), {"code": secret_code}).content.decode()

        assert "one that was used" in said
        assert thief.get(PAGE).status_code == 302


def _last_code(ana: Person) -> str:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt

    return code_of(decrypt(Authenticator.objects.get(user=ana).data["secret"]), at=NOW)


def test_sign_in_is_limited_by_address_too(settings: Settings) -> None:
    """The real setting: thirty a minute from one place, however many accounts."""
    settings.ACCOUNT_RATE_LIMITS = sign_in_settings.ACCOUNT_RATE_LIMITS
    client = Client()
    statuses = [
        client.post(reverse("account_login"), {"login": "", "password": ""}, REMOTE_ADDR="198.51.100.7").status_code
        for _ in range(31)
    ]

    assert statuses == [200] * 30 + [429]


def test_cookies_of_a_site_with_https_travel_over_nothing_else() -> None:
    """And scripts never see them."""
    program = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
    program += "s.SESSION_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SAMESITE)"
    environment = os.environ | {"POSTMARKET_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "postmarket.config.settings"}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["True", "True", "True", "True", "Lax"]
