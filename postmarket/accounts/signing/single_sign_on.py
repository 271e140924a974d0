"""Signing with a fresh sign-on at the person's identity provider (`prompt=login`, `auth_time` checked)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.signing.proofs import FreshSignOn

KEPT: Final = "signing_sign_on"
DATA: Final = "ceremony"


def may_sign_on(person: Person) -> SocialAccount | None:
    """The account at a provider by which this person can sign, if any."""
    known = [one.id for one in settings.OIDC_PROVIDERS]
    return SocialAccount.objects.filter(user=person, provider__in=known).order_by("pk").first()


def send_to_provider(
    request: HttpRequest, ceremony: Ceremony, account: SocialAccount, *, now: datetime
) -> HttpResponse:
    """To the provider, which must ask for the sign-in anew."""
    provider = get_adapter().get_provider(request, account.provider)
    back = reverse("accounts:sign", args=[ceremony.key])
    data = {DATA: ceremony.key, "asked_at": now.timestamp()}
    response: HttpResponse = provider.redirect(
        request, AuthProcess.REDIRECT, next_url=back, data=data, auth_params={"prompt": "login", "max_age": "0"}
    )
    return response


def is_signing(sociallogin: SocialLogin) -> bool:
    """Whether this answer of a provider belongs to a ceremony."""
    return DATA in (sociallogin.state.get("data") or {})


def finish_signing(request: HttpRequest, sociallogin: SocialLogin, *, now: datetime) -> HttpResponse:
    """Keep what the provider said for one attempt to sign, and go back to the list. Nobody is signed in by this."""
    data = sociallogin.state["data"]
    auth_time = _auth_time(sociallogin)
    if not isinstance(request.user, Person) or auth_time is None:
        messages.error(request, "Single sign-on did not say when you signed in. Nothing was signed.")
    else:
        request.session[KEPT] = {
            DATA: data[DATA],
            "person": request.user.pk,
            "provider": sociallogin.account.provider,
            "uid": sociallogin.account.uid,
            "asked_at": data["asked_at"],
            "auth_time": auth_time,
        }
    return HttpResponseRedirect(reverse("accounts:sign", args=[data[DATA]]))


def kept_proof(request: HttpRequest, ceremony: Ceremony) -> FreshSignOn | None:
    """What the provider said for this ceremony and person, if it did."""
    kept = request.session.get(KEPT)
    if not kept or kept[DATA] != ceremony.key or kept["person"] != ceremony.person_id:
        return None
    return FreshSignOn(
        provider=kept["provider"],
        uid=kept["uid"],
        asked_at=datetime.fromtimestamp(kept["asked_at"], UTC),
        auth_time=datetime.fromtimestamp(kept["auth_time"], UTC),
    )


def spend_proof(request: HttpRequest, ceremony: Ceremony) -> FreshSignOn | None:
    """The same, and it is gone afterwards: one sign-on, one attempt."""
    proof = kept_proof(request, ceremony)
    request.session.pop(KEPT, None)
    return proof


def _auth_time(sociallogin: SocialLogin) -> float | None:
    """The `auth_time` of the ID token alone (OpenID Connect Core §2); None when it is no time."""
    extra: dict[str, Any] = sociallogin.account.extra_data or {}
    said = (extra.get("id_token") or {}).get("auth_time")
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said < 2**33:
        return None
    return float(said)
