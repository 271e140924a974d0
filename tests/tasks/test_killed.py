"""Nothing is lost and nothing done twice, wherever a worker is killed: real processes, real SIGKILL."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from postmarket import tasks
from postmarket.tasks import queries
from postmarket.tasks.models import State, Task
from tests.tasks import effects
from tests.tasks.kinds import Note
from tests.tasks.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)
DEADLINE_SECONDS = 60
LOOK_SECONDS = 0.02


def until(met: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not met():
        assert time.monotonic() < end, "it did not come"
        time.sleep(LOOK_SECONDS)


def started(module: str) -> subprocess.Popen[str]:
    """A worker process that has begun to work."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    if not process.stdout.readline():
        _, said = process.communicate(timeout=DEADLINE_SECONDS)
        pytest.fail(f"the worker did not begin: {said}")
    return process


def test_killed_at_every_commit_a_task_is_done_once_and_only_if_its_change_is_there(committed_effects: None) -> None:
    """Enqueue, claim, work, done, failure, taking over, tick: killed before and after each commit of each life."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.tasks.crash"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_SECONDS,
    )
    assert ran.returncode == 0, ran.stderr
    deaths = json.loads(ran.stdout)

    killed = [(death["name"], death["commit"], death["after"]) for death in deaths if death["killed"]]
    # 1 is the change and its task, 2 the claim, 3 the work, 4 that it is done: one commit where the handler is fenced.
    # A failure is a commit and another claim; so is taking over. Schedules
    # are written down in a commit; a tick has the task and its next moment in one.
    assert killed == [
        (name, number, after)
        for name, commits in (("plain", 4), ("fenced", 3), ("failing_once", 5), ("taken_over", 5), ("ticked", 5))
        for number in range(1, commits + 1)
        for after in (False, True)
    ]
    for death in deaths:
        never_asked = death["commit"] == 1 and not death["after"]
        expected = (0, 0, []) if never_asked else (1, 1, [State.DONE])
        assert (death["changes"], death["effects"], death["states"]) == expected, death


def test_a_killed_worker_s_task_goes_to_another(committed_effects: None) -> None:
    """A worker that holds a task is killed; a second one runs it when the lease has ended, and progress was seen."""
    task = tasks.enqueue("testing.patient", Note("x"), key="k", now=datetime.now(UTC))
    first = started("tests.tasks.pool")
    until(lambda: any(row.progress == "3 of 12 files" for row in queries.running()))
    holder = queries.running().get().worker
    first.kill()
    first.communicate(timeout=DEADLINE_SECONDS)

    second = started("tests.tasks.pool")
    until(lambda: Task.objects.get(pk=task.pk).state == State.DONE)
    second.terminate()
    second.communicate(timeout=DEADLINE_SECONDS)

    row = Task.objects.get(pk=task.pk)
    assert second.returncode == 0
    assert (row.attempts, effects.left()) == (2, ["k"])
    assert row.worker != holder
    assert holder in row.error


def test_sigterm_gives_the_task_back_without_counting_it(committed_effects: None) -> None:
    """The worker ends in good order, signs off, and the task is due at once."""
    task = tasks.enqueue("testing.patient", Note("x"), key="k", now=datetime.now(UTC))
    worker = started("tests.tasks.pool")
    until(lambda: queries.running().exists())
    assert queries.alive(now=datetime.now(UTC)).count() == 1
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=DEADLINE_SECONDS)

    row = Task.objects.get(pk=task.pk)
    assert worker.returncode == 0
    assert (row.state, row.attempts) == (State.WAITING, 0)
    assert not queries.alive(now=datetime.now(UTC)).exists()
