"""Clocks of cases: worked out from start events by the policy, kept so that what is due next is one query."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postmarket.cases.models.case import Case
from postmarket.cases.models.start_event import StartEvent
from postmarket.cases.words import ClockState
from postmarket.policy.clocks import PAUSABLE
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class Clock(models.Model):
    """
    One clock of one case, from one start event, by one version of the policy.

    `day` is the legal date at the site (`zone`), `until` the same as an instant (UTC, exclusive), both with pauses
    counted in; None where the rule has no number and `words` says when. `started_at` is the start event's time, or for
    one of a series when the one before was done. `provisional` says why it runs although it may not apply. What the
    policy said is kept with it: a start that is corrected voids its clock, its date stays to be read, and another runs.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    clock = models.CharField(max_length=40)
    """The id in the policy pack (FDA-806)."""
    duty = models.CharField(max_length=40)
    """Clocks of one duty date the same act."""
    each = models.BooleanField(default=False)
    """Whether every start event has one of its own."""
    title = models.CharField(max_length=200)
    stops_on = models.TextField()
    start = models.ForeignKey(StartEvent, on_delete=models.PROTECT, related_name="clocks")
    policy = models.TextField()
    authority = models.CharField(max_length=40)
    citation = models.TextField()
    flags = models.JSONField(default=list)
    zone = models.CharField(max_length=64)
    conservative = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    target_day = models.DateField(null=True)
    day = models.DateField(null=True)
    until = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    provisional = models.TextField(blank=True)
    series = models.BooleanField(default=False)
    """One of a series (21 CFR 7.53): it started when the one before was done."""
    state = models.CharField(max_length=20, default=ClockState.RUNNING.value)
    ended_at = models.DateTimeField(null=True)
    """When what stops it happened, or when it was declared void."""
    ended_why = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    """What shows that it was stopped."""

    class Meta:
        """Soonest first; one of each kind runs from a start event."""

        ordering: ClassVar = ["until", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "clock", "start"],
                condition=Q(state__in=[ClockState.RUNNING.value, ClockState.PAUSED.value]),
                name="cases_one_clock_runs_from_a_start",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "until"], name="cases_clock_by_due")]

    def __str__(self) -> str:
        return f"{self.clock} of {self.case.number}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("clock", str(self.pk))

    @property
    def name(self) -> str:
        """Its title, as people read it: that it may not apply is not left to a line below."""
        return f"{self.title}, provisionally" if self.provisional else self.title

    @property
    def pausable(self) -> bool:
        """Whether it may stand still: only what the article or the firm asks for may."""
        return self.authority in {authority.value for authority in PAUSABLE}


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


class Told(models.Model):
    """That people were told of a clock's end, once for each step: `step` hours before it (0: it has passed)."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="told")
    step = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Each step once."""

        ordering: ClassVar = ["at", "pk"]
        verbose_name_plural = "told"
        constraints: ClassVar = [models.UniqueConstraint(fields=["clock", "step"], name="cases_told_once")]

    def __str__(self) -> str:
        return f"{self.clock}, {self.step} hours before"
