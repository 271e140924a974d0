"""Devices: product models, with what the law and the clinic need to know of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import DeviceLine, Person
from postmarket.inventory.rules.cyber_device import Tests
from postmarket.inventory.words import Answer, DeviceClass, Feature, IssuingAgency, SubmissionType, SupportStage
from postmarket.policy.interface import Criticality
from postmarket.records.interface import Subject
from postmarket.records.models import Signature

LONGEST_NAME = 200


class Device(models.Model):
    """
    A product model (DESIGN §4).

    `device_type` is one of the article's four, a type the firm's policy adds, or "unknown". `roles` are RoleRules and
    `profile` a DeviceProfile as `rules.fields` writes them; lists keep the order people gave.
    """

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    line = models.ForeignKey(DeviceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="devices")
    manufacturer = models.CharField(max_length=LONGEST_NAME, blank=True)
    model_numbers = models.JSONField(default=list)
    product_code = models.CharField(max_length=3, blank=True)
    device_class = models.CharField(max_length=20, default=DeviceClass.UNKNOWN.value)
    submission_type = models.CharField(max_length=20, default=SubmissionType.UNKNOWN.value)
    submission_number = models.CharField(max_length=LONGEST_NAME, blank=True)
    submission_date = models.DateField(null=True, blank=True)
    device_type = models.CharField(max_length=LONGEST_NAME, default=Criticality.UNKNOWN.value)
    intended_use = models.TextField(blank=True)
    essential_performance = models.TextField(blank=True)
    markets = models.JSONField(default=list)
    support_stage = models.CharField(max_length=20, default=SupportStage.UNKNOWN.value)
    end_of_support = models.DateField(null=True, blank=True)
    roles = models.JSONField(default=list)
    profile = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        """By name."""

        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("device", str(self.pk))

    @property
    def basis(self) -> dict[str, str | None]:
        """How it came to market, on which it depends whether section 524B binds it."""
        submitted = self.submission_date
        return {
            "submission_type": self.submission_type,
            "submission_number": self.submission_number,
            "submission_date": None if submitted is None else submitted.isoformat(),
        }


class UdiDi(models.Model):
    """A device identifier as on labels; it names one device only."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="udi_dis")
    di = models.CharField(max_length=40, unique=True)
    agency = models.CharField(max_length=20, default=IssuingAgency.UNKNOWN.value)
    note = models.CharField(max_length=LONGEST_NAME, blank=True)
    """Why it is not verified; "" when its check digit is right."""

    class Meta:
        """In the order people gave."""

        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.di


class Determination(models.Model):
    """
    Whether a device is a cyber device: the three statutory tests, features and rationale (FD&C Act §524B(c)).

    It counts once signed; a later one supersedes it, and both stay. A device has one draft at most. `basis` is how the
    device came to market when it was drafted, `answers` what is said to each objection, by the objection's key.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="determinations")
    software = models.CharField(max_length=10, default=Answer.UNKNOWN.value)
    internet = models.CharField(max_length=10, default=Answer.UNKNOWN.value)
    vulnerable = models.CharField(max_length=10, default=Answer.UNKNOWN.value)
    features = models.JSONField(default=list)
    exemption = models.TextField(blank=True)
    rationale = models.TextField()
    answers = models.JSONField(default=dict)
    basis = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-drafted_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(signature=None), name="inventory_one_draft_determination"
            )
        ]

    def __str__(self) -> str:
        return f"determination of {self.device}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("determination", str(self.pk))

    @property
    def tests(self) -> Tests:
        """The answers to the three tests and what they rest on."""
        return Tests(
            software=Answer(self.software),
            internet=Answer(self.internet),
            vulnerable=Answer(self.vulnerable),
            features=frozenset(Feature(one) for one in self.features),
            exemption=self.exemption,
        )
