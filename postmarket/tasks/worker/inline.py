"""Running what is due here and now, in this thread: for tests, the demo, and one-off commands."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from postmarket.tasks.registry import kinds
from postmarket.tasks.run import Run
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.worker.attempt import Outcome, attempt

LEASE = timedelta(hours=1)
MOST = 1_000


def run_due(*, now: datetime, most: int = MOST) -> list[Outcome]:
    """Run the tasks that are due at `now`, and those they enqueue, one after the other; how each ended."""
    ended: list[Outcome] = []
    while len(ended) < most:
        task = claim(worker="inline", names=kinds(), lease=LEASE, now=now)
        if task is None:
            break
        ended.append(attempt(Run(task, clock=lambda: now, stopping=threading.Event())))
    return ended
