"""Start events: what happened, when, who knew, and what shows it; clocks run from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.cases.models.case import Case
from postmarket.intake.models import Report
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class StartEvent(models.Model):
    """
    One start event (DESIGN §4). Never changed: a correction is a new one, and the old one is declared void.

    `basis` is a policy.StartBasis; `at` when it happened (UTC), `person` who, in words ("St. Brigid, biomed"), or the
    system's match. A merge keeps the earliest of each basis, a split copies. `report` is the one that was received.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="start_events")
    basis = models.CharField(max_length=60)
    at = models.DateTimeField()
    person = models.CharField(max_length=200)
    employee_class = models.CharField(max_length=60, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    by_system = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    noted_at = models.DateTimeField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    voided_at = models.DateTimeField(null=True)
    voided_why = models.TextField(blank=True)

    class Meta:
        """Earliest first."""

        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["case", "basis", "at"], name="cases_event_by_basis")]

    def __str__(self) -> str:
        return f"{self.basis} of {self.case.number}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("start-event", str(self.pk))
