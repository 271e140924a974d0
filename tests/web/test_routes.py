"""Every address of the site, with every role: let in, refused, or sent to sign-in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import product

import pytest
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from postmarket.accounts.models import ApiToken, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.accounts.token_text import make
from tests.accounts.builders import person, with_generator
from tests.web.routes import every_route
from tests.web.routes.interface import ANYBODY, SIGNED_IN, ApiRoute, Route

pytestmark = pytest.mark.django_db

ROUTES = every_route()
PAGES = {name: route for name, route in ROUTES.items() if isinstance(route, Route)}
OF_NO_CONTENT = {"people", "tokens", "tasks"}
API = {name: route for name, route in ROUTES.items() if isinstance(route, ApiRoute)}


def names(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The name of every address, with its namespaces; one without a name stands there as its pattern."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield before + (pattern.name or f"(without a name) {pattern.pattern}")
        else:
            yield from names(pattern, before + (f"{pattern.namespace}:" if pattern.namespace else ""))


def test_every_address_says_who_may_open_it() -> None:
    """A new page fails here until its room declares it in tests/web/routes/."""
    assert set(names(get_resolver())) == set(ROUTES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_those_who_may_and_for_nobody_else(name: str) -> None:
    """Anonymous, without a role, and each role, by each method."""
    route = PAGES[name]
    wrong = [
        f"{method} as {said}: {got}, expected {expected}"
        for said, role in (("nobody", None), ("without a role", ()), *((one.value, (one,)) for one in Role))
        for method in route.methods
        if (got := answer(name, route, method, role)) != (expected := expectation(route, role))
    ]

    assert not wrong


def test_a_list_is_a_file_for_who_may_take_content_away_and_for_nobody_else() -> None:
    """An administrator reads, and takes only lists of people, tokens and tasks; neither link nor address gives more."""
    seen, wrong = set(), []
    for name in (name for name, route in PAGES.items() if "GET" in route.methods and route.allowed is not ANYBODY):
        with transaction.atomic():
            manager, administrator = _browser(Role.PSIRT_MANAGER, Role.QUALITY), _browser(Role.ADMINISTRATOR)
            path = reverse(name, kwargs=dict(PAGES[name].kwargs(None)) or None)
            for link in _files(manager.get(path)):
                seen.add(name)
                assert manager.get(path + link).headers["Content-Type"].startswith("text/csv")
                got = (link in _files(administrator.get(path)), administrator.get(path + link).status_code)
                right = (True, 200) if name in OF_NO_CONTENT else (False, 403)
                wrong += [] if got == right else [f"{name}: offered and answered {got}"]
            transaction.set_rollback(True)

    assert not wrong
    assert len(seen) > 20


def _browser(*roles: Role) -> Client:
    who = person("Walter Walks", *roles)
    with_generator(who)
    client = Client(raise_request_exception=False)
    client.force_login(who)
    return client


def _files(page: HttpResponseBase) -> list[str]:
    """The addresses of files of lists that a page offers, as they stand after its own address."""
    if not isinstance(page, HttpResponse) or page.status_code != 200:
        return []
    return [unescape(link) for link in re.findall(r'href="[^"?]*(\?[^"]*format=csv[^"]*)"', page.content.decode())]


def expectation(route: Route, roles: tuple[Role, ...] | None) -> str:
    """What must come of it."""
    if route.allowed is ANYBODY:
        return "let in"
    if roles is None:
        return "sent to sign-in"
    if isinstance(route.allowed, frozenset):
        return "let in" if route.allowed.intersection(roles) else "refused"
    assert route.allowed is SIGNED_IN
    return "let in"


def answer(name: str, route: Route, method: str, roles: tuple[Role, ...] | None) -> str:
    """What came of it, in words; everything that was written is taken back."""
    with transaction.atomic():
        client, who = Client(raise_request_exception=False), None
        if roles is not None:
            who = person("Walter Walks", *roles)
            with_generator(who)
            client.force_login(who)
        path = reverse(name, kwargs=dict(route.kwargs(who)) or None)
        response = (
            client.generic(method, path) if method not in ("GET", "POST") else _asked(client, route, method, path, who)
        )
        transaction.set_rollback(True)
    return _in_words(response, route)


def _asked(client: Client, route: Route, method: str, path: str, who: Person | None) -> HttpResponseBase:
    if method == "GET":
        return client.get(path)
    return client.post(path, dict(route.data(who)))


def _in_words(response: HttpResponseBase, route: Route) -> str:
    to = response.headers.get("Location", "")
    if response.status_code == 302 and to.startswith(reverse("account_login")) and "next=" in to:
        return "sent to sign-in"
    if response.status_code in route.answers:
        return "let in"
    if response.status_code == 403:
        return "refused"
    return f"status {response.status_code}"


def test_an_address_of_the_api_asks_for_its_scope() -> None:
    """Without a token 401, a signed-in browser too; with each scope let in or 403."""
    issuer = person("Irma Issues", *(role for role in Role if role is not Role.ADMINISTRATOR))
    wrong = []
    for (name, route), scope in product(API.items(), (None, *Scope)):
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            client.force_login(issuer)
            status = _called(client, name, route, scope, issuer).status_code
            transaction.set_rollback(True)
        if not route.scopes:
            right = status in route.answers
        elif scope is None:
            right = status == 401
        else:
            right = status in route.answers if scope in route.scopes else status == 403
        wrong += [] if right else [f"{name} with {scope or 'no token'}: {status}"]

    assert not wrong


def _called(client: Client, name: str, route: ApiRoute, scope: Scope | None, issuer: Person) -> HttpResponseBase:
    headers = {} if scope is None else {"Authorization": f"Bearer {_token(issuer, scope)}"}
    content = route.content(issuer)
    return client.generic(
        route.method,
        reverse(name, kwargs=dict(route.kwargs(issuer)) or None),
        json.dumps(content) if content else b"",
        content_type="application/json",
        headers=headers,
    )


def _token(issuer: Person, scope: Scope) -> str:
    written, now = make(), timezone.now()
    ApiToken.objects.create(
        key=written.key,
        secret_sha256=written.sha256(),
        name="walks",
        scopes=scope.value,
        issued_by=issuer,
        issued_at=now,
        expires_at=now + timedelta(days=1),
    )
    return written.text()
