"""The chain: its entries, and the one row that says where it ends."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.functional import cached_property

from postmarket.records.entries import Draft, read
from postmarket.records.interface import MOST_CHARACTERS, Subject


class Entry(models.Model):
    """
    One record. `content` is what counts: the exact bytes that `hash` covers, together with `previous`.

    The other columns repeat what the bytes say, so that it can be searched; `records verify` compares them.
    """

    number = models.BigIntegerField(primary_key=True)
    content = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    kind = models.CharField(max_length=MOST_CHARACTERS)
    subject_kind = models.CharField(max_length=MOST_CHARACTERS)
    subject_id = models.CharField(max_length=MOST_CHARACTERS)
    actor_kind = models.CharField(max_length=MOST_CHARACTERS)
    actor_id = models.CharField(max_length=MOST_CHARACTERS)
    at = models.DateTimeField()
    states = models.BooleanField()

    class Meta:
        """Searched by subject, by kind, by person and by time."""

        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "number"], name="records_entry_by_subject"),
            models.Index(fields=["kind", "subject_id"], name="records_entry_by_kind"),
            models.Index(fields=["actor_id", "number"], name="records_entry_by_actor"),
            models.Index(fields=["at"], name="records_entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number} ({self.kind})"

    @cached_property
    def said(self) -> Draft | None:
        """What its bytes say, for people to read; None when they are no entry's, which `records verify` then tells."""
        try:
            return read(bytes(self.content))[1]
        except ValueError:
            return None

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject(self.subject_kind, self.subject_id)


class Head(models.Model):
    """Where the chain ends, in its only row; it is locked while the chain is continued, and only moves forward."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    chain = models.CharField(max_length=64)
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    at = models.DateTimeField(null=True)
    key = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField(max_length=64)

    class Meta:
        """One row, no other."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="records_head_is_one_row")]

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.number}"
