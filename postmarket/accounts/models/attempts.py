"""Failures at a door, counted for lock-out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Door(models.TextChoices):
    """What is counted together."""

    ACCOUNT = "account", "sign-in, by account"
    ADDRESS = "address", "sign-in, by network address"
    SIGNING = "signing", "signing, by person"


class Attempts(models.Model):
    """
    Failures in a row at one door by one key, and until when the door is shut.

    `key` is a keyed hash (accounts) or plain (addresses, people): an address nobody has is counted like one somebody
    has, so that lock-out tells nothing about who exists.
    """

    door = models.CharField(max_length=16, choices=Door.choices)
    key = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        """One count per key and door."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["door", "key"], name="accounts_attempts_once")
        ]

    def __str__(self) -> str:
        return f"{self.failures} failures at {self.door}"
