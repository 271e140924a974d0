"""A one-time link, as kept: never its secret."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models.person import Person


class Purpose(models.TextChoices):
    """What a link opens."""

    FIRST_RUN = "first-run", "make the first administrator"
    INVITATION = "invitation", "accept an invitation"


class Link(models.Model):
    """A secret sent once; only its SHA-256 is kept. `used_at` closes it for good. The first run has no `person`."""

    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} until {self.expires_at:%Y-%m-%d %H:%M} UTC"
