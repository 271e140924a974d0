"""Keeping leases, and taking back those of workers that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from postmarket.tasks.errors import UnknownTask
from postmarket.tasks.models import State, Task
from postmarket.tasks.registry import RETRIES, kinds
from postmarket.tasks.rules import is_spent
from postmarket.tasks.services.ending import park, wait_again

AT_ONCE = 100
UNKNOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Progress:
    """How far a running task is: `done` of `total` of what `text` names; each may be unknown."""

    done: int | None = None
    total: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Beat:
    """What a worker says of one task it runs."""

    task: int
    lease: int
    progress: Progress


def beat(beats: Sequence[Beat], *, lease: timedelta, now: datetime) -> frozenset[int]:
    """
    Prolong the leases until `now + lease` and keep the progress; the ids of tasks whose lease is no longer theirs.

    A row that is locked is being finished by the worker itself, or taken back by another: it is left alone.
    """
    ids = [item.task for item in beats]
    with transaction.atomic():
        rows = Task.objects.select_for_update(skip_locked=True).filter(pk__in=ids, state=State.RUNNING).order_by("pk")
        free = {row.pk: row for row in rows}
        for item in beats:
            row = free.get(item.task)
            if row is None or row.lease != item.lease:
                continue
            row.leased_until = now + lease
            row.progress_done, row.progress_total = item.progress.done, item.progress.total
            row.progress_text = item.progress.text
            row.save(update_fields=["leased_until", "progress_done", "progress_total", "progress_text"])
    ours = set(Task.objects.filter(pk__in=ids, state=State.RUNNING).values_list("pk", "lease"))
    return frozenset(item.task for item in beats if (item.task, item.lease) not in ours)


def recover(*, now: datetime) -> int:
    """
    Take back every lease that ended before `now`, and how many: the worker was killed, or lost the database.

    The task is due again at once, or parked when its attempts are spent.
    """
    expired = Task.objects.filter(state=State.RUNNING, leased_until__lt=now)
    if not expired.exists():
        return 0
    with transaction.atomic():
        rows = list(expired.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
        for row in rows:
            row.error = f"The worker {row.worker} was killed, or lost the database, while it ran this task."
            row.trace = ""
            kind = kinds().get(row.name)
            if is_spent(row.attempts, kind.retries if kind else RETRIES):
                park(row, now=now)
            else:
                wait_again(row, run_after=now, now=now)
    return len(rows)


def park_unknown(*, now: datetime) -> int:
    """
    Park what has been due for an hour and no handler here knows, and how many.

    The hour is for machines that are still on the version before: they leave the new names to the others.
    """
    unknown = Task.objects.filter(state=State.WAITING, run_after__lt=now - UNKNOWN_FOR).exclude(name__in=kinds())
    if not unknown.exists():
        return 0
    with transaction.atomic():
        rows = list(unknown.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
        for row in rows:
            row.error = UnknownTask(row.name).line()
            park(row, now=now)
    return len(rows)
