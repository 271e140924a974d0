"""Where devices stand: units in the field per version and customer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.models.version import DeviceVersion
from postmarket.records.interface import Subject


class Customer(models.Model):
    """Who has devices of ours: a hospital, a clinic, a distributor."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    country = models.CharField(max_length=2, blank=True)
    """ISO 3166 country code."""
    created_at = models.DateTimeField()

    class Meta:
        """By name."""

        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("customer", str(self.pk))


class FieldedUnits(models.Model):
    """
    How many units of a version a customer has (None: not told which customer), counted on a day.

    A new count replaces the one before for the same version and customer; the records keep every one.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="fielded")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="fielded")
    units = models.PositiveIntegerField()
    counted_on = models.DateField()

    class Meta:
        """One count per version and customer."""

        ordering: ClassVar = ["version_id", "customer__name", "pk"]
        verbose_name_plural = "fielded units"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "customer"], name="inventory_units_once_per_customer"),
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(customer=None), name="inventory_units_once_without_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.version}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("fielded-units", str(self.pk))
