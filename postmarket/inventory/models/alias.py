"""The firm's own entries of the alias table, each looked at by a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.inventory.models.device import LONGEST_NAME
from postmarket.inventory.words import AliasState
from postmarket.records.interface import Subject


class AliasEntry(models.Model):
    """
    Names that mean one product: ours (`names` in words, `purls` without version) and theirs.

    Theirs are the CPE products its vulnerabilities are filed under (`cpes`, as `a:openssl:openssl`), or the `vendor`
    and `product` a supplier's CSAF files write. Only approved entries change matching. Entries are never edited: one
    that is wrong is retired and another proposed.
    """

    names = models.JSONField(default=list)
    purls = models.JSONField(default=list)
    cpes = models.JSONField(default=list)
    vendor = models.CharField(max_length=LONGEST_NAME, blank=True)
    product = models.CharField(max_length=LONGEST_NAME, blank=True)
    scheme = models.CharField(max_length=40, blank=True)
    """How these CPE products' versions are ordered, where the generic order is wrong (`versions.interface.Scheme`)."""
    state = models.CharField(max_length=20, default=AliasState.PROPOSED.value)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_why = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(blank=True)
    retired_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_why = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-proposed_at", "-pk"]
        verbose_name_plural = "alias entries"
        indexes: ClassVar = [models.Index(fields=["state"], name="inventory_alias_by_state")]

    def __str__(self) -> str:
        return f"{self.ours} → {self.theirs}"

    @property
    def ours(self) -> str:
        """Our names for it, as people read them."""
        return ", ".join([*self.names, *self.purls])

    @property
    def theirs(self) -> str:
        """Their names for it, as people read them."""
        spoken = [f"{self.vendor} {self.product}".strip()] if self.product else []
        return ", ".join([*self.cpes, *spoken])

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("alias-entry", str(self.pk))
