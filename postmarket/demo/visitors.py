"""Whoever opens the demo from this machine is let in as one of its people; nobody else is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from ipaddress import ip_address
from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from postmarket.accounts.models import Person, RoleGrant
from postmarket.accounts.roles import Role
from postmarket.demo.firm.people import CAST, PASSWORD, VISITOR
from postmarket.demo.generator import Code, code_now
from postmarket.demo.home import demo_home
from postmarket.records import act
from postmarket.web import clock

BACKEND: Final = "postmarket.accounts.sign_in.backend.PersonBackend"
WITHOUT_A_PERSON: Final = ("/api/", "/healthz")
FORWARDED: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")
ASKS_FOR_PROOF: Final = ("/sign/", "/account/")
WHY: Final = "Let in by the demo, without a password."


class VisitorMiddleware:
    """Refuses every other machine, and signs a visitor in who is nobody yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        demo_home()  # whatever settings name this middleware
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as to somebody who signed in."""
        if not is_from_here(request):
            return HttpResponseForbidden("The demo answers to its own machine only.\n", content_type="text/plain")
        if not request.user.is_authenticated and not request.path.startswith(WITHOUT_A_PERSON):
            let_in(request, Person.objects.get(email=CAST[VISITOR].email))
        return self.get_response(request)


def is_from_here(request: HttpRequest) -> bool:
    """Whether it was asked from this machine, and was not passed on for another."""
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def let_in(request: HttpRequest, person: Person) -> None:
    """Make this session that person's; the trail says how they came in."""
    login(request, person, backend=BACKEND)
    with act(actor=person.actor, at=clock.now(), why=WHY) as doing:
        doing.note("person.signed-in", subject=person)


class Visit:
    """What the demo's bar says; each part is worked out when the template first asks."""

    password = PASSWORD

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        """Who the visitor is now; nobody on an error page that could not tell."""
        person = getattr(self._request, "user", None)
        return person if isinstance(person, Person) else None

    @cached_property
    def others(self) -> list[tuple[Person, str]]:
        """Everybody else one can be, with what they are here, in the order of the roles."""
        grants = RoleGrant.objects.filter(revoked_at=None, person__is_active=True).select_related("person")
        held = {grant.role: grant.person for grant in grants.order_by("-pk")}
        return [
            (held[role.value], role.label) for role in Role if role.value in held and held[role.value] != self.person
        ]

    @property
    def asks_for_proof(self) -> bool:
        """Whether this page may ask for the password and a code."""
        return self._request.path.startswith(ASKS_FOR_PROOF)

    @cached_property
    def code(self) -> Code | None:
        """What the person's code generator shows."""
        return None if self.person is None else code_now(self.person, now=clock.now())


def context(request: HttpRequest) -> Mapping[str, object]:
    """The template context every page of the demo has: `visit`."""
    return {"visit": Visit(request)}
