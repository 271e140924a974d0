"""Taking the next task: one short transaction that gives it a lease."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from postmarket.tasks.models import State, Task


def claim(*, worker: str, names: Collection[str], lease: timedelta, now: datetime) -> Task | None:
    """
    The most pressing due task of these names, leased to `worker` until `now + lease`; None when there is none.

    An attempt counts from here, so that a task which kills its worker is spent like one that fails. Looking first
    costs an idle SQLite no write lock; PostgreSQL's workers pass over rows that another is just taking.
    """
    if not _due(names, now).exists():
        return None
    with transaction.atomic():
        task = _due(names, now).select_for_update(skip_locked=True, of=("self",)).first()
        if task is None:
            return None
        task.state = State.RUNNING
        task.attempts += 1
        task.lease += 1
        task.leased_until = now + lease
        task.worker = worker
        task.started_at = now
        task.progress_done = task.progress_total = None
        task.progress_text = ""
        task.save()
    return task


def _due(names: Collection[str], now: datetime) -> QuerySet[Task]:
    """What may be claimed, in order: not what runs already under the same name and key."""
    twin = Task.objects.filter(state=State.RUNNING, name=OuterRef("name"), key=OuterRef("key"))
    return Task.objects.filter(~Exists(twin), state=State.WAITING, run_after__lte=now, name__in=names).order_by(
        "-priority", "run_after", "id"
    )
