"""A batch that waits for its signature."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models.person import Person


class Ceremony(models.Model):
    """
    What was put before one person to sign: the list, each target's hash, the meaning and the words.

    It is signed once (`signed_at`), by `person` alone, before `expires_at`. `shown` is the canonical manifest as text,
    exactly what the page shows.
    """

    key = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ceremonies")
    meaning = models.CharField(max_length=16)
    why = models.TextField()
    shown = models.TextField()
    back_to = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signature_id = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.meaning} by {self.person}"
