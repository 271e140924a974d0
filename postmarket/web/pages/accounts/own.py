"""The own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.queries.own import living_tokens_of, roles_of, ways_in
from postmarket.accounts.services.people import change_person, sign_out_everywhere
from postmarket.web import clock
from postmarket.web.asking import signed_in_person
from postmarket.web.pages.accounts.forms import TimeZoneForm


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who you are here and how you sign in; a POST sets your time zone."""
    person = signed_in_person(request)
    form = TimeZoneForm(request.POST or None, initial={"time_zone": person.time_zone})
    if form.is_valid():
        change_person(
            by=person,
            person=person,
            name=person.name,
            email=person.email,
            time_zone=form.cleaned_data["time_zone"],
            why="Chose the own time zone.",
            now=clock.now(),
        )
        messages.success(request, "Times are shown in your zone from now on.")
        return HttpResponseRedirect(reverse("account"))
    context = {
        "person": person,
        "ways": ways_in(person),
        "roles": roles_of(person),
        "tokens": living_tokens_of(person, now=clock.now()),
        "form": form,
    }
    return render(request, "accounts/account.html", context, status=400 if form.errors else 200)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of one's own, this one too."""
    person = signed_in_person(request)
    sign_out_everywhere(by=person, person=person, why="Ended the own sessions.", now=clock.now())
    messages.success(request, "All your sessions are ended, also on other devices. Sign in to go on.")
    return HttpResponseRedirect(reverse("account_login"))


def to_account(request: HttpRequest) -> HttpResponse:
    """Where allauth would show a list of its own."""
    return HttpResponseRedirect(reverse("account"))
