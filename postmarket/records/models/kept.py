"""What records refer to: evidence in files, and personal data that may have to go."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.records.interface import MOST_CHARACTERS, Subject


class Evidence(models.Model):
    """A file that came in from outside, kept as it came under the SHA-256 of its bytes."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=MOST_CHARACTERS)
    source = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        """In the order of keeping."""

        ordering: ClassVar = ["kept_at", "sha256"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"evidence {self.sha256[:12]} from {self.source}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("evidence", self.sha256)


class PrivateDatum(models.Model):
    """
    Personal data or an attachment: records know its id and `sha256`, over the secret salt and the content.

    Once redacted, salt and content are gone; without the salt nobody can try out names against the hash.
    """

    id = models.CharField(primary_key=True, max_length=32)
    media_type = models.CharField(max_length=MOST_CHARACTERS)
    sha256 = models.CharField(max_length=64)
    salt = models.BinaryField(null=True, max_length=32)
    content = models.BinaryField(null=True)
    kept_at = models.DateTimeField()

    class Meta:
        """In the order of keeping."""

        ordering: ClassVar = ["kept_at", "id"]
        verbose_name_plural = "private data"

    def __str__(self) -> str:
        return f"private datum {self.id}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("private", self.id)
