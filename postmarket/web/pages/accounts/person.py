"""One person: their roles, and what an administrator does about their access."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.errors import InvalidPerson, LastAdministrator
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.queries.people import colleague, living_grant, past_roles
from postmarket.accounts.roles import Role
from postmarket.accounts.services.grants import grant_role, revoke_role
from postmarket.accounts.services.people import (
    change_person,
    deactivate_person,
    reactivate_person,
    renew_access,
    sign_out_everywhere,
)
from postmarket.web import clock
from postmarket.web.asking import signed_in_person
from postmarket.web.pages.accounts.forms import PersonForm, RoleForm, WhyForm
from postmarket.web.pages.accounts.people import FACTORS, STANDINGS, let_in

Deed = Callable[[Person, Person, dict[str, object]], str]
"""Takes who acts, on whom, and the cleaned form; does it and gives the words that say so."""


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who they are, what they hold, and (for an administrator) what can be done."""
    asking = signed_in_person(request)
    shown = colleague(by=asking, pk=pk)
    manages = may(asking, Permission.PEOPLE_MANAGE, on=None)
    context = {
        "shown": shown,
        "standing": STANDINGS[shown.standing],
        "factor": FACTORS[shown.second_factor],
        "past": past_roles(by=asking, pk=pk),
        "manages": manages,
        "own": asking.pk == pk,
        "role_form": RoleForm(auto_id="role-%s"),
        "person_form": PersonForm(
            initial={"name": shown.person.name, "email": shown.person.email}, auto_id="person-%s"
        ),
    }
    return render(request, "accounts/person.html", context)


@require_POST
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""

    def deed(by: Person, to: Person, data: dict[str, object]) -> str:
        role, line = Role(str(data["role"])), data["line"]
        grant_role(by=by, person=to, role=role, line=line, why=str(data["why"]), now=clock.now())  # type: ignore[arg-type]  # the form gives a line or None
        return f"{to.name} is {role.label} from now on."

    return _done(request, pk, RoleForm, deed)


@require_POST
def take_role(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """Take a role back."""

    def deed(by: Person, to: Person, data: dict[str, object]) -> str:
        taken = revoke_role(by=by, grant=living_grant(pk=grant), why=str(data["why"]), now=clock.now())
        return f"{to.name} is no longer {Role(taken.role).label}."

    return _done(request, pk, WhyForm, deed)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name or address."""

    def deed(by: Person, to: Person, data: dict[str, object]) -> str:
        change_person(
            by=by,
            person=to,
            name=str(data["name"]),
            email=str(data["email"]),
            time_zone=to.time_zone,
            why=str(data["why"]),
            now=clock.now(),
        )
        return "Saved. What was signed before keeps the name of then."

    return _done(request, pk, PersonForm, deed)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close somebody's access."""

    def deed(by: Person, to: Person, data: dict[str, object]) -> str:
        deactivate_person(by=by, person=to, why=str(data["why"]), now=clock.now())
        return f"{to.name} can no longer come in."

    return _done(request, pk, WhyForm, deed)


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open it again."""

    def deed(by: Person, to: Person, data: dict[str, object]) -> str:
        reactivate_person(by=by, person=to, why=str(data["why"]), now=clock.now())
        return f"{to.name} can come in again, with the roles they held."

    return _done(request, pk, WhyForm, deed)


@require_POST
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's sessions."""

    def deed(by: Person, to: Person, data: dict[str, object]) -> str:
        sign_out_everywhere(by=by, person=to, why=str(data["why"]), now=clock.now())
        return f"{to.name} is signed out everywhere."

    return _done(request, pk, WhyForm, deed)


@never_cache
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for somebody who lost password or device; what they had is removed."""
    by = _manager(request)
    to, form = colleague(by=by, pk=pk).person, WhyForm(request.POST)
    if not form.is_valid():
        return _back(request, pk, "Nothing was changed: say why.")
    try:
        renewed = renew_access(by=by, person=to, why=form.cleaned_data["why"], now=clock.now())
    except InvalidPerson as error:
        return _back(request, pk, error.reason())
    return let_in(request, renewed, why="An administrator renewed your access to postmarket.")


def _done(request: HttpRequest, pk: int, form_class: type[forms.Form], deed: Deed) -> HttpResponse:
    """Do it, say so, and go back to the person; say what was wrong otherwise."""
    by = _manager(request)
    to, form = colleague(by=by, pk=pk).person, form_class(request.POST)
    if not form.is_valid():
        wrong = "; ".join(
            f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
        )
        return _back(request, pk, f"Nothing was changed. {wrong}")
    try:
        words = deed(by, to, form.cleaned_data)
    except (InvalidPerson, LastAdministrator) as error:
        return _back(request, pk, error.reason())
    messages.success(request, words)
    return HttpResponseRedirect(reverse("person", args=[pk]))


def _manager(request: HttpRequest) -> Person:
    """Who asks, when they may manage people: said before anything is looked up. Raises NotAllowed."""
    by = signed_in_person(request)
    require(by, Permission.PEOPLE_MANAGE, on=None)
    return by


def _back(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(reverse("person", args=[pk]))
