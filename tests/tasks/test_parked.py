"""What a person decides, what the site shows, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket import tasks
from postmarket.tasks import queries
from postmarket.tasks.errors import NoReason, NotParked
from postmarket.tasks.models import State, Task, Worker
from postmarket.tasks.services import housekeeping
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.worker.attempt import Outcome
from tests.tasks.kinds import LATER, NOW, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def poison() -> Task:
    """A parked task."""
    tasks.enqueue("testing.hopeless", Note("x"), key="k", now=NOW)
    tasks.run_due(now=NOW)
    return Task.objects.get()


def test_a_parked_task_is_retried_with_a_reason_and_all_its_attempts(poison: Task) -> None:
    """Who and why stay on it."""
    tasks.retry_parked(poison.pk, who="Ada", reason="the host is back", now=LATER)

    row = Task.objects.get()
    assert (row.state, row.attempts, row.run_after) == (State.WAITING, 0, LATER)
    assert row.note == "Retried by Ada: the host is back"
    assert tasks.run_due(now=LATER) == [Outcome.PARKED]


def test_a_parked_task_is_dropped_with_a_reason(poison: Task) -> None:
    """It stays readable, and is not run again."""
    tasks.drop_parked(poison.pk, who="Ada", reason="never an SBOM", now=LATER)

    assert tasks.run_due(now=LATER) == []
    row = Task.objects.get()
    assert (row.state, row.note, bool(row.error)) == (State.DROPPED, "Dropped by Ada: never an SBOM", True)


def test_a_retry_of_work_that_waits_anyway_joins_it(poison: Task) -> None:
    """The same work does not wait twice."""
    other = tasks.enqueue("testing.hopeless", Note("y"), key="k", now=NOW)
    tasks.retry_parked(poison.pk, who="Ada", reason="again", now=LATER)

    poison.refresh_from_db()
    assert (poison.state, str(other.pk) in poison.note, "Ada" in poison.note) == (State.DROPPED, True, True)
    assert Task.objects.filter(state=State.WAITING).count() == 1


def test_a_decision_needs_a_reason_and_a_parked_task(poison: Task) -> None:
    """Two people who decide at once: the second is told."""
    with pytest.raises(NoReason):
        tasks.drop_parked(poison.pk, who="Ada", reason="  ", now=LATER)
    tasks.drop_parked(poison.pk, who="Ada", reason="no SBOM", now=LATER)
    with pytest.raises(NotParked):
        tasks.retry_parked(poison.pk, who="Bob", reason="again", now=LATER)


def test_the_site_sees_what_waits_runs_is_parked_and_ended(poison: Task) -> None:
    """Each list has its tasks, and the counts agree with them."""
    done = tasks.enqueue("testing.failing", Note("x"), now=NOW)
    Task.objects.filter(pk=done.pk).update(state=State.DONE, finished_at=LATER)
    running = tasks.enqueue("testing.urgent", Note("x"), now=NOW)
    claim(worker="w", names=["testing.urgent"], lease=timedelta(minutes=1), now=NOW)
    late = tasks.enqueue("testing.plain", Note("x"), now=NOW)
    future = tasks.enqueue("testing.plain", Note("x"), now=NOW, run_after=LATER)

    assert list(queries.waiting()) == [late, future]
    assert list(queries.running()) == [running]
    assert list(queries.parked()) == [poison]
    assert list(queries.recent()) == [done, poison]
    assert queries.counts(now=LATER) == queries.Counts(waiting=2, running=1, parked=1, late_since=NOW)


def test_workers_are_alive_while_they_are_seen() -> None:
    """A site whose tasks wait can say that no worker runs."""
    housekeeping.sign_on("a", slots=2, now=NOW)
    housekeeping.sign_on("b", slots=2, now=NOW)
    housekeeping.seen("a", now=NOW + timedelta(minutes=5))

    assert [worker.name for worker in queries.alive(now=NOW + timedelta(minutes=5))] == ["a"]
    housekeeping.sign_off("a")
    assert not queries.alive(now=NOW).filter(name="a").exists()


def test_old_tasks_are_forgotten_but_none_that_waits_for_a_person(poison: Task) -> None:
    """Thirty days after they ended; workers a day after they were last seen."""
    ended = {State.DONE: timedelta(days=31), State.DROPPED: timedelta(days=31), State.PARKED: timedelta(days=400)}
    for state, age in ended.items():
        task = tasks.enqueue("testing.plain", Note("x"), now=NOW)
        Task.objects.filter(pk=task.pk).update(state=state, finished_at=NOW - age)
    fresh = tasks.enqueue("testing.plain", Note("x"), now=NOW)
    Task.objects.filter(pk=fresh.pk).update(state=State.DONE, finished_at=NOW - timedelta(days=29))
    housekeeping.sign_on("gone", slots=1, now=NOW - timedelta(days=2))

    assert housekeeping.forget(now=NOW) == 2
    assert sorted(Task.objects.values_list("state", flat=True)) == [State.DONE, State.PARKED, State.PARKED]
    assert not Worker.objects.exists()
