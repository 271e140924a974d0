"""allauth's account adapter: no sign-up, our lock-out, and the trail."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from postmarket.accounts.errors import LockedOut
from postmarket.accounts.middleware import SEEN_AT, SIGNED_IN_AT
from postmarket.accounts.models import Person
from postmarket.accounts.records_of_sign_in import note_password_change, note_sign_in
from postmarket.accounts.sign_in.doors import knock

log = logging.getLogger("postmarket.accounts")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """What allauth asks us."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This is not the address and password of somebody here.",
        "incorrect_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited, or come by single sign-on."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail a notice of allauth's; a mail server that is down stops nobody's work."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("a notice could not be mailed: %s", type(error).__name__)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person of these credentials, counted at both doors. Raises ValidationError while one is shut."""
        now = timezone.now()
        try:
            attempt = knock(request, str(credentials.get("email", "")), now=now)
        except LockedOut as error:
            raise ValidationError(error.line()) from error
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if person is None:
            attempt.failed(now=now)
        else:
            attempt.succeeded(now=now)
        return person

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether it is this person's password, counted like a sign-in."""
        assert isinstance(user, Person)  # noqa: S101 - our user model
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open a session with a new key; its clocks start."""
        super().login(request, user)
        now = timezone.now()
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now.timestamp()
        assert isinstance(user, Person)  # noqa: S101 - our user model
        note_sign_in(person=user, now=now)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep a new password and note that it changed."""
        assert isinstance(user, Person)  # noqa: S101 - our user model
        note_password_change(person=user, password=password, now=timezone.now())
