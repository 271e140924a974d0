"""Several workers at once, in threads of this process, each slot with its own connection."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from postmarket import tasks
from postmarket.tasks.models import State, Task
from postmarket.tasks.worker.attempt import Outcome
from postmarket.tasks.worker.pool import WorkerPool
from tests.tasks import effects
from tests.tasks.kinds import Note
from tests.tasks.pool import QUICK

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 60
DEADLINE_SECONDS = 60


class Counting:
    """Counts how attempts ended."""

    def __init__(self) -> None:
        self.ends: Counter[Outcome] = Counter()
        self.troubles: list[Exception] = []

    def ended(self, task: Task, outcome: Outcome) -> None:
        """An attempt ended."""
        self.ends[outcome] += 1

    def trouble(self, error: Exception) -> None:
        """The database could not be used."""
        self.troubles.append(error)


def test_two_workers_share_the_work_and_never_run_the_same_lease(committed_effects: None) -> None:
    """Four slots, sixty tasks that do not look whether they ran before: each ran once."""
    now = datetime.now(UTC)
    for number in range(MANY):
        tasks.enqueue("testing.fenced", Note("x"), key=f"{number:02}", now=now)
    counting = Counting()
    pools = [WorkerPool(slots=2, watcher=counting, pace=QUICK, until_empty=True) for _ in range(2)]
    for pool in pools:
        pool.start()
    assert all(pool.wait(DEADLINE_SECONDS) for pool in pools)
    for pool in pools:
        assert pool.close() == 0

    assert counting.ends == {Outcome.DONE: MANY}
    assert effects.left() == [f"{number:02}" for number in range(MANY)]
    assert set(Task.objects.filter(name="testing.fenced").values_list("state", "attempts", "lease")) == {
        (State.DONE, 1, 1)
    }


def test_a_failing_task_stops_no_worker(committed_effects: None) -> None:
    """What comes after it is done; the failure is in the row."""
    now = datetime.now(UTC)
    tasks.enqueue("testing.hopeless", Note("x"), now=now)
    tasks.enqueue("testing.plain", Note("x"), key="k", now=now)
    counting = Counting()
    pool = WorkerPool(slots=1, watcher=counting, pace=QUICK, until_empty=True)
    pool.start()
    assert pool.wait(DEADLINE_SECONDS)
    pool.close()

    assert counting.ends == {Outcome.PARKED: 1, Outcome.DONE: 1}
    assert effects.left() == ["k"]
