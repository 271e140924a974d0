"""Clocks of cases: worked out from start events by the policy, kept so that what is due next is one query."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postmarket.cases.models.case import Case
from postmarket.cases.models.start_event import StartEvent
from postmarket.cases.words import ClockState
from postmarket.records.interface import Subject


class Clock(models.Model):
    """
    One clock of one case, from one start event, by one version of the policy.

    `day` is the legal date at the site (`zone`), `until` the same as an instant (UTC, exclusive); None where the rule
    has no number and `words` says when. A start that is corrected voids its clock, and another one runs.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    clock = models.CharField(max_length=40)
    """The id in the policy pack (FDA-806)."""
    start = models.ForeignKey(StartEvent, on_delete=models.PROTECT, related_name="clocks")
    policy = models.TextField()
    authority = models.CharField(max_length=40)
    zone = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    target_day = models.DateField(null=True)
    day = models.DateField(null=True)
    until = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=ClockState.RUNNING.value)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """Soonest first; one of each kind runs in a case."""

        ordering: ClassVar = ["until", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "clock"],
                condition=Q(state__in=[ClockState.RUNNING.value, ClockState.PAUSED.value]),
                name="cases_one_clock_of_a_kind_runs",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "until"], name="cases_clock_by_due")]

    def __str__(self) -> str:
        return f"{self.clock} of {self.case.number}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("clock", str(self.pk))


class Pause(models.Model):
    """A time during which a clock of the article or the firm stood still, and why."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.TextField()

    class Meta:
        """In order; one at a time."""

        ordering: ClassVar = ["began_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at=None), name="cases_one_pause_at_a_time")
        ]

    def __str__(self) -> str:
        return f"pause of {self.clock}"
