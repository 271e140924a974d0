"""Running what is due here and now, in this thread: for tests, the demo, and one-off commands."""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import datetime, timedelta

from postmarket.tasks.registry import kinds
from postmarket.tasks.run import Run
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.worker.attempt import Outcome, attempt

LEASE = timedelta(hours=1)
MOST = 1_000


def run_due(*, now: datetime, most: int = MOST, names: Collection[str] | None = None) -> list[Outcome]:
    """
    Run the tasks that are due at `now`, and those they enqueue, one after the other; how each ended.

    Only those of these `names`, where any are given.
    """
    wanted = kinds() if names is None else names
    ended: list[Outcome] = []
    while len(ended) < most:
        task = claim(worker="inline", names=wanted, lease=LEASE, now=now)
        if task is None:
            break
        ended.append(attempt(Run(task, clock=lambda: now, stopping=threading.Event())))
    return ended
