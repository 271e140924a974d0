"""What the queue keeps: tasks, the next tick of each schedule, and the workers that are alive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from postmarket.tasks.registry import NAME_LENGTH


class State(models.TextChoices):
    """Where a task stands."""

    WAITING = "waiting"
    """To be run when `run_after` has come."""
    RUNNING = "running"
    """A worker holds its lease."""
    DONE = "done"
    PARKED = "parked"
    """It failed as often as it may: it waits for a person."""
    DROPPED = "dropped"
    """It need not run: a person said so, or a later task for the same work took its place."""


class Task(models.Model):
    """
    One piece of work: a handler's name, its payload, and the key under which doing it twice is doing it once.

    Of one name and key at most one waits and at most one runs; it never runs beside itself.
    """

    name = models.CharField(max_length=NAME_LENGTH)
    key = models.CharField(max_length=200)
    payload = models.TextField()
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    run_after = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    lease = models.PositiveIntegerField(default=0)
    """The number of the lease: each claim takes the next, so an older one can change nothing any more."""
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    progress_done = models.PositiveBigIntegerField(null=True)
    progress_total = models.PositiveBigIntegerField(null=True)
    progress_text = models.CharField(max_length=200, blank=True)

    error = models.TextField(blank=True)
    """Why the last attempt failed, in one line; kept when a later one succeeds."""
    trace = models.TextField(blank=True)
    note = models.TextField(blank=True)
    """Who retried or dropped it and why, or which task took its work over."""

    class Meta:
        """Constraints and the indexes of the questions that are asked all day."""

        constraints = (
            models.UniqueConstraint(fields=["name", "key"], condition=Q(state="waiting"), name="tasks_one_waits"),
            models.UniqueConstraint(fields=["name", "key"], condition=Q(state="running"), name="tasks_one_runs"),
        )
        indexes = (
            models.Index(
                fields=["-priority", "run_after", "id"], condition=Q(state="waiting"), name="tasks_next_to_run"
            ),
            models.Index(fields=["leased_until"], condition=Q(state="running"), name="tasks_leases"),
            models.Index(fields=["state", "-finished_at"], name="tasks_recent"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

    @property
    def progress(self) -> str:
        """How far it is, as in `3 of 12 files`; empty when it said nothing."""
        of = [str(number) for number in (self.progress_done, self.progress_total) if number is not None]
        return f"{' of '.join(of)} {self.progress_text}".strip()


class Periodic(models.Model):
    """When a schedule ticks next; its row is the lock that lets one worker alone enqueue a tick."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A worker that is, or lately was, alive."""

    name = models.CharField(max_length=200, unique=True)
    slots = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
