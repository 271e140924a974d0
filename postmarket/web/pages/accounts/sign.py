"""The signing ceremony: exactly what is signed, what it means, why, and a fresh proof of who signs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.errors import LockedOut, SigningFailed
from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.queries.own import ways_in
from postmarket.accounts.signing.ceremony import lines_of, open_ceremony, sign_ceremony
from postmarket.accounts.signing.proofs import Passkey, PasswordAndCode, Proof, begin_passkey
from postmarket.accounts.signing.single_sign_on import kept_proof, may_sign_on, send_to_provider, spend_proof
from postmarket.errors import PostmarketError
from postmarket.records.errors import SigningRefused
from postmarket.records.meanings import Meaning
from postmarket.web import clock
from postmarket.web.asking import signed_in_person
from postmarket.web.pages.accounts.content import to_sign

KEPT: Final = "signing_passkey"
STATEMENTS: Final[Mapping[Meaning, str]] = {
    Meaning.AUTHORED: "I wrote this.",
    Meaning.REVIEWED: "I reviewed this.",
    Meaning.APPROVED: "I approve this.",
    Meaning.RESPONSIBLE: "I take responsibility for this.",
}
"""What the signer says by signing (21 CFR 11.50(a)(3))."""


@never_cache
@sensitive_post_parameters("password", "code", "credential")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """Show the list; a POST brings the proof and signs all of it, or nothing."""
    person, now = signed_in_person(request), clock.now()
    ceremony = open_ceremony(person=person, key=key, now=now)
    error: PostmarketError | None = None
    if request.method == "POST":
        try:
            signature = sign_ceremony(person=person, key=key, proof=_proof(request, ceremony), now=now)
        except (SigningFailed, SigningRefused, LockedOut) as failure:
            error = failure
        else:
            messages.success(request, f"Signed. It stands in the records as signature {signature.id[:8]}.")
            return HttpResponseRedirect(_back(ceremony))
    status = 200 if error is None else 429 if isinstance(error, LockedOut) else 400
    return render(request, "accounts/sign.html", _context(request, ceremony, person, error), status=status)


@require_POST
def sign_on(request: HttpRequest, key: str) -> HttpResponse:
    """To the person's identity provider, which asks for their sign-in anew and sends them back to the list."""
    person, now = signed_in_person(request), clock.now()
    ceremony = open_ceremony(person=person, key=key, now=now)
    account = may_sign_on(person)
    if account is None:
        raise SigningFailed("You have no single sign-on here", next_step="Sign with a passkey, or password and code.")
    return send_to_provider(request, ceremony, account, now=now)


def _proof(request: HttpRequest, ceremony: Ceremony) -> Proof:
    """What the form brought. Raises SigningFailed for a form that brought nothing to prove with."""
    match request.POST.get("way"):
        case "passkey":
            kept = request.session.pop(KEPT, None) or {}
            return Passkey(
                state=kept.get("state", {}) if kept.get("ceremony") == ceremony.key else {},
                response=_read(request.POST.get("credential", "")),
            )
        case "sign-on":
            proof = spend_proof(request, ceremony)
            if proof is None:
                raise SigningFailed("Your sign-on was used or is gone", next_step="Sign in anew to sign.")
            return proof
        case _:
            return PasswordAndCode(password=request.POST.get("password", ""), code=request.POST.get("code", "").strip())


def _read(credential: str) -> dict[str, Any]:
    try:
        said = json.loads(credential)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _context(
    request: HttpRequest, ceremony: Ceremony, person: Person, error: PostmarketError | None
) -> dict[str, object]:
    ways, account = ways_in(person), may_sign_on(person)
    options: dict[str, object] = {}
    if ways.passkeys:
        options, state = begin_passkey(person)
        request.session[KEPT] = {"ceremony": ceremony.key, "state": state}
    return {
        "ceremony": ceremony,
        "lines": to_sign(lines_of(ceremony)),
        "statement": STATEMENTS[Meaning(ceremony.meaning)],
        "person": person,
        "back_to": _back(ceremony),
        "error": error,
        "passkey": bool(ways.passkeys),
        "code": ways.password and ways.generator_since is not None,
        "provider": account and next((name for name in ways.providers), ""),
        "signed_on": kept_proof(request, ceremony),
        "asked": {"request_options": options},
    }


def _back(ceremony: Ceremony) -> str:
    """Where to return: a path of this site, else the first page."""
    path = ceremony.back_to
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if local else "/"


def address_of(ceremony: Ceremony) -> str:
    """Where a ceremony is signed: a view that began one redirects there."""
    return reverse("accounts:sign", args=[ceremony.key])
