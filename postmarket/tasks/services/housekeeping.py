"""Which workers are alive, and forgetting what nobody looks at any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from postmarket.tasks.models import State, Task, Worker

KEPT = timedelta(days=30)
WORKERS_KEPT = timedelta(days=1)
AT_ONCE = 500


def sign_on(name: str, *, slots: int, now: datetime) -> None:
    """A worker starts."""
    Worker.objects.update_or_create(name=name, defaults={"slots": slots, "started_at": now, "seen_at": now})


def seen(name: str, *, now: datetime) -> None:
    """A worker is alive."""
    Worker.objects.filter(name=name).update(seen_at=now)


def sign_off(name: str) -> None:
    """A worker has stopped in good order."""
    Worker.objects.filter(name=name).delete()


def forget(*, now: datetime) -> int:
    """
    Delete what was done, or dropped, more than 30 days ago, and workers not seen for a day; how many tasks.

    In short transactions, so that a page never waits. What is parked stays until a person decides.
    """
    Worker.objects.filter(seen_at__lt=now - WORKERS_KEPT).delete()
    old = Task.objects.filter(state__in=(State.DONE, State.DROPPED), finished_at__lt=now - KEPT)
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        gone += Task.objects.filter(pk__in=ids).delete()[0]
    return gone
