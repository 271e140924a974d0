"""A person: the custom user of the site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from postmarket.accounts.addresses import LONGEST, LONGEST_NAME, canonical_email
from postmarket.accounts.errors import AccountsError, InvalidPerson
from postmarket.accounts.roles import Role
from postmarket.records.interface import Actor, ActorKind, Subject

SESSION_SALT = "postmarket.accounts.session"


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person of an address. Raises Person.DoesNotExist, also for what is no address."""
        try:
            return self.get(email=canonical_email(username or ""))
        except InvalidPerson as error:
            raise self.model.DoesNotExist from error


class Person(AbstractBaseUser):
    """
    Somebody who signs in with an e-mail address.

    A person is deactivated, never deleted: their name stands beside what they did and signed. Nothing here says what
    they may do: that is RoleGrant and `rules`.
    """

    email = models.EmailField("e-mail", max_length=LONGEST, unique=True)
    name = models.CharField("printed name", max_length=LONGEST_NAME)
    time_zone = models.CharField("time zone", max_length=64, default="UTC")
    is_active = models.BooleanField("active", default=True)
    session_epoch = models.PositiveIntegerField(default=0, help_text="raised to end all sessions")
    invited_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """The database itself refuses a second spelling of an address."""

        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="accounts_person_email_folded"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_person_email_lower"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """The person as the trail names who acts."""
        return Actor(id=f"person-{self.pk}", name=self.name, kind=ActorKind.HUMAN)

    @property
    def subject(self) -> Subject:
        """The person as the trail names who is acted upon."""
        return Subject(kind="person", id=self.actor.id)

    @property
    def role_words(self) -> str:
        """What they are here, in words: "PSIRT manager, Quality"; each role once."""
        held = {Role(role) for role in self.grants.filter(revoked_at=None).values_list("role", flat=True)}
        return ", ".join(role.label for role in Role if role in held)

    def clean(self) -> None:
        """Keep the address in its one form. Raises InvalidPerson."""
        self.email = canonical_email(self.email)

    def get_full_name(self) -> str:
        """The printed name."""
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session must match: a new password or a raised epoch ends every session."""
        return salted_hmac(SESSION_SALT, f"{self.password}\n{self.session_epoch}", algorithm="sha256").hexdigest()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: raises AccountsError."""
        raise AccountsError(
            f"{self.name} cannot be deleted",
            why="their name stands beside what they did",
            next_step="Deactivate the person instead.",
        )
