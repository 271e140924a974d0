"""Visitors of the demo: let in on this machine as one of its people, and able to sign as on any site."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.demo.errors import DemoError
from postmarket.demo.firm.people import CAST, PASSWORD, VISITOR
from postmarket.demo.generator import code_now
from postmarket.demo.home import environment_of, new_home
from postmarket.demo.visitors import WHY, VisitorMiddleware
from postmarket.inventory.models import Device
from postmarket.inventory.rules.cyber_device import Tests as Statutory
from postmarket.inventory.services.determinations import draft_determination
from postmarket.inventory.words import Answer, Feature
from postmarket.records.meanings import Meaning
from postmarket.records.models import Entry, Signature
from postmarket.web import clock
from tests.accounts.builders import NOW, person, with_generator

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).parents[2] / "postmarket" / "demo" / "templates"
MIDDLEWARE = "postmarket.demo.visitors.VisitorMiddleware"


@pytest.fixture
def in_the_demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process is one of the demo's."""
    with new_home() as home:
        given = environment_of(home, os.environ)
        for name in list(os.environ):
            if name not in given:
                monkeypatch.delenv(name)
        monkeypatch.setenv("POSTMARKET_HOME", str(home))
        yield


@pytest.fixture
def site(in_the_demo: None, settings: Any) -> Iterator[Client]:
    """The demo's pages on the tests' database, with its people."""
    at = settings.MIDDLEWARE.index("django.contrib.messages.middleware.MessageMiddleware") + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:at], MIDDLEWARE, *settings.MIDDLEWARE[at:]]
    settings.ROOT_URLCONF = "postmarket.demo.urls"
    options = dict(settings.TEMPLATES[0]["OPTIONS"])
    options["context_processors"] = [*options["context_processors"], "postmarket.demo.visitors.context"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": options, "DIRS": [str(TEMPLATES)]}]
    clear_url_caches()
    for role, member in CAST.items():
        with_generator(person(member.name, role, email=member.email, password=PASSWORD))
    yield Client()
    clear_url_caches()


def somebody(role: Role) -> Person:
    """Who has this role in the demo."""
    return Person.objects.get(email=CAST[role].email)


def test_a_visitor_sees_today_and_who_they_are(site: Client) -> None:
    """Without a password; the trail says so, once a visit."""
    first, again = site.get("/"), site.get("/")

    assert (first.status_code, again.status_code) == (200, 200)
    assert f"You are {CAST[VISITOR].name}, PSIRT manager" in first.content.decode()
    assert [
        b'"kind":"person.signed-in"' in bytes(one.content) and WHY.encode() in bytes(one.content)
        for one in Entry.objects.filter(kind="person.signed-in")
    ] == [True]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"REMOTE_ADDR": "10.1.2.3"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"HTTP_X_FORWARDED_FOR": "10.1.2.3"}, 403),
        ({"HTTP_FORWARDED": "for=10.1.2.3"}, 403),
        ({"HTTP_HOST": "psirt.example"}, 400),
    ],
)
def test_nobody_is_let_in_from_elsewhere(site: Client, asked: dict[str, Any], status: int) -> None:
    """Neither another machine, nor one that a proxy speaks for, nor by another name (DNS rebinding)."""
    answer = site.get("/", **asked)

    assert answer.status_code == status
    assert "sessionid" not in answer.cookies
    assert not Entry.objects.filter(kind="person.signed-in").exists()


def test_the_api_asks_for_its_token_as_everywhere(site: Client) -> None:
    """A visitor is a browser."""
    assert site.put("/api/postmarket/v1/sboms").status_code == 401


def test_a_visitor_becomes_somebody_else_by_one_click(site: Client) -> None:
    """And sees what they see: the auditor may not triage, the manager's records stay theirs."""
    page = site.get("/").content.decode()
    auditor = somebody(Role.AUDITOR)

    assert re.search(rf'value="{auditor.pk}"><span>Auditor', page)
    assert site.get("/demo/be/").status_code == 405
    assert site.post("/demo/be/", {"person": auditor.pk}).headers["Location"] == "/"
    assert "You are Greta Salonen, Auditor" in site.get("/").content.decode()


@pytest.mark.parametrize("named", ["0", "", "x"])
def test_there_is_nobody_else_to_be(site: Client, named: str) -> None:
    """A person who is not there is not found."""
    assert site.post("/demo/be/", {"person": named}).status_code == 404


def test_what_the_bar_says_signs(site: Client) -> None:
    """The whole ceremony, with the password and the code of the page itself."""
    lead = somebody(Role.REGULATORY_AFFAIRS)
    now = clock.now()
    draft = draft_determination(
        by=lead,
        device=Device.objects.create(name="Alder pump", created_at=now),
        tests=Statutory(Answer.YES, Answer.YES, Answer.YES, frozenset({Feature.USB})),
        rationale="It has a USB port.",
        answers={},
        why="First determination.",
        now=now,
    )
    waiting = begin_ceremony(
        person=lead, subjects=[draft.subject], meaning=Meaning.APPROVED, why="Checked.", back_to="/", now=now
    )
    site.post("/demo/be/", {"person": lead.pk})
    page = site.get(f"/sign/{waiting.key}/").content.decode()
    password, code = re.findall(r"<code>(.*?)</code>", page)[:2]

    answer = site.post(f"/sign/{waiting.key}/", {"way": "code", "password": password, "code": code})

    assert (answer.status_code, Signature.objects.count()) == (302, 1)


def test_a_code_that_was_used_is_not_shown_again(site: Client) -> None:
    """Then the next counts already; where that was used too, how long to wait."""
    from postmarket.accounts.factors import spend_code

    one = somebody(VISITOR)
    shown = []
    for _ in range(2):
        code = code_now(one, now=NOW)
        assert code is not None
        shown.append(code.digits)
        assert spend_code(one, code.digits, now=NOW)
    last = code_now(one, now=NOW + timedelta(seconds=10))

    assert len(set(shown)) == 2
    assert last is not None
    assert (last.digits, last.wait_seconds) == ("", 20)


def test_the_middleware_works_in_no_other_site() -> None:
    """Whatever settings name it: without the demo's home it does not begin."""
    with pytest.raises(DemoError):
        VisitorMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
