"""The forms of sign-in; those that take a second factor count at the same door as the password, each code once."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone

from postmarket.accounts.errors import LockedOut
from postmarket.accounts.factors import spend_code
from postmarket.accounts.models import Person
from postmarket.accounts.sign_in.doors import knock


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Address and password, in the words of this site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class _CodeOnce:
    """Takes a time-based code that was not used before, or a recovery code."""

    user: Person
    cleaned_data: dict[str, str]
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code. Raises ValidationError for a wrong or used one, and while the account is locked."""
        now = timezone.now()
        try:
            attempt = knock(context.request, self.user.email, now=now)
        except LockedOut as error:
            raise ValidationError(error.line()) from error
        code = self.cleaned_data["code"]
        authenticator = self._opened_by(code)
        if authenticator is None:
            attempt.failed(now=now)
            raise ValidationError("Incorrect code, or one that was used. Wait for the next.")
        attempt.succeeded(now=now)
        self.authenticator = authenticator
        return code

    def _opened_by(self, code: str) -> Authenticator | None:
        kept = {one.type: one for one in Authenticator.objects.filter(user=self.user)}
        if Authenticator.Type.TOTP in kept and spend_code(self.user, code, now=timezone.now()):
            return kept[Authenticator.Type.TOTP]
        recovery = kept.get(Authenticator.Type.RECOVERY_CODES)
        return recovery if recovery is not None and recovery.wrap().validate_code(code) else None


class SecondFactorForm(_CodeOnce, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """At sign-in."""


class SecondFactorAgainForm(_CodeOnce, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """Before a change of the account itself."""
