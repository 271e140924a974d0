"""Device versions and their builds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.inventory.models.device import LONGEST_NAME, Device
from postmarket.inventory.words import SupportStage, VersionState
from postmarket.records.interface import Subject


class DeviceVersion(models.Model):
    """
    A version of a device. Development until a person marks it shipped: matched and gated, but no case, no clock.

    `released_on` is the day it came to market; `support_stage` "" follows the device's.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(max_length=LONGEST_NAME)
    state = models.CharField(max_length=20, default=VersionState.DEVELOPMENT.value)
    released_on = models.DateField(null=True, blank=True)
    support_stage = models.CharField(max_length=20, blank=True, default=SupportStage.UNKNOWN.value)
    end_of_support = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    """When a person said it is shipped; not the day of release."""
    shipped_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One of each label per device."""

        ordering: ClassVar = ["device__name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "label"], name="inventory_version_once_per_device")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "device"], name="inventory_version_by_state")]

    def __str__(self) -> str:
        return f"{self.device.name} {self.label}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("device-version", str(self.pk))

    @property
    def is_shipped(self) -> bool:
        """Whether a person has marked it shipped."""
        return self.state == VersionState.SHIPPED.value


class Build(models.Model):
    """A build of a version: when it was made, and the SHA-256 of what ships ("" unknown)."""

    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="builds")
    label = models.CharField(max_length=LONGEST_NAME)
    built_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first, one of each label per version."""

        ordering: ClassVar = ["-built_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "label"], name="inventory_build_once_per_version")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("build", str(self.pk))
