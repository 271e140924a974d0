"""What allauth only tells by signals: second factors that came and went. The trail keeps it."""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.utils import timezone

from postmarket.accounts.models import Person
from postmarket.accounts.records_of_sign_in import note_factor

NAMES = {
    Authenticator.Type.TOTP: "code generator",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def listen() -> None:
    """Hear of every change, once."""
    signals.authenticator_added.connect(_added, dispatch_uid="accounts-factor-added")
    signals.authenticator_removed.connect(_removed, dispatch_uid="accounts-factor-removed")
    signals.authenticator_reset.connect(_renewed, dispatch_uid="accounts-factor-renewed")


def _added(sender: object, user: Person, authenticator: Authenticator, **rest: Any) -> None:
    _note("person.factor-added", user, authenticator)


def _removed(sender: object, user: Person, authenticator: Authenticator, **rest: Any) -> None:
    _note("person.factor-removed", user, authenticator)


def _renewed(sender: object, user: Person, authenticator: Authenticator, **rest: Any) -> None:
    _note("person.factor-renewed", user, authenticator)


def _note(kind: str, user: Person, authenticator: Authenticator) -> None:
    person = Person.objects.get(pk=user.pk)
    note_factor(person=person, kind=kind, what=NAMES[Authenticator.Type(authenticator.type)], now=timezone.now())
