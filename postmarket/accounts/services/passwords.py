"""Taking a password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from postmarket.accounts.errors import InvalidPerson
from postmarket.accounts.models import Person

LONGEST = 1024
"""A longer one only makes the slow hash slower."""


def set_password(person: Person, password: str) -> None:
    """Give an unsaved change of password to `person`. Raises InvalidPerson for one that is too weak or too long."""
    if len(password) > LONGEST:
        raise InvalidPerson("The password is too long", next_step=f"Use at most {LONGEST} characters.")
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidPerson(
            "The password is too weak",
            why=" ".join(message.rstrip(".").lower() + ";" for message in error.messages).rstrip(";"),
            next_step="Use a longer one: a sentence, or what a password manager makes.",
        ) from error
    person.set_password(password)
