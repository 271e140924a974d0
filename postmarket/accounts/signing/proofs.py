"""Fresh proof of who signs: each is looked at once, at the moment of signing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from fido2.webauthn import UserVerificationRequirement

from postmarket.accounts.errors import SigningFailed
from postmarket.accounts.factors import spend_code
from postmarket.accounts.models import Person
from postmarket.records.meanings import Authentication, Factor

CLOCKS_APART: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class PasswordAndCode:
    """The password and the code of this half minute, typed again."""

    password: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passkey:
    """What a passkey answered to the challenge of `begin_passkey` (`state`, kept by the server and used once)."""

    state: Mapping[str, Any] = field(repr=False)
    response: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FreshSignOn:
    """A sign-on the identity provider made anew for this ceremony, asked for at `asked_at`; `auth_time` is its word."""

    provider: str
    uid: str
    asked_at: datetime
    auth_time: datetime


Proof: TypeAlias = PasswordAndCode | Passkey | FreshSignOn


def begin_passkey(person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options for the browser, and the state to keep for this one answer; the device must verify its user."""
    options, state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(person), user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options), dict(state)


def prove(person: Person, proof: Proof, *, now: datetime) -> Authentication:
    """By which factors `proof` shows that it is `person`, and when. Raises SigningFailed, whichever was wrong."""
    match proof:
        case PasswordAndCode():
            return _password_and_code(person, proof, now=now)
        case Passkey():
            return _passkey(person, proof, now=now)
        case FreshSignOn():
            return _fresh_sign_on(person, proof)


def _password_and_code(person: Person, proof: PasswordAndCode, *, now: datetime) -> Authentication:
    right = person.check_password(proof.password)
    if not right or not spend_code(person, proof.code, now=now):
        raise _wrong("The password or the code is wrong, or the code was used already")
    return Authentication(frozenset({Factor.PASSWORD, Factor.TOTP}), at=now)


def _passkey(person: Person, proof: Passkey, *, now: datetime) -> Authentication:
    try:
        webauthn.parse_authentication_response(proof.response)
        used = webauthn.get_server().authenticate_complete(
            dict(proof.state), webauthn.get_credentials(person), dict(proof.response)
        )
    except (ValueError, ValidationError, KeyError, TypeError) as error:
        raise _wrong("The passkey was not accepted") from error
    kept = webauthn.get_authenticator_by_credential_id(person, used.credential_id)
    if kept is None:
        raise _wrong("The passkey was not accepted")
    Authenticator.objects.filter(pk=kept.pk).update(last_used_at=now)
    return Authentication(frozenset({Factor.PASSKEY_VERIFIED}), at=now)


def _fresh_sign_on(person: Person, proof: FreshSignOn) -> Authentication:
    theirs = SocialAccount.objects.filter(user=person, provider=proof.provider, uid=proof.uid).exists()
    if not theirs:
        raise _wrong("Single sign-on was made by somebody else")
    if proof.auth_time < proof.asked_at - CLOCKS_APART:
        raise _wrong("Single sign-on answered with an earlier sign-in instead of a new one")
    return Authentication(frozenset({Factor.OIDC_FRESH_LOGIN}), at=proof.auth_time)


def _wrong(what: str) -> SigningFailed:
    return SigningFailed(what, next_step="Nothing was signed. Authenticate again.")
