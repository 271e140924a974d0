"""Second factors: who needs one, who has one, and codes that are used once."""

from __future__ import annotations

import hmac
from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import IntegrityError, transaction

from postmarket.accounts import rules
from postmarket.accounts.authority import grants_of
from postmarket.accounts.models import Person, SpentCode


def needs_second_factor(person: Person) -> bool:
    """Whether policy asks for one: of all who may decide, sign or manage, or (a setting) of everyone."""
    return settings.MFA_FOR_EVERYONE or rules.changes_something(grants_of(person))


def has_second_factor(person: Person) -> bool:
    """Whether a code generator or a security key is set up; recovery codes alone are none."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())


def spend_code(person: Person, code: str, *, now: datetime) -> bool:
    """
    Whether `code` is the person's time-based code at `now` (one step either way), used for the first time; uses it up.

    RFC 6238 §5.2. Sign-in and signing share what is used up.
    """
    kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    digits = code.replace(" ", "")
    if kept is None or not (digits.isascii() and digits.isdecimal()):
        return False
    step = _step_of(digits, secret=decrypt(kept.data["secret"]), now=now)
    if step is None:
        return False
    try:
        with transaction.atomic():
            SpentCode.objects.create(person=person, step=step)
    except IntegrityError:
        return False
    SpentCode.objects.filter(person=person, step__lt=step - 2 * app_settings.TOTP_TOLERANCE - 1).delete()
    return True


def _step_of(code: str, *, secret: str, now: datetime) -> int | None:
    """The time step whose code this is, looked for without hurry over all that are allowed."""
    current = int(now.timestamp()) // app_settings.TOTP_PERIOD
    found = None
    for step in range(current - app_settings.TOTP_TOLERANCE, current + app_settings.TOTP_TOLERANCE + 1):
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, step)), code):
            found = step
    return found
