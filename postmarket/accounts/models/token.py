"""An API token, as kept: never its secret."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models.device_line import DeviceLine
from postmarket.accounts.models.person import Person
from postmarket.records.interface import Subject


class ApiToken(models.Model):
    """
    A machine's key. `key` finds the row; of the secret only its SHA-256 is kept, which is enough for 190 random bits.

    `scopes` are words separated by spaces. `line` empty: all lines its issuer has. What a token may do is never more
    than what `issued_by` may do at that moment.
    """

    key = models.CharField(max_length=10, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    scopes = models.CharField(max_length=255)
    line = models.ForeignKey(DeviceLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} (pm_{self.key}…)"

    @property
    def subject(self) -> Subject:
        """How the trail names it."""
        return Subject(kind="api-token", id=self.key)
