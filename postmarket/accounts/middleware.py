"""Nobody sees a page unknown; and the session's policy: its rest, its length, and the second factor it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from postmarket.accounts.models import Person

SIGNED_IN_AT: Final = "signed_in_at"
SEEN_AT: Final = "seen_at"
READING: Final = ("GET", "HEAD")
NOTED_EVERY = timedelta(minutes=1)
"""The session is written at most this often: a page full of small requests costs one write."""
OPEN_WITHOUT_FACTOR: Final = ("/account/", "/theme", "/api/")
"""
Where a person may go who has no second factor yet: to their own account, to set one up or to leave; and the API, which
asks for a token whoever is signed in.
"""
SHUT_WITHOUT_FACTOR: Final = ("/account/calendar/",)
"""What of it gives sight of content: an address that is made there is read without any factor from then on."""


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to sign-in, from every page that does not say `login_not_required`."""

    def handle_no_permission(  # type: ignore[override]  # htmx needs a 204
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """A redirect that htmx understands too."""
        return _sent_to(request, f"{reverse('account_login')}?{urlencode({'next': _page(request)})}")


class OneMomentMiddleware:
    """Lets a page that only reads ask once what the person may, not once for each of its parts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what writes asks at every step."""
        from postmarket.accounts.authority import asked_once

        if request.method not in READING:
            return self.get_response(request)
        with asked_once():
            return self.get_response(request)


class SessionPolicyMiddleware:
    """Ends sessions that rested or lasted too long; sends people who need a second factor to set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or send it to sign-in or to the second factor's page."""
        person = request.user
        if not isinstance(person, Person):
            return self.get_response(request)
        now = timezone.now()
        if _is_over(request, now=now):
            logout(request)
            messages.info(request, "You were signed out: the session had ended. Sign in to go on.")
            return _sent_to(request, f"{reverse('account_login')}?{urlencode({'next': _page(request)})}")
        if _asks_for_factor(request.path) and _lacks_factor(request, person):
            messages.info(request, "Your roles ask for a second factor. Set one up to go on.")
            return _sent_to(request, reverse("account"))
        return self.get_response(request)


def _is_over(request: HttpRequest, *, now: datetime) -> bool:
    moment = now.timestamp()
    began = request.session.setdefault(SIGNED_IN_AT, moment)
    seen = request.session.setdefault(SEEN_AT, moment)
    if moment - began >= settings.SESSION_LONGEST.total_seconds():
        return True
    if moment - seen >= settings.SESSION_IDLE.total_seconds():
        return True
    if moment - seen >= NOTED_EVERY.total_seconds():
        request.session[SEEN_AT] = moment
    return False


def _asks_for_factor(path: str) -> bool:
    return path.startswith(SHUT_WITHOUT_FACTOR) or not path.startswith(OPEN_WITHOUT_FACTOR)


def _lacks_factor(request: HttpRequest, person: Person) -> bool:
    # Imported late: middleware is loaded by settings that these modules read.
    from postmarket.accounts.factors import has_second_factor, needs_second_factor

    if not needs_second_factor(person) or has_second_factor(person):
        return False
    trusted = {one.id for one in settings.OIDC_PROVIDERS if one.second_factor}
    used = get_authentication_records(request, person)
    return not any(one["method"] == "socialaccount" and one.get("provider") in trusted for one in used)


def _page(request: HttpRequest) -> str:
    """Where to come back to: this page; the first one where only a part was asked for, or something was sent."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.get_full_path()
    return "/"


def _sent_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect, also for a part of a page that htmx asked for."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
