"""SBOMs as they came in: each is kept, the newest that could be read is the version's current one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.models.version import Build, DeviceVersion
from postmarket.inventory.words import SbomState
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class Sbom(models.Model):
    """
    One SBOM of a version. The bytes are evidence; `content` is what was read (`Bom` as MessagePack, zstd).

    Superseded ones stay, with their components. `received_from` is the printed name of who or what sent it. `held_why`
    says why it was held (`rules.currency.held_back`), `confirmed` that a person takes it for this version's.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="sboms")
    build = models.ForeignKey(Build, on_delete=models.PROTECT, null=True, blank=True, related_name="sboms")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=LONGEST_NAME)
    state = models.CharField(max_length=20, default=SbomState.RECEIVED.value)
    is_current = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=LONGEST_NAME)
    read_at = models.DateTimeField(null=True)
    refused_why = models.TextField(blank=True)
    format = models.CharField(max_length=40, blank=True)
    spec_version = models.CharField(max_length=20, blank=True)
    serial = models.CharField(max_length=LONGEST_NAME, blank=True)
    subject_name = models.TextField(blank=True)
    subject_version = models.TextField(blank=True)
    subject_sha256 = models.CharField(max_length=64, blank=True)
    made_on = models.DateField(null=True)
    component_count = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    held_why = models.TextField(blank=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        """Newest first; a version has one current SBOM at most."""

        ordering: ClassVar = ["-received_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(is_current=True), name="inventory_one_current_sbom"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} of {self.version}"

    @property
    def was_read(self) -> bool:
        """Whether what it lists is known, used or not."""
        return self.state not in (SbomState.RECEIVED.value, SbomState.REFUSED.value)

    @property
    def waits(self) -> bool:
        """Whether a person has to say if it is used."""
        return self.state == SbomState.HELD.value

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("sbom", str(self.pk))
