"""Enqueueing periodic work: once a tick, however many workers look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from postmarket.tasks.models import Periodic
from postmarket.tasks.registry import kinds
from postmarket.tasks.schedules import Schedule, Tick
from postmarket.tasks.services.enqueueing import enqueue


def tick(*, now: datetime) -> int:
    """
    Enqueue each schedule whose moment has come, and how many.

    The schedule's row is locked, the task enqueued and the next moment written in one transaction. A schedule that is
    new begins with its next moment; one that was made more frequent does not wait for the moment of the old.
    """
    schedules = {name: kind.schedule for name, kind in kinds().items() if kind.schedule is not None}
    _keep_in_step(schedules, now=now)
    due = Periodic.objects.filter(name__in=schedules, next_at__lte=now)
    if not due.exists():
        return 0
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True).order_by("name"))
        for row in rows:
            # The name is the key: a run that takes longer than its interval is joined, never run beside itself.
            enqueue(row.name, Tick(at=row.next_at), key=row.name, now=now)
            row.next_at = schedules[row.name].next_after(now)
            row.save()
    return len(rows)


def _keep_in_step(schedules: Mapping[str, Schedule], *, now: datetime) -> None:
    kept = dict(Periodic.objects.filter(name__in=schedules).values_list("name", "next_at"))
    new = [
        Periodic(name=name, next_at=schedule.next_after(now))
        for name, schedule in schedules.items()
        if name not in kept
    ]
    if new:
        Periodic.objects.bulk_create(new, ignore_conflicts=True)
    for name, at in kept.items():
        sooner = schedules[name].next_after(now)
        if sooner < at:
            Periodic.objects.filter(name=name, next_at=at).update(next_at=sooner)
