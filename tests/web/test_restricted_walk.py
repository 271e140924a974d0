"""
A restricted case is nowhere on the site for who is no member: every address, page by page, word by word.

A new address is walked by itself. One whose parts are new fails until tests/web/hidden.py says what of a case they
could name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.converters import IntConverter

from postmarket import tasks
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.cases.models import Clock, Comment, Member, StartEvent, Task, Watcher
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.upkeep import follow_monitoring
from tests.accounts.builders import person, with_generator
from tests.monitoring.builders import NOW
from tests.web.hidden import (
    AIMED,
    CVE,
    MARK,
    OF_NO_CASE,
    SILENT,
    SOUGHT,
    Address,
    Hidden,
    People,
    addresses,
    content_of,
    hide,
)
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.routes import every_route
from tests.web.routes.interface import ApiRoute, Route
from tests.web.test_routes import _token

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db

ROUTES = every_route()
ADDRESSES = list(addresses(get_resolver()))
LONGEST_WALK = 40
"""How many addresses of one route are opened: combinations of what its parts could name."""
SHORT_WALK = 4
"""As many for each role by itself; with all of them together everything is walked."""
STRANGERS = [role for role in Role if role not in HOLDERS[Permission.RESTRICTED_READ]]
AS_MANY = frozenset({"records", "records-progress", "records-check", "record", "record-subject", "tasks"})
"""They say how long the chain of all records is (docs/adr/0100), and what the queue has done."""


@dataclass(frozen=True)
class World:
    """The firm with an open case, and its restricted one."""

    firm: Firm
    hidden: Hidden


@pytest.fixture
def people(firm: Firm) -> People:
    """They, and a case that everybody sees, are there before the restricted one is."""
    people = People.come()
    open_case(by=people.mara, vulnerability=CVE, title="The alarm can be silenced.", why="Triage.", now=NOW)
    tasks.run_due(now=NOW)
    return people


@pytest.fixture
def world(firm: Firm, people: People, bring_up: Callable[..., object]) -> World:
    """With the restricted case."""
    return World(firm, settled(firm, people, bring_up))


def settled(firm: Firm, people: People, bring_up: Callable[..., object]) -> Hidden:
    """The case, once everything that runs by itself has run."""
    hidden = hide(firm, people)
    bring_up(NOW)
    follow_monitoring(now=NOW)
    tasks.run_due(now=NOW)
    return hidden


def browser(*roles: Role, name: str = "Nia Cole") -> tuple[Client, Person]:
    """Somebody who is signed in and no member."""
    who = person(name, *roles)
    with_generator(who)
    client = Client(raise_request_exception=False)
    client.force_login(who)
    return client, who


def combinations(
    address: Address, aims: Mapping[str, list[object]], most: int = LONGEST_WALK
) -> Iterator[dict[str, object]]:
    """What the address could be asked with."""
    choices = []
    for part, converter in address.parts.items():
        values = aims.get(part, [])
        fits = [one for one in values if isinstance(one, int) or not isinstance(converter, IntConverter)]
        choices.append([(part, one) for one in fits])
    for combination, _ in zip(product(*choices), range(most), strict=False):
        yield dict(combination)


def paths(hidden: Hidden, *, method: str = "GET", most: int = LONGEST_WALK) -> Iterator[tuple[str, str]]:
    """Every address that takes such a request, aimed at the case, by its route's name."""
    aims = hidden.aims()
    for address in ADDRESSES:
        route = ROUTES.get(address.name)
        if not isinstance(route, Route) or method not in route.methods:
            continue
        for kwargs in combinations(address, aims, most):
            try:
                yield address.name, reverse(address.name, kwargs=kwargs or None)
            except NoReverseMatch:
                continue


def test_every_part_of_an_address_can_be_aimed() -> None:
    """A new kind of part fails here until tests/web/hidden.py says what of a case it could name."""
    assert {part for address in ADDRESSES for part in address.parts} <= AIMED | OF_NO_CASE


