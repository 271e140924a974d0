"""What was decided: once for a vulnerability in a component, and signed for each device version it holds for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.documents.vex.interface import Justification, Status
from postmarket.inventory.models import ComponentIdentity, DeviceVersion
from postmarket.monitoring.rules.answers import Answer
from postmarket.monitoring.words import DecisionState
from postmarket.records.interface import Subject
from postmarket.records.models import Signature


class Decision(models.Model):
    """
    An answer for one vulnerability in one component identity, made while looking at one device version.

    It stays on `vulnerability`, the name it was made on, whatever alias group that joins; `premises` are the names of
    what it rests on (`rules.premises`). Never changed once made: another answer is another decision.
    """

    vulnerability = models.TextField(db_index=True)
    identity = models.ForeignKey(ComponentIdentity, on_delete=models.PROTECT, related_name="decisions")
    made_for = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20)
    justification = models.CharField(max_length=60, blank=True)
    rationale = models.TextField(blank=True)
    action = models.TextField(blank=True)
    premises = models.JSONField(default=list)
    policy = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.vulnerability} in {self.identity}: {self.answer.words}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("decision", str(self.pk))

    @property
    def answer(self) -> Answer:
        """What was answered."""
        return Answer(Status(self.status), Justification(self.justification), self.rationale, self.action)


class VersionDecision(models.Model):
    """
    A decision for one device version: proposed, in effect once signed, re-opened when a premise of it changed.

    `identity` is the decision's; `lead` the alias group its vulnerability is in now. `grounds` are what its premises
    were when it was proposed, then when it was signed (`rules.premises.Grounds`). `due` while something it may rest on
    changed and was not compared yet.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="versions")
    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="decisions")
    identity = models.ForeignKey(ComponentIdentity, on_delete=models.PROTECT, related_name="+")
    lead = models.BigIntegerField(db_index=True)
    state = models.CharField(max_length=20, default=DecisionState.PROPOSED.value)
    grounds = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_because = models.JSONField(default=list)
    due = models.BooleanField(default=False, db_index=True)

    class Meta:
        """One proposal and one standing decision at most for each finding's component."""

        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "identity", "lead"],
                condition=Q(state=DecisionState.PROPOSED.value),
                name="monitoring_one_proposal",
            ),
            models.UniqueConstraint(
                fields=["version", "identity", "lead"],
                condition=Q(
                    state__in=[
                        DecisionState.IN_EFFECT.value,
                        DecisionState.REOPENED.value,
                        DecisionState.LAPSED.value,
                    ]
                ),
                name="monitoring_one_standing_decision",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "version"], name="monitoring_decision_by_state")]

    def __str__(self) -> str:
        return f"{self.decision} ({self.version}): {self.state}"

    @property
    def subject(self) -> Subject:
        """How records name it, and signatures."""
        return Subject("version-decision", str(self.pk))

    @property
    def is_inherited(self) -> bool:
        """Whether it was made while looking at another version."""
        return self.decision.made_for_id != self.version_id


class Finding(models.Model):
    """
    A device version and a vulnerability of which something was decided; all others are projected.

    `status` is the worst of its components' decisions; a matched component that nobody has decided counts as under
    investigation. `vulnerability` is the name the decision was made on.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="findings")
    lead = models.BigIntegerField(db_index=True)
    vulnerability = models.TextField()
    status = models.CharField(max_length=20)
    inherited_from = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_because = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        """Once per version and vulnerability."""

        ordering: ClassVar = ["version_id", "vulnerability"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "lead"], name="monitoring_finding_once")]

    def __str__(self) -> str:
        return f"{self.vulnerability} in {self.version}: {self.status}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("finding", str(self.pk))
