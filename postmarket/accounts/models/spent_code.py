"""A time-based code that was used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models.person import Person


class SpentCode(models.Model):
    """
    The time step whose code a person has used: RFC 6238 §5.2 forbids to take it twice.

    Kept in the database, not in a process's memory: several web machines share it, and sign-in and signing too.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    step = models.BigIntegerField()

    class Meta:
        """The constraint is the check: of two requests with one code, one fails."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "step"], name="accounts_code_spent_once")
        ]

    def __str__(self) -> str:
        return f"step {self.step}"
