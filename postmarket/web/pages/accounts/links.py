"""What a one-time link opens: making the first administrator, and accepting an invitation."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from postmarket.accounts.errors import InvalidLink, InvalidPerson
from postmarket.accounts.models import Person
from postmarket.accounts.services.first_run import check_first_run, make_first_administrator
from postmarket.accounts.services.people import accept_invitation, check_invitation
from postmarket.web import clock
from postmarket.web.asking import say
from postmarket.web.pages.accounts.forms import FirstAdministratorForm, PasswordForm

SECRETS = sensitive_post_parameters("password", "again")


@login_not_required
@never_cache
@SECRETS
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """The first administrator says who they are and sets their password."""
    now = clock.now()
    try:
        check_first_run(secret=secret, now=now)
    except InvalidLink as error:
        return _closed(request, error)
    form = FirstAdministratorForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            person = make_first_administrator(
                secret=secret, email=data["email"], name=data["name"], password=data["password"], now=now
            )
        except InvalidPerson as error:
            say(form, error)
        else:
            return _in(request, person)
    return render(request, "accounts/first_run.html", {"form": form}, status=400 if form.errors else 200)


@login_not_required
@never_cache
@SECRETS
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """An invited person sets their password."""
    now = clock.now()
    try:
        person = check_invitation(secret=secret, now=now)
    except InvalidLink as error:
        return _closed(request, error)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            person = accept_invitation(secret=secret, password=form.cleaned_data["password"], now=now)
        except InvalidPerson as error:
            say(form, error)
        else:
            return _in(request, person)
    context = {"form": form, "person": person}
    return render(request, "accounts/invitation.html", context, status=400 if form.errors else 200)


def _closed(request: HttpRequest, error: InvalidLink) -> HttpResponse:
    return render(request, "accounts/link_closed.html", {"error": error}, status=404)


def _in(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign the person in who just set their password; a second factor comes next."""
    record_authentication(request, person, method="password", reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=person, redirect_url=reverse("account")))
    return response
