"""Suppliers who publish no CSAF: their RSS or Atom feeds, and what each entry turned out to be."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.inventory.models import Supplier
from postmarket.monitoring.feed_words import ItemState
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class Watch(models.Model):
    """
    A feed of a supplier. `etag` and `last_modified` are the server's own words, for the next conditional request.

    `checked_at` is when it last answered, with something new or not (UTC); `problem` and `next_step` say why not.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="watches")
    address = models.TextField(unique=True)
    enabled = models.BooleanField(default=True)
    every_minutes = models.PositiveIntegerField()
    title = models.TextField(blank=True)
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True, db_index=True)
    checked_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """By supplier."""

        ordering: ClassVar = ["supplier__name", "pk"]
        verbose_name_plural = "watches"

    def __str__(self) -> str:
        return self.address

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("watch", str(self.pk))


class WatchItem(models.Model):
    """
    An entry of a watched feed. `entry` is the SHA-256 of the feed's own id of it; one whose `digest` changes is opened
    again.

    `evidence` is the feed's file in which it was seen last.
    """

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="items")
    entry = models.CharField(max_length=64)
    digest = models.CharField(max_length=32)
    title = models.TextField()
    link = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    state = models.CharField(max_length=20, default=ItemState.OPEN.value, db_index=True)
    reopened = models.BooleanField(default=False)
    verdict = models.CharField(max_length=20, blank=True)
    because = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Newest first; each entry once per feed."""

        ordering: ClassVar = ["-seen_at", "-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["watch", "entry"], name="monitoring_entry_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("watch-item", str(self.pk))
