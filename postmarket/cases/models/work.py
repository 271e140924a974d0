"""What people do in a case: comments, tasks, attachments, and a priority that they set against the rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models import Person
from postmarket.cases.models.case import Case
from postmarket.records.interface import Subject
from postmarket.records.models import Evidence


class Comment(models.Model):
    """What somebody said; it stays as it was said."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        """In the order they were made."""

        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by} on {self.case.number}"


class Task(models.Model):
    """Something to do, by whom, by which day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    what = models.CharField(max_length=300)
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_tasks")
    due_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Soonest first."""

        ordering: ClassVar = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.what

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("case-task", str(self.pk))


class Attachment(models.Model):
    """A file of the case, kept as evidence."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """In the order they came."""

        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class PriorityOverride(models.Model):
    """A priority set by a person, with the rationale; the newest counts, all stay."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="priority_overrides")
    priority = models.PositiveSmallIntegerField()
    rationale = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"priority {self.priority} of {self.case.number}"
