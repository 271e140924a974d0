"""A report: what somebody told us about our devices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.inventory.models import Device
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence, PrivateDatum


class Report(models.Model):
    """
    What was reported, entered by hand.

    `known_since` is when anybody in the firm first knew of it: clocks count from there, not from `entered_at`.
    `reporter` is who reported, name and way to answer, and `body` what they wrote, which may name patients: both are
    private data that can be redacted.
    """

    number = models.CharField(max_length=20, unique=True)
    """REP-YYYY-NNNN."""
    kind = models.CharField(max_length=20, default=ReporterKind.RESEARCHER.value)
    organisation = models.CharField(max_length=200, blank=True)
    reporter = models.ForeignKey(PrivateDatum, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    body = models.ForeignKey(PrivateDatum, on_delete=models.PROTECT, related_name="+")
    vulnerability = models.TextField(blank=True)
    """A CVE or other id the reporter names; empty when none."""
    devices = models.ManyToManyField(Device, blank=True, related_name="reports")
    harm_reported = models.BooleanField(null=True)
    """Whether the report tells of an injury, a death or a device that failed; None is not asked yet."""
    state = models.CharField(max_length=20, default=ReportState.RECEIVED.value)
    known_since = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    closed_why = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-known_since", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("report", self.number)

    @property
    def text(self) -> str | None:
        """What was reported, in the reporter's words; None once it is redacted."""
        content = self.body.content
        return None if content is None else bytes(content).decode()


class ReportFile(models.Model):
    """A file that came with a report, kept as evidence."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        """In the order they came."""

        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name
