"""The assessment of one case for one device version, revision by revision, and the two leads' signatures."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from django.db import models
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.premises import Grounds
from postmarket.assessment.words import OPEN, STANDING, AssessmentState, Lead
from postmarket.cases.models import Case
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import Determination
from postmarket.records.interface import Subject
from postmarket.records.models import Signature

OPEN_STATES = [state.value for state in OPEN]
STANDING_STATES = [state.value for state in STANDING]
BINARY = [Determination.CONTROLLED.value, Determination.UNCONTROLLED.value]


class Assessment(models.Model):
    """
    One revision of the assessment of a case for a device version (DESIGN §4).

    `content` is a rules.content.Content, `origin` the revision it was copied from: of a sibling version, or the one
    before. It takes effect when both leads have signed it; `determination`, `exploitability` and `severity` (names in
    the policy's words) are written then, and never a clinical review. `grounds` are its premises as they were signed
    (rules.premises.Grounds). `due` while one of them changed and was not compared yet.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="assessments")
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=20, default=AssessmentState.DRAFT.value)
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    content = models.JSONField(default=dict)
    policy = models.TextField()
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    grounds = models.JSONField(default=dict)
    exploitability = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=20, blank=True)
    determination = models.CharField(max_length=1, blank=True)
    rule = models.TextField(blank=True)
    effective_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_because = models.JSONField(default=list)
    due = models.BooleanField(default=False, db_index=True)

    class Meta:
        """Newest first; one that is written and one that stands, at most, per case and version."""

        ordering: ClassVar = ["-revision", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version", "revision"], name="assessment_revision_once"),
            models.UniqueConstraint(
                fields=["case", "version"], condition=Q(state__in=OPEN_STATES), name="assessment_one_open"
            ),
            models.UniqueConstraint(
                fields=["case", "version"], condition=Q(state__in=STANDING_STATES), name="assessment_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN_STATES, AssessmentState.WITHDRAWN.value], determination="")
                | Q(
                    state__in=[*STANDING_STATES, AssessmentState.REPLACED.value],
                    determination__in=BINARY,
                    effective_at__isnull=False,
                ),
                name="assessment_final_is_binary",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "case"], name="assessment_by_state")]

    def __str__(self) -> str:
        return f"{self.case.number}, {self.version}, revision {self.revision}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("assessment", str(self.pk))

    @property
    def says(self) -> Content:
        """What it says."""
        return msgspec.convert(self.content, Content)

    @property
    def signed_grounds(self) -> Grounds:
        """Its premises as they were when it took effect."""
        return msgspec.convert(self.grounds, Grounds)

    @property
    def is_open(self) -> bool:
        """Whether it can still be written."""
        return self.state in OPEN_STATES

    @property
    def is_inherited(self) -> bool:
        """Whether it was copied from another version."""
        return self.origin is not None and self.origin.version_id != self.version_id


class LeadSignature(models.Model):
    """
    One lead's signature under one revision. A change of what was signed voids it: it stays, with what voided it.

    `grounds` are the premises as that lead saw them.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="signatures")
    lead = models.CharField(max_length=40, choices=[(one.value, one.value) for one in Lead])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    grounds = models.JSONField(default=dict)
    voided_at = models.DateTimeField(null=True)
    voided_because = models.TextField(blank=True)

    class Meta:
        """In the order of signing; one living signature per lead, and nobody signs as both."""

        ordering: ClassVar = ["signed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "lead"], condition=Q(voided_at=None), name="assessment_one_signature_per_lead"
            ),
            models.UniqueConstraint(
                fields=["assessment", "person"], condition=Q(voided_at=None), name="assessment_two_different_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} on {self.assessment}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("lead-signature", str(self.pk))
