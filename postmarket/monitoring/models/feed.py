"""Sources of vulnerability data: when each is asked, how it stands, and every run as evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.monitoring.feed_words import AskOutcome, FeedRunState, Trigger
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class Feed(models.Model):
    """
    One source (`sources.interface.Source`): whether and how often it is asked, and how that goes.

    `choices` are OSV's ecosystems or CSAF's providers; none means the usual ones. `heard_at` is when it last answered
    in full, or how new the files were that came another way; `data_as_of` its newest word (UTC). `failures` counts
    those in a row, `problem` and `next_step` are of the last.
    """

    source = models.CharField(primary_key=True, max_length=10)
    enabled = models.BooleanField(default=False)
    every_minutes = models.PositiveIntegerField()
    choices = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    data_as_of = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    last_run = models.ForeignKey("FeedRun", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        """By name."""

        ordering: ClassVar = ["source"]

    def __str__(self) -> str:
        return self.source

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("feed", self.source)


class FeedRun(models.Model):
    """
    One time a source was asked or loaded. `store_run` is its number in the vulnerability store, if it came so far.

    `log` is the evidence that lists what was asked, what came, what was refused and what it changed; its hash is in
    the audit trail.
    """

    source = models.CharField(max_length=10)
    trigger = models.CharField(max_length=20, default=Trigger.SCHEDULE.value)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    store_run = models.BigIntegerField(null=True, unique=True)
    state = models.CharField(max_length=20, default=FeedRunState.RUNNING.value)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    log = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-started_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["source", "-started_at"], name="monitoring_run_by_source")]

    def __str__(self) -> str:
        return f"{self.source} of {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("feed-run", str(self.pk))


class FeedAsk(models.Model):
    """
    One address that a run asked, or one file that it was given, and what came of it; the first of a run.

    `sha256` is of the bytes as they came, which are kept; `evidence` is set where they are in the records too.
    """

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="asks")
    position = models.PositiveIntegerField()
    address = models.TextField()
    outcome = models.CharField(max_length=20, default=AskOutcome.NEW.value)
    at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.BigIntegerField(null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    next_step = models.TextField(blank=True)

    class Meta:
        """In the order of asking."""

        ordering: ClassVar = ["run_id", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "position"], name="monitoring_ask_place")]

    def __str__(self) -> str:
        return self.address
