"""CSAF advisories: ours, our suppliers', and other makers' that share what ours are made of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.monitoring.feed_words import Sharing, Whose
from postmarket.records.interface import Subject


class Advisory(models.Model):
    """
    One CSAF document, gathered from the store's records of it.

    `name` is its tracking id and its publisher's namespace (`ICSMA-22-174-01@https://www.cisa.gov/`); `revision` the
    time of its current release: a review counts for the revision it was made of. `products` are as its makers name
    them, `vendor: product`; `makers` are folded names. `medical` says that it is one of CISA's on medical devices.
    """

    name = models.TextField(unique=True)
    number = models.TextField(db_index=True)
    title = models.TextField()
    publisher = models.TextField(blank=True)
    link = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    revision = models.DateTimeField(null=True)
    medical = models.BooleanField(default=False, db_index=True)
    withdrawn = models.BooleanField(default=False)
    makers = models.JSONField(default=list)
    products = models.JSONField(default=list)
    vulnerabilities = models.JSONField(default=list)
    whose = models.CharField(max_length=30, default=Whose.ANOTHER.value)
    affected = models.PositiveIntegerField(default=0)
    """Device versions that have a component which matches one of its vulnerabilities."""
    sharing = models.PositiveIntegerField(default=0)
    """Those that only have a product which one of them names, in another version."""
    generation = models.BigIntegerField(default=0, db_index=True)
    """Of the store, as of which its records were gathered."""
    reviewed_revision = models.DateTimeField(null=True)
    """Of the newest review; None before the first."""

    class Meta:
        """Newest revision first."""

        ordering: ClassVar = ["-revision", "-pk"]
        verbose_name_plural = "advisories"

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("advisory", str(self.pk))

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody reviewed what it says now."""
        return self.reviewed_revision is not None and self.reviewed_revision == self.revision

    @property
    def is_reopened(self) -> bool:
        """Whether it was revised after its last review."""
        return self.reviewed_revision is not None and self.reviewed_revision != self.revision


class AdvisoryVulnerability(models.Model):
    """A vulnerability an advisory is about, by its name in the store, and the store's record of it."""

    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="named")
    name = models.TextField(db_index=True)
    record = models.TextField()

    class Meta:
        """Each once."""

        ordering: ClassVar = ["advisory_id", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["advisory", "record"], name="monitoring_advisory_record_once")
        ]
        verbose_name_plural = "advisory vulnerabilities"

    def __str__(self) -> str:
        return self.name


class AdvisoryHit(models.Model):
    """An identity of ours (its id in the store) that has to do with an advisory, and how."""

    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="hits")
    identity = models.BigIntegerField()
    sharing = models.CharField(max_length=20, default=Sharing.AFFECTED.value)

    class Meta:
        """Each identity once, by the stronger tie."""

        ordering: ClassVar = ["advisory_id", "identity"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["advisory", "identity"], name="monitoring_advisory_hit_once")
        ]

    def __str__(self) -> str:
        return f"identity {self.identity}: {self.sharing}"


class AdvisoryReview(models.Model):
    """What a person found of one revision of an advisory; never changed, a later one stands beside it."""

    advisory = models.ForeignKey(Advisory, on_delete=models.PROTECT, related_name="reviews")
    revision = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20)
    because = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.advisory}: {self.verdict}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("advisory-review", str(self.pk))
