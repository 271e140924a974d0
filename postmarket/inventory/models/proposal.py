"""What machines sent for devices nobody knows: kept until a person says what it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import DeviceLine, Person
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.models.version import DeviceVersion
from postmarket.inventory.words import ProposalState
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class DeviceProposal(models.Model):
    """
    An SBOM that came over the API for a device that is not in the inventory (DESIGN §4): no device is made of it.

    `line` is the one the token was limited to. `version` is what it became once a person confirmed it; `proposed_from`
    is the printed name of what sent it.
    """

    device_name = models.CharField(max_length=LONGEST_NAME)
    version_label = models.CharField(max_length=LONGEST_NAME)
    line = models.ForeignKey(DeviceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=LONGEST_NAME)
    proposed_at = models.DateTimeField()
    proposed_from = models.CharField(max_length=LONGEST_NAME)
    state = models.CharField(max_length=20, default=ProposalState.OPEN.value)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(blank=True)
    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Newest first; the same file for the same name waits once."""

        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device_name", "version_label", "evidence"],
                condition=models.Q(state=ProposalState.OPEN.value),
                name="inventory_proposal_waits_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "line"], name="inventory_proposal_by_state")]

    def __str__(self) -> str:
        return f"{self.device_name} {self.version_label}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("device-proposal", str(self.pk))
