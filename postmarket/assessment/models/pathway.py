"""Pathways that are used again, and the controls they rely on: both belong to a device."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from django.db import models
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.assessment.rules.content import Pathway
from postmarket.assessment.words import ControlKind
from postmarket.inventory.models import Device
from postmarket.records.interface import Subject


class Control(models.Model):
    """
    Something that stands in the way of an exploit on a device: designed in, or compensating.

    Whether it is verified is said in each assessment that relies on it; once withdrawn, those that credit it re-open.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="controls")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in ControlKind])
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        """By name; one living control of each name per device."""

        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "name"], condition=Q(withdrawn_at=None), name="assessment_control_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("control", str(self.pk))

    @property
    def external_to_design(self) -> bool:
        """FDA's mark of a compensating control (postmarket guidance 2016)."""
        return self.kind == ControlKind.COMPENSATING.value


class PathwayTemplate(models.Model):
    """
    One version of a pathway that a device's assessments can begin with; a change is a new number, and all stay.

    `pathway` is a rules.content.Pathway.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="pathway_templates")
    name = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    pathway = models.JSONField(default=dict)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        """By name, newest first."""

        ordering: ClassVar = ["name", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "name", "number"], name="assessment_template_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("pathway-template", str(self.pk))

    @property
    def says(self) -> Pathway:
        """The pathway."""
        return msgspec.convert(self.pathway, Pathway)
