"""A re-match of the whole portfolio, cut into ranges of identities that workers share."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class RematchPlan(models.Model):
    """
    Every identity up to `last_identity` is matched with the store's generation `visible` or a later one.

    While one is open, changes wait: the last part to end has them matched next.
    """

    before = models.BigIntegerField()
    visible = models.BigIntegerField()
    last_identity = models.BigIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        """One at a time."""

        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_open"], condition=models.Q(is_open=True), name="monitoring_one_open_plan"
            )
        ]

    def __str__(self) -> str:
        return f"re-match with generation {self.visible}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("rematch", f"plan-{self.pk}")


class RematchPart(models.Model):
    """The identities from `first` to `last` (ids of the store); `changes` lists what their matches gained and lost."""

    plan = models.ForeignKey(RematchPlan, on_delete=models.CASCADE, related_name="parts")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    matches = models.PositiveIntegerField(default=0)
    gained = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    changes = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """In order of identities."""

        ordering: ClassVar = ["plan_id", "first"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "first"], name="monitoring_part_once")]

    def __str__(self) -> str:
        return f"identities {self.first} to {self.last}"
