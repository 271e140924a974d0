"""Passwords are checked here, whoever asks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from postmarket.accounts.models import Person


class PersonBackend(BaseBackend):
    """
    Finds an active person by address and password.

    An unknown address costs as much time as a wrong password. Django's own permissions are not used: see `rules`.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        """The person whose `email` and `password` these are; None for all else."""
        email, password = credentials.get("email"), credentials.get("password")
        if not isinstance(email, str) or not isinstance(password, str) or not password:
            return None
        try:
            person = Person.objects.get_by_natural_key(email)
        except Person.DoesNotExist:
            Person().set_password(password)
            return None
        right = person.check_password(password)
        return person if right and person.is_active else None

    def get_user(self, user_id: int) -> Person | None:
        """The active person of a session: a deactivated one is nobody, at the next request."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
