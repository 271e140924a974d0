"""How attempts end: done, again later, parked, given back, or lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from postmarket import tasks
from postmarket.tasks.errors import LeaseLost
from postmarket.tasks.models import State, Task
from postmarket.tasks.services import ending
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.services.leases import recover
from postmarket.tasks.worker.attempt import Outcome
from tests.tasks import effects
from tests.tasks.kinds import LATER, NOW, Note

LEASE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def claimed(name: str = "testing.plain", key: str = "k") -> Task:
    """A task that a worker holds."""
    tasks.enqueue(name, Note("x"), key=key, now=NOW)
    task = claim(worker="host:1", names=[name], lease=LEASE, now=NOW)
    assert task is not None
    return task


def after(hours: int) -> list[Outcome]:
    """Run what is due then."""
    return tasks.run_due(now=NOW + timedelta(hours=hours))


def test_a_poison_task_parks_after_its_retries_with_its_error() -> None:
    """Two retries are three attempts; the error is one line, the trace says where."""
    tasks.enqueue("testing.failing", Note("x"), now=NOW)

    assert [after(1), after(2), after(3), after(4)] == [[Outcome.FAILED], [Outcome.FAILED], [Outcome.PARKED], []]
    task = Task.objects.get()
    assert (task.state, task.attempts) == (State.PARKED, 3)
    assert task.error == r"ValueError: attempt 3\nof x"
    assert "tests/tasks/kinds.py" in task.trace


def test_it_waits_longer_after_each_failure() -> None:
    """And is not run before."""
    tasks.enqueue("testing.failing", Note("x"), now=NOW)
    tasks.run_due(now=NOW)

    assert Task.objects.get().run_after == NOW + timedelta(seconds=10)
    assert tasks.run_due(now=NOW + timedelta(seconds=9)) == []
    assert tasks.run_due(now=NOW + timedelta(seconds=10)) == [Outcome.FAILED]
    assert Task.objects.get().run_after == NOW + timedelta(seconds=50)


def test_an_error_that_no_retry_mends_parks_at_once() -> None:
    """In the words of the error, with its next step."""
    tasks.enqueue("testing.hopeless", Note("x"), now=NOW)

    assert after(0) == [Outcome.PARKED]
    assert Task.objects.get().error == "The file is no SBOM. Upload another."


def test_a_payload_that_no_longer_decodes_parks_and_says_so(effect_table: None) -> None:
    """An older version enqueued it; the handler is not called."""
    tasks.enqueue("testing.plain", Note("x"), now=NOW)
    Task.objects.update(payload='{"texts": ["x"]}')

    assert after(0) == [Outcome.PARKED]
    assert Task.objects.get().error.startswith("The payload does not fit testing.plain: Object missing required field")
    assert effects.left() == []


def test_work_enqueued_while_it_failed_goes_on_in_its_place() -> None:
    """One of the two waits, with the attempts of the other: work that always fails does park."""
    first = claimed("testing.failing")
    second = tasks.enqueue("testing.failing", Note("y"), key="k", now=NOW)

    ending.fail(first, error="E", trace="T", retries=2, final=False, now=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.attempts, second.error) == (State.DROPPED, State.WAITING, 1, "E")
    assert str(second.pk) in first.note
    assert second.run_after == NOW + timedelta(seconds=10)


def test_what_is_given_back_is_due_at_once_and_costs_no_attempt() -> None:
    """A deployment is no failure."""
    ending.give_back(claimed(), now=NOW)

    task = Task.objects.get()
    assert (task.state, task.attempts, task.run_after) == (State.WAITING, 0, NOW)


def test_an_ended_lease_returns_to_the_queue_and_its_old_holder_can_change_nothing(effect_table: None) -> None:
    """A worker that was only frozen wakes up: whatever it says of the task is refused, and its work taken back."""
    old = claimed()
    assert recover(now=NOW + LEASE) == 0
    assert recover(now=LATER) == 1
    new = claim(worker="host:2", names=["testing.plain"], lease=LEASE, now=LATER)

    assert new is not None
    assert (new.pk, new.attempts, new.lease) == (old.pk, 2, old.lease + 1)
    with pytest.raises(LeaseLost):
        ending.finish(old, now=LATER)
    with pytest.raises(LeaseLost):
        ending.fail(old, error="E", trace="", retries=0, final=True, now=LATER)
    with pytest.raises(LeaseLost):
        ending.give_back(old, now=LATER)
    with pytest.raises(LeaseLost), transaction.atomic():
        effects.add("k")
        ending.finish(old, now=LATER)
    assert effects.left() == []
    ending.finish(new, now=LATER)


def test_a_task_that_kills_its_workers_parks_and_names_the_last() -> None:
    """Else it would kill them for ever."""
    tasks.enqueue("testing.fenced", Note("x"), now=NOW)
    for hours in (1, 2, 3):
        moment = NOW + timedelta(hours=hours)
        assert claim(worker=f"host:{hours}", names=["testing.fenced"], lease=LEASE, now=moment)
        recover(now=moment + LEASE + LEASE)

    task = Task.objects.get()
    assert (task.state, task.attempts) == (State.PARKED, 3)
    assert "host:3 was killed" in task.error
