"""An incident: exploitation, active or suspected, at one site, and what was done for the patients there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.assessment.words import ExploitationHere, IsolatedBy, StepOrigin
from postmarket.cases.models import Case
from postmarket.inventory.models import Customer, DeviceVersion
from postmarket.records.interface import Subject
from postmarket.records.models import Signature


class Incident(models.Model):
    """
    Exploitation at one site under a case (DESIGN §4).

    `isolation` says what is to be done to the devices, in the article's words for the device type or our own;
    `workaround` how patients are cared for meanwhile; `residual_risk` what is left. `known_at` is when anybody in the
    firm first knew (UTC). Isolation that is our decision takes the clinical safety lead's approval first.
    """

    number = models.CharField(max_length=20, unique=True)
    """INC-YYYY-NNNN."""
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incidents")
    site = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="incidents")
    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="incidents")
    exploitation = models.CharField(max_length=20, choices=[(one.value, one.value) for one in ExploitationHere])
    what = models.TextField()
    known_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    isolation = models.TextField(blank=True)
    isolation_origin = models.CharField(
        max_length=20, blank=True, choices=[(one.value, one.value) for one in StepOrigin]
    )
    workaround = models.TextField(blank=True)
    residual_risk = models.TextField(blank=True)
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField(null=True)
    isolated_at = models.DateTimeField(null=True)
    isolated_by = models.CharField(max_length=20, blank=True, choices=[(one.value, one.value) for one in IsolatedBy])
    restored_at = models.DateTimeField(null=True)
    restored_how = models.TextField(blank=True)
    restored_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_out_at = models.DateTimeField(null=True)
    ruled_out_why = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-known_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["case", "restored_at"], name="assessment_incident_open")]

    def __str__(self) -> str:
        return f"{self.number} at {self.site}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("incident", self.number)


class IncidentUnit(models.Model):
    """One unit that is touched, by the UDI on it (DI with lot or serial)."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="units")
    udi = models.CharField(max_length=120)

    class Meta:
        """In the order people gave."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "udi"], name="assessment_unit_once")]

    def __str__(self) -> str:
        return self.udi


class IsolationApproval(models.Model):
    """
    The clinical safety lead's signature under an isolation step and its workaround.

    A change of the plan voids it: it stays, with what voided it.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_because = models.TextField(blank=True)

    class Meta:
        """In order; one that counts."""

        ordering: ClassVar = ["approved_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident"], condition=Q(voided_at=None), name="assessment_one_approval")
        ]

    def __str__(self) -> str:
        return f"approval of {self.incident}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("isolation-approval", str(self.pk))
