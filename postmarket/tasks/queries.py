"""What the site shows of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from postmarket.tasks.models import State, Task, Worker

ALIVE = timedelta(seconds=60)
RECENT = 50


@dataclass(frozen=True)
class Counts:
    """How many tasks are where. `late_since` is when the one that waits longest past its moment was due, or None."""

    waiting: int
    running: int
    parked: int
    late_since: datetime | None


def running() -> QuerySet[Task]:
    """What runs now, the longest first; with `progress`."""
    return Task.objects.filter(state=State.RUNNING).order_by("started_at", "pk")


def waiting() -> QuerySet[Task]:
    """What is to be run, in the order in which it will be."""
    return Task.objects.filter(state=State.WAITING).order_by("-priority", "run_after", "pk")


def parked() -> QuerySet[Task]:
    """What waits for a person, the newest first; `error` says why."""
    return Task.objects.filter(state=State.PARKED).order_by("-finished_at", "-pk")


def recent(limit: int = RECENT) -> QuerySet[Task]:
    """What ended lately, however it ended, the newest first."""
    return Task.objects.filter(finished_at__isnull=False).exclude(state=State.WAITING).order_by("-finished_at")[:limit]


def counts(*, now: datetime) -> Counts:
    """The queue in one query."""
    late = Q(state=State.WAITING, run_after__lt=now)
    row = Task.objects.aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        parked=Count("pk", filter=Q(state=State.PARKED)),
        late_since=Min("run_after", filter=late),
    )
    return Counts(**row)


def alive(*, now: datetime) -> QuerySet[Worker]:
    """The workers that were seen in the last minute: when there are none, what waits stays waiting."""
    return Worker.objects.filter(seen_at__gte=now - ALIVE).order_by("name")
