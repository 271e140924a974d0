"""People: who works here, and inviting somebody."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.errors import InvalidPerson
from postmarket.accounts.notices import mail_link
from postmarket.accounts.permissions import Permission
from postmarket.accounts.queries.people import Colleague, SecondFactor, Standing, device_lines, people
from postmarket.accounts.roles import Role
from postmarket.accounts.services.grants import name_line
from postmarket.accounts.services.people import Invited, invite_person
from postmarket.web import clock
from postmarket.web.asking import say, signed_in_person
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge, unknown
from postmarket.web.pages.accounts.addresses import invitation_link
from postmarket.web.pages.accounts.forms import InviteForm, LineForm
from postmarket.web.table import Choice, Column, Search, Table

STANDINGS = {
    Standing.ACTIVE: ("safe", "Active"),
    Standing.INVITED: ("act", "Invited"),
    Standing.DEACTIVATED: ("plain", "Deactivated"),
}
FACTORS = {
    SecondFactor.SET_UP: ("safe", "Set up"),
    SecondFactor.MISSING: ("soon", "Missing"),
    SecondFactor.NOT_NEEDED: ("plain", "Not needed"),
}


def _named(one: Colleague) -> str:
    address = reverse("person", args=[one.person.pk])
    return format_html(
        '<a href="{}">{}</a><div class="small quiet">{}</div>', address, one.person.name, one.person.email
    )


def _found(rows: Sequence[Colleague], words: str) -> list[Colleague]:
    asked = words.casefold()
    return [one for one in rows if asked in f"{one.person.name}\n{one.person.email}".casefold()]


NAME = Column[Colleague](key="name", label="Name", value=lambda one: one.person.name, show=_named, heads=True)
EMAIL = Column[Colleague](key="email", label="E-mail", value=lambda one: one.person.email, wide_only=True)
ROLES = Column[Colleague](
    key="roles",
    label="Roles",
    value=lambda one: one.role_words or None,
    show=lambda one: one.role_words or unknown("No role yet"),
)
FACTOR = Column[Colleague](
    key="factor",
    label="Second factor",
    value=lambda one: FACTORS[one.second_factor][1],
    show=lambda one: badge(*FACTORS[one.second_factor]),
)
STANDING = Column[Colleague](
    key="standing",
    label="Access",
    value=lambda one: STANDINGS[one.standing][1],
    show=lambda one: badge(*STANDINGS[one.standing]),
)
SEEN = Column[Colleague](
    key="seen",
    label="Last signed in",
    value=lambda one: one.signed_in_at or "not yet",
    show=lambda one: said(one.signed_in_at) if one.signed_in_at else "not yet",
    descends=True,
    sortable=False,
    wide_only=True,
)
PEOPLE = Table(
    name="people",
    caption="People",
    columns=(NAME, ROLES, STANDING, FACTOR, SEEN),
    filters=(
        Search(label="Find a name or address", narrow=_found),
        Choice(
            key="role",
            label="Role",
            options=tuple((role.value, role.label) for role in Role),
            narrow=lambda rows, value: [one for one in rows if Role(value) in one.roles],
        ),
        Choice(
            key="access",
            label="Access",
            options=tuple((standing.value, words) for standing, (_, words) in STANDINGS.items()),
            narrow=lambda rows, value: [one for one in rows if one.standing.value == value],
        ),
    ),
    takes=None,
)


@require_safe
def people_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody."""
    person = signed_in_person(request)
    everybody = people(by=person)
    table = PEOPLE.bind(request, everybody)
    here = [one for one in everybody if one.standing is not Standing.DEACTIVATED]
    context = {
        "table": table,
        "here": len(here),
        "lacking": sum(one.second_factor is SecondFactor.MISSING for one in here),
        "waiting": sum(one.standing is Standing.INVITED for one in here),
        "without_role": sum(not one.grants for one in here),
        "manages": may(person, Permission.PEOPLE_MANAGE, on=None),
        "sees_tokens": may(person, Permission.TOKENS_REVOKE, on=ANYWHERE),
    }
    return table.export() or render(request, "accounts/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody with a first role."""
    person = signed_in_person(request)
    require(person, Permission.PEOPLE_MANAGE, on=None)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            invited = invite_person(
                by=person,
                email=data["email"],
                name=data["name"],
                role=Role(data["role"]),
                line=data["line"],
                why=data["why"],
                now=clock.now(),
            )
        except InvalidPerson as error:
            say(form, error)
        else:
            return let_in(request, invited, why="You were invited to postmarket.")
    return render(request, "accounts/invite.html", {"form": form}, status=400 if form.errors else 200)


def let_in(request: HttpRequest, invited: Invited, *, why: str) -> HttpResponse:
    """Mail the link to the person; only where no mail leaves is it shown, once, to hand it over."""
    link = invitation_link(request.build_absolute_uri("/"), invited.secret)
    context = {
        "person": invited.person,
        "link": link,
        "mailed": mail_link(person=invited.person, link=link, why=why),
    }
    return render(request, "accounts/invited.html", context)


@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest) -> HttpResponse:
    """The device lines; an administrator names them."""
    person = signed_in_person(request)
    form = LineForm(request.POST or None)
    if request.method == "POST":
        require(person, Permission.SETTINGS_EDIT, on=None)
        if form.is_valid():
            data = form.cleaned_data
            try:
                name_line(by=person, key=data["key"], name=data["name"], why=data["why"], now=clock.now())
            except InvalidPerson as error:
                say(form, error)
            else:
                form = LineForm()
    context = {
        "lines": device_lines(by=person),
        "form": form,
        "manages": may(person, Permission.SETTINGS_EDIT, on=None),
    }
    return render(request, "accounts/lines.html", context, status=400 if form.errors else 200)
