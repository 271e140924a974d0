"""Which sources' moment has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from postmarket import tasks
from postmarket.monitoring.models import Feed
from postmarket.tasks.models import State, Task

FEED_TASK = "monitoring.feed"


def ask_due(*, now: datetime) -> list[str]:
    """
    Put a task into the queue for each source that is on and due; which ones.

    One that waits or runs already is not asked twice: its next moment is set when it has been.
    """
    due = list(Feed.objects.filter(enabled=True, next_at__lte=now).values_list("source", flat=True))
    if not due:
        return []
    with transaction.atomic():
        at_work = set(
            Task.objects.filter(name=FEED_TASK, state__in=[State.WAITING, State.RUNNING]).values_list("key", flat=True)
        )
        asked = [source for source in due if source not in at_work]
        for source in asked:
            tasks.enqueue(FEED_TASK, {"source": source}, key=source, now=now)
    return asked
