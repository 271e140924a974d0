"""Signatures: who meant what by signing exactly which content (21 CFR 11.50, 11.70)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.records.interface import MOST_CHARACTERS, Subject
from postmarket.records.meanings import Meaning


class Signature(models.Model):
    """One ceremony: the printed name as it then was, the meaning, the time, and how the signer proved who they are."""

    id = models.CharField(primary_key=True, max_length=32)
    signer_id = models.CharField(max_length=MOST_CHARACTERS)
    printed_name = models.CharField(max_length=MOST_CHARACTERS)
    meaning = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Meaning])
    at = models.DateTimeField()
    site_zone = models.CharField(max_length=64)
    factors = models.CharField(max_length=MOST_CHARACTERS)
    authenticated_at = models.DateTimeField()

    class Meta:
        """In the order of signing."""

        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.meaning} by {self.printed_name}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("signature", self.id)


class SignedTarget(models.Model):
    """One line of a signature's manifest: the subject, and the SHA-256 of exactly what was shown of it."""

    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="targets")
    position = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=MOST_CHARACTERS)
    subject_id = models.CharField(max_length=MOST_CHARACTERS)
    sha256 = models.CharField(max_length=64)

    class Meta:
        """Found by what was signed."""

        ordering: ClassVar = ["signature_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signature", "position"], name="records_target_has_its_place")
        ]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="records_target_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
