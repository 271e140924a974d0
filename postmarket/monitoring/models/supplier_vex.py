"""What suppliers say of vulnerabilities in their components (VEX): kept whole, applied with attribution."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.inventory.models import ComponentIdentity, DeviceVersion
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class SupplierVex(models.Model):
    """
    A supplier's VEX document as it came. `refused_why` is "" for one that could be read.

    Withdrawn, it counts no longer and stays to be read.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    refused_why = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first; the same bytes count once."""

        ordering: ClassVar = ["-received_at", "-pk"]
        verbose_name_plural = "supplier VEX documents"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evidence"], condition=Q(withdrawn_at=None), name="monitoring_supplier_vex_once"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("supplier-vex", str(self.pk))


class SupplierStatement(models.Model):
    """
    One line of a supplier's VEX: what it says (`content` is the Statement, MessagePack) and what became of it.

    `outcome` is a VexOutcome (applied, skipped, ambiguous) over the portfolio when it was last applied as a whole,
    `why` in words.
    """

    document = models.ForeignKey(SupplierVex, on_delete=models.CASCADE, related_name="statements")
    position = models.PositiveIntegerField()
    author = models.TextField(blank=True)
    vulnerability = models.TextField()
    product = models.TextField()
    status = models.CharField(max_length=20)
    justification = models.CharField(max_length=60, blank=True)
    said_at = models.CharField(max_length=40, blank=True)
    content = models.BinaryField()
    outcome = models.CharField(max_length=20)
    why = models.TextField()

    class Meta:
        """In the order of the document."""

        ordering: ClassVar = ["document_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "position"], name="monitoring_statement_once")
        ]

    def __str__(self) -> str:
        return f"{self.vulnerability}: {self.product} {self.status}"


class SupplierWord(models.Model):
    """
    What suppliers say of one row: the statements that hold for it, newest first, and the lane they put it in.

    `lane` is "" where they move it nowhere (under investigation). It decides nothing: people confirm it.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey(ComponentIdentity, on_delete=models.CASCADE, related_name="+")
    lead = models.BigIntegerField(db_index=True)
    lane = models.CharField(max_length=40, blank=True)
    statements = models.JSONField(default=list)
    """Sentences with attribution, as `Quellmar: not_affected vulnerable_code_not_present`."""

    class Meta:
        """Once per row."""

        ordering: ClassVar = ["version_id", "identity_id", "lead"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "identity", "lead"], name="monitoring_supplier_word_once")
        ]

    def __str__(self) -> str:
        return "; ".join(self.statements)