def test_only_managers_read_restricted_cases_without_being_members() -> None:
    """So that everybody else is a stranger here."""
    assert HOLDERS[Permission.RESTRICTED_READ] == {Role.PSIRT_MANAGER}


def test_who_may_see_it_does(world: World, people: People) -> None:
    """The walk would find it: for the manager the same addresses say it."""
    client = Client(raise_request_exception=False)
    client.force_login(people.mara)
    assert set(world.hidden.aims()) == AIMED

    said = {name for name, path in paths(world.hidden) if world.hidden.said_in(content_of(client.get(path)))}

    assert {"today", "cases", "case-board", "case-vulnerabilities", "case", "case-files", "reports", "report"} <= said
    assert {"records", "record", "record-subject", "case-move", "case-merge", "case-file"} <= said


@pytest.mark.parametrize("role", STRANGERS)
def test_no_address_says_a_word_of_it(world: World, role: Role) -> None:
    """For each role that is not its manager."""
    client, _ = browser(role)

    assert not _leaks(client, world.hidden, most=SHORT_WALK)


def test_nor_with_all_these_roles_nor_for_the_manager_of_another_line(world: World) -> None:
    """Nor in what is looked for, in files, or in addresses with a question."""
    everything, _ = browser(*STRANGERS)
    elsewhere = person("Moe Hart", Role.PSIRT_MANAGER, line=world.firm.pumps)
    with_generator(elsewhere)
    client = Client(raise_request_exception=False)
    client.force_login(elsewhere)

    assert not _leaks(everything, world.hidden)
    assert not _leaks(client, world.hidden, most=SHORT_WALK)
    number = world.hidden.case.number[-4:]
    for asked in ({"q": SOUGHT}, {"q": number, "format": "csv"}, {"format": "xlsx", "state": "open"}):
        for one in (everything, client):
            assert not _leaks(one, world.hidden, most=1, asked=asked), asked


def _leaks(
    client: Client, hidden: Hidden, *, most: int = LONGEST_WALK, asked: Mapping[str, str] | None = None
) -> list[str]:
    found = []
    for name, path in paths(hidden, most=most):
        answer = client.get(path, asked or {})
        said = hidden.said_in(content_of(answer))
        # A page that is not there repeats nothing but its own address.
        said = [word for word in said if word not in path.lower() or answer.status_code == 200]
        if said or answer.status_code >= 500:
            found.append(f"{name} {path}: {answer.status_code} {said}")
    return found


def test_an_open_case_is_not_merged_or_linked_with_it(world: World) -> None:
    """By its number, which somebody may guess, nothing is learned."""
    client, _ = browser(*STRANGERS)
    case = world.firm.ventilator.versions.first().cases.get(case__restricted=False).case  # type: ignore[union-attr]
    for route in ("case-merge", "case-link"):
        for number in (world.hidden.case.number, "PSIRT-2026-0999"):
            answer = client.get(reverse(route, args=[case.number]), {"other": number})
            assert answer.status_code == 400
            assert b"There is no such case" in answer.content
            assert MARK.encode() not in answer.content


def test_nothing_in_it_can_be_changed(world: World) -> None:
    """Whatever is sent to whichever address."""
    client, who = browser(*STRANGERS)
    hidden = world.hidden
    before = state(hidden)
    wrong = []
    for name, path in paths(hidden, method="POST"):
        if not any(word in path for word in (hidden.case.number, hidden.other.number, "hand-over", "watch")):
            continue
        answer = client.post(path, {"why": "So.", "number": hidden.case.number, "person": str(who.pk)})
        told = [str(one) for one in get_messages(answer.wsgi_request)]
        said = [word for word in hidden.said_in(content_of(answer)) if word not in path.lower()]
        if said or answer.status_code >= 500 or any(hidden.said_in(one.encode()) for one in told):
            wrong.append(f"{name}: {answer.status_code} {said} {told}")

    assert not wrong
    assert state(hidden) == before


