"""Suppliers of components, and the names SBOMs give them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.records.interface import Subject


class Supplier(models.Model):
    """Who supplies components: whom to ask about their security, on which terms, and when that was last reviewed."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    security_contact = models.CharField(max_length=LONGEST_NAME, blank=True)
    """A mail or web address for security questions."""
    response_terms = models.TextField(blank=True)
    """What was agreed on how fast they answer and fix."""
    risk_reviewed_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        """By name."""

        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("supplier", str(self.pk))


class SupplierName(models.Model):
    """A name SBOMs give a supplier, folded (`sources.names.fold_name`); it means one supplier only."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="names")
    folded = models.CharField(max_length=LONGEST_NAME, unique=True)

    class Meta:
        """By name."""

        ordering: ClassVar = ["folded"]

    def __str__(self) -> str:
        return self.folded
