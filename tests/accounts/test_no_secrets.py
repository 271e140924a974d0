"""What is written down by the way: no password, code, link, token or session key in any log."""

from __future__ import annotations

import io
import logging
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.tokens import check_token
from postmarket.accounts.token_text import read
from postmarket.web.pages.accounts.addresses import first_run_link
from tests.accounts.builders import PASSWORD, ceremony, code_of, person, with_generator

pytestmark = pytest.mark.django_db


def test_a_day_of_sign_in_leaves_no_secret_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """First run, invitation, wrong and right passwords, codes, a token, a failed signing, a defect on the way."""
    written_to = io.StringIO()
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", written_to)
    client = Client(raise_request_exception=False)
    link = str(first_run_link("http://testserver", now=timezone.now()))
    answers = {"email": "boss@example.com", "name": "Boss Lee", "password": PASSWORD, "again": PASSWORD}
    client.post(urlsplit(link).path, answers)
    boss = Person.objects.get()
    secret = with_generator(boss)
    code = code_of(secret)
    client.post(
        reverse("people-invite"),
        {"email": "marta@example.com", "name": "Marta Ruiz", "role": "psirt-manager", "why": "New."},
    )
    invitation = mail.outbox[-1].body.partition("/invitation/")[2].partition("/")[0]
    for address in ("boss@example.com", "nobody@example.com"):
        Client().post(reverse("account_login"), {"login": address, "password": "wrong horse battery"})
    other = Client()
    other.post(reverse("account_login"), {"login": "boss@example.com", "password": PASSWORD})
    other.post(reverse("mfa_authenticate"), {"code": code})
    Client().get(reverse("invitation", args=[invitation]))
    Client().get(reverse("invitation", args=["no-such-secret-anywhere"]))
    marta = person("Mia Ode", Role.PSIRT_MANAGER)
    with_generator(marta)
    hers = Client(raise_request_exception=False)
    hers.force_login(marta)
    form = {"name": "CI", "scopes": "sboms:write", "days": "90", "why": "Releases."}
    page = hers.post(reverse("token-issue"), form).content.decode()
    token = page.partition('<code class="shown-once">')[2].partition("<")[0]
    hers.post(reverse("accounts:sign", args=[ceremony(of=marta).key]), {"password": PASSWORD, "code": "000000"})
    Ceremony.objects.update(shown="not JSON")
    broken = hers.post(
        reverse("accounts:sign", args=[Ceremony.objects.get().key]), {"password": PASSWORD, "code": "111111"}
    )
    written = written_to.getvalue()

    assert broken.status_code == 500
    assert '"event": "defect"' in written
    assert "/account/invitation/<str:secret>/" in written
    check_token(token, now=timezone.now())
    parts = read(token)
    assert parts is not None
    secrets = {
        "password": PASSWORD,
        "wrong password": "wrong horse battery",
        "first run": link.rstrip("/").rpartition("/")[2],
        "invitation": invitation,
        "mistyped link": "no-such-secret-anywhere",
        "generator": secret,
        "code": code,
        "token": parts.secret,
        "session": client.cookies["sessionid"].value,
        "other session": hers.cookies["sessionid"].value,
    }
    assert all(len(value) >= 6 for value in secrets.values())
    assert [name for name, value in secrets.items() if value in written] == []


def test_a_calendar_address_leaves_no_secret_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made, read, mistyped: a line names the route."""
    written_to = io.StringIO()
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", written_to)
    mia, client = person("Mia Ode", Role.PSIRT_MANAGER), Client()
    with_generator(mia)
    client.force_login(mia)
    page = client.post(reverse("calendars"), {"name": "Phone", "shows": "all"}).content.decode()
    address = page.partition('<code class="shown-once">')[2].partition("<")[0]
    parts = read(address.split("/")[4])
    assert parts is not None

    assert Client().get(urlsplit(address).path).status_code == 200
    Client().get(reverse("calendar-feed", args=["mistyped-calendar"]))

    written = written_to.getvalue()
    assert "/calendar/<str:secret>/clocks.ics" in written
    assert parts.secret not in written
    assert "mistyped-calendar" not in written