def state(hidden: Hidden) -> list[object]:
    """What could have been changed."""
    case = type(hidden.case).objects.filter(pk=hidden.case.pk).values()
    models: tuple[type[Model], ...] = (StartEvent, Clock, Task, Comment, Member, Watcher)
    return [*case, *(row for model in models for row in model._default_manager.filter(case=hidden.case.pk).values())]


def test_a_token_learns_nothing_of_it(world: World, people: People) -> None:
    """Also one that the manager issued, with every scope."""
    aims, wrong = world.hidden.aims(), []
    for scope, address in product(Scope, ADDRESSES):
        route = ROUTES.get(address.name)
        if not isinstance(route, ApiRoute):
            continue
        held = {"Authorization": f"Bearer {_token(people.mara, scope)}"}
        for kwargs in combinations(address, aims):
            path = reverse(address.name, kwargs=kwargs or None)
            answer = Client(raise_request_exception=False).generic(
                route.method, path, b"", content_type="application/json", headers=held
            )
            if world.hidden.said_in(content_of(answer)):
                wrong.append(path)

    assert not wrong


def test_every_page_is_the_same_as_if_it_were_not_there(
    firm: Firm, people: People, bring_up: Callable[..., object]
) -> None:
    """Word for word: counts, headlines, lists and files; but for the length of the chain and of the queue."""
    strangers = [browser(*STRANGERS)[0], browser(Role.AUDITOR)[0], browser(Role.ADMINISTRATOR)[0]]
    shared = [
        reverse("device", args=[firm.ventilator.pk]),
        reverse("device-version", args=[firm.v1.pk]),
        reverse("device-version", args=[firm.v2.pk]),
        reverse("vulnerability", args=[CVE]),
        reverse("vulnerability", args=[SILENT]),
    ]

    def seen() -> dict[tuple[int, str], str]:
        found = {}
        for number, client in enumerate(strangers):
            for path in [*plain(), *shared]:
                for asked in ({}, {"q": SILENT, "format": "csv"})[: 2 if number == 0 else 1]:
                    cache.clear()
                    found[number, f"{path} {asked}"] = steady(anew(client).get(path, asked))
        return found

    bring_up(NOW)
    before = seen()
    settled(firm, people, bring_up)
    after = seen()

    told = {key: first_difference(page, after[key]) for key, page in before.items()}
    assert "\n".join(f"{key}: {words}" for key, words in told.items() if words) == ""


def first_difference(one: str, other: str) -> str:
    """The first words in which they differ; empty when they are the same."""
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return "" if one == other else f"{one[max(at - 60, 0) : at + 80]!r} became {other[max(at - 60, 0) : at + 80]!r}"


def anew(client: Client) -> Client:
    """The same session in a browser that remembers nothing."""
    fresh = Client(raise_request_exception=False)
    fresh.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return fresh


def plain() -> Iterator[str]:
    """Pages whose address needs nothing."""
    for address in ADDRESSES:
        route = ROUTES.get(address.name)
        if isinstance(route, Route) and "GET" in route.methods and not address.parts and address.name not in AS_MANY:
            yield reverse(address.name)


NEW_EACH_TIME: tuple[Callable[[str], str], ...] = (
    lambda text: re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", text),
    lambda text: re.sub(r'Reference <span class="mono">[0-9a-f]+</span>', "", text),
    lambda text: re.sub(r'"X-CSRFToken": "[^"]*"', "", text),
    lambda text: re.sub(r"(?m)^(Content-Security-Policy|Set-Cookie|Expires|Last-Modified|X-[^:]*): .*$", "", text),
)


def steady(answer: HttpResponseBase) -> str:
    """What an answer says, without what differs from one request to the next."""
    text = f"{answer.status_code}\n{content_of(answer).decode('utf-8', 'replace')}"
    for without in NEW_EACH_TIME:
        text = without(text)
    return text
