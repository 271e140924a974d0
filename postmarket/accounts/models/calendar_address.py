"""A calendar address, as kept: never its secret."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models.person import Person
from postmarket.records.interface import Subject


class CalendarAddress(models.Model):
    """
    Where a program of somebody's own reads their clocks without signing in.

    `key` finds the row; of the secret only its SHA-256 is kept. It shows what `person` may see at that moment, no more.
    `asked` counts requests since `began`: in the database, since several web machines share the limit.
    """

    key = models.CharField(max_length=10, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calendar_addresses")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    began = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        verbose_name_plural = "calendar addresses"

    def __str__(self) -> str:
        return f"{self.name} (pm_{self.key}…)"

    @property
    def subject(self) -> Subject:
        """How the trail names it."""
        return Subject(kind="calendar-address", id=self.key)
