"""What the firm knows of how long a component is supported."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.inventory.models.component import ComponentIdentity
from postmarket.records.interface import Subject
from postmarket.sbom.interface import SupportLevel


class SupportStatement(models.Model):
    """
    A level and end of support somebody looked up, for one identity or for every version of a product.

    `product` is as `rules.product.product_key` writes it. It wins over what SBOMs say (FDA premarket guidance of
    2026-02-03, V.A.4, non-binding: the level and the end of support of each component). A later statement supersedes
    it; both stay.
    """

    identity = models.ForeignKey(ComponentIdentity, on_delete=models.PROTECT, null=True, related_name="support")
    product = models.TextField(blank=True)
    level = models.CharField(max_length=30, default=SupportLevel.UNKNOWN.value)
    ends_on = models.DateField(null=True)
    """The last day of support; None is unknown, and `justification` says why."""
    justification = models.TextField(blank=True)
    source = models.TextField()
    """Where it stands: an address, a letter, a contract."""
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first; one counts per identity, and one per product."""

        ordering: ClassVar = ["-stated_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity"], condition=models.Q(superseded_at=None), name="inventory_support_once_per_identity"
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=models.Q(superseded_at=None, identity=None),
                name="inventory_support_once_per_product",
            ),
            models.CheckConstraint(
                condition=models.Q(identity=None) ^ models.Q(product=""), name="inventory_support_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"support of {self.about}"

    @property
    def about(self) -> str:
        """What it speaks of, as people read it."""
        return str(self.identity) if self.identity is not None else self.product.partition(":")[2]

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("support-statement", str(self.pk))
