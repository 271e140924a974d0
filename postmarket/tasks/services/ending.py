"""How an attempt ends. Each of these first makes sure that the lease is still the one that was claimed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from postmarket.tasks.errors import LeaseLost
from postmarket.tasks.models import State, Task
from postmarket.tasks.rules import is_spent, pause_after
from postmarket.tasks.services.enqueueing import waiting_twin


def held(task: Task) -> Task:
    """The row of `task`, locked until the transaction ends. Raises LeaseLost when its lease is another by now."""
    row = Task.objects.select_for_update().filter(pk=task.pk, lease=task.lease, state=State.RUNNING).first()
    if row is None:
        raise LeaseLost(str(task))
    return row


@transaction.atomic
def finish(task: Task, *, now: datetime) -> None:
    """The work is done. Inside the transaction of the work itself it is done exactly once. Raises LeaseLost."""
    _close(held(task), State.DONE, now=now)


@transaction.atomic
def fail(task: Task, *, error: str, trace: str, retries: int, final: bool, now: datetime) -> State:
    """The attempt failed: wait longer each time, or park when no retry is left or none would help. Raises LeaseLost."""
    row = held(task)
    row.error, row.trace = error, trace
    if final or is_spent(row.attempts, retries):
        return park(row, now=now)
    return wait_again(row, run_after=now + pause_after(row.attempts), now=now)


@transaction.atomic
def give_back(task: Task, *, now: datetime) -> None:
    """The worker stops: another may take the task at once, and the attempt does not count. Raises LeaseLost."""
    row = held(task)
    row.attempts -= 1
    wait_again(row, run_after=now, now=now)


def park(row: Task, *, now: datetime) -> State:
    """Put the task aside until a person decides on it."""
    return _close(row, State.PARKED, now=now)


def wait_again(row: Task, *, run_after: datetime, now: datetime) -> State:
    """
    Back into the queue. Where the same work was enqueued meanwhile, that task goes on in its place.

    The other takes over the attempts and the pause: work that always fails is parked however often it is asked for.
    """
    while True:
        twin = waiting_twin(row)
        if twin is not None:
            twin.attempts = row.attempts
            twin.error, twin.trace = row.error, row.trace
            twin.run_after = max(twin.run_after, run_after)
            twin.save(update_fields=["attempts", "error", "trace", "run_after"])
            place = f"Task {twin.pk}, enqueued meanwhile for the same work, goes on in its place."
            row.note = f"{row.note}; {place}" if row.note else place
            return _close(row, State.DROPPED, now=now)
        row.state, row.run_after, row.leased_until = State.WAITING, run_after, None
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            # The same work was enqueued between the look and the write: look again.
            continue
        return State.WAITING


def _close(row: Task, state: State, *, now: datetime) -> State:
    row.state, row.finished_at, row.leased_until = state, now, None
    row.save()
    return state
