"""Criteria that the firm holds to be wrong in their source."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.monitoring.feed_words import RetirementState
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class RetiredCriterion(models.Model):
    """
    One criterion of one source's record, retired for the whole portfolio, with the reason (docs/adr/0085).

    `record` is the source's name of the record, `fingerprint` `matching.store.retired.fingerprint`, `product` and
    `range_text` what it says. `effect` is the evidence that lists what retiring it changed: so many `findings`
    (version × vulnerability) of so many `versions`.
    """

    source = models.CharField(max_length=10)
    record = models.TextField()
    fingerprint = models.CharField(max_length=24)
    vulnerability = models.TextField()
    product = models.TextField()
    range_text = models.TextField()
    state = models.CharField(max_length=20, default=RetirementState.RETIRED.value)
    why = models.TextField()
    retired_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField()
    versions = models.PositiveIntegerField()
    findings = models.PositiveIntegerField()
    effect = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_why = models.TextField(blank=True)

    class Meta:
        """Newest first; retired once at a time."""

        ordering: ClassVar = ["-retired_at", "-pk"]
        verbose_name_plural = "retired criteria"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "record", "fingerprint"],
                condition=models.Q(state=RetirementState.RETIRED.value),
                name="monitoring_retired_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.range_text} of {self.source} {self.record}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("retired-criterion", str(self.pk))
