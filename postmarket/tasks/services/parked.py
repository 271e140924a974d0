"""What a person decides of a parked task."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from postmarket.tasks.errors import NoReason, NotParked
from postmarket.tasks.models import State, Task
from postmarket.tasks.services.ending import wait_again


@transaction.atomic
def retry_parked(task_id: int, *, who: str, reason: str, now: datetime) -> Task:
    """
    Run a parked task again, with all its attempts. Raises NoReason and NotParked.

    The caller has checked that `who` may, and keeps the record: both in one transaction.
    """
    task = _parked(task_id, reason)
    task.attempts = 0
    task.finished_at = None
    task.note = f"Retried by {who}: {reason.strip()}"
    wait_again(task, run_after=now, now=now)
    return task


@transaction.atomic
def drop_parked(task_id: int, *, who: str, reason: str, now: datetime) -> Task:
    """Say that a parked task need not run; it stays readable. Raises NoReason and NotParked. As `retry_parked`."""
    task = _parked(task_id, reason)
    task.state = State.DROPPED
    task.finished_at = now
    task.note = f"Dropped by {who}: {reason.strip()}"
    task.save()
    return task


def _parked(task_id: int, reason: str) -> Task:
    if not reason.strip():
        raise NoReason
    task = Task.objects.select_for_update().filter(pk=task_id, state=State.PARKED).first()
    if task is None:
        raise NotParked(task_id)
    return task
