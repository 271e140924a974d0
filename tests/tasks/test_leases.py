"""Heartbeats, and what any worker does for all."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from postmarket import tasks
from postmarket.tasks.models import Periodic, State, Task
from postmarket.tasks.registry import forget, periodic
from postmarket.tasks.schedules import Every
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.services.leases import Beat, Progress, beat, park_unknown, recover
from postmarket.tasks.services.ticking import tick
from tests.tasks import effects
from tests.tasks.kinds import HOURLY, NOW, Note, hourly

LEASE = timedelta(minutes=1)
DEADLINE_SECONDS = 20


def claimed() -> Task:
    """A task that a worker holds."""
    tasks.enqueue("testing.plain", Note("x"), key="k", now=NOW)
    task = claim(worker="host:1", names=["testing.plain"], lease=LEASE, now=NOW)
    assert task is not None
    return task


@pytest.mark.django_db
def test_a_heartbeat_prolongs_the_lease_and_keeps_the_progress() -> None:
    """So long work is neither taken away nor silent."""
    task = claimed()

    assert beat([Beat(task.pk, task.lease, Progress(3, 12, "files"))], lease=LEASE, now=NOW + LEASE) == frozenset()
    assert recover(now=NOW + LEASE + LEASE) == 0
    assert Task.objects.get().progress == "3 of 12 files"


@pytest.mark.django_db
def test_a_heartbeat_of_a_lost_lease_changes_nothing_and_says_so() -> None:
    """The new holder's progress is not overwritten."""
    task = claimed()
    recover(now=NOW + LEASE + LEASE)
    again = claim(worker="host:2", names=["testing.plain"], lease=LEASE, now=NOW + LEASE + LEASE)

    lost = beat([Beat(task.pk, task.lease, Progress(1, 2, "x"))], lease=LEASE, now=NOW + HOURLY)

    assert again is not None
    assert lost == {task.pk}
    row = Task.objects.get()
    assert (row.leased_until, row.progress) == (again.leased_until, "")


@pytest.mark.django_db
def test_a_name_that_nobody_knows_parks_after_an_hour() -> None:
    """Not before: another machine may have the newer version already."""
    tasks.enqueue("testing.plain", Note("x"), now=NOW)
    Task.objects.update(name="testing.gone")

    assert park_unknown(now=NOW + HOURLY) == 0
    assert park_unknown(now=NOW + HOURLY + LEASE) == 1
    task = Task.objects.get()
    assert task.state == State.PARKED
    assert "No task is called 'testing.gone'" in task.error


@pytest.mark.django_db(transaction=True)
def test_each_tick_is_enqueued_once_by_two_workers_at_once(committed_effects: None) -> None:
    """Five hours, two workers that look at the same moment: five runs, of the five moments."""
    tick(now=NOW)
    enqueued = []
    for hours in range(1, 6):
        start = threading.Barrier(2)
        moment = NOW + hours * HOURLY

        def look(start: threading.Barrier = start, moment: object = moment) -> None:
            try:
                start.wait(DEADLINE_SECONDS)
                enqueued.append(tick(now=moment))  # type: ignore[arg-type]  # bound early on purpose
            finally:
                connections.close_all()

        threads = [threading.Thread(target=look) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE_SECONDS)
        tasks.run_due(now=moment)

    assert len(enqueued) == 10
    assert effects.left() == [(NOW + hours * HOURLY).isoformat() for hours in range(1, 6)]
    assert Task.objects.filter(name="testing.hourly", state=State.DONE).count() == 5


@pytest.mark.django_db
def test_ticks_that_nobody_saw_are_made_up_for_once(effect_table: None) -> None:
    """The machine was off for a day: one run, for the first moment that was missed, then on time again."""
    tick(now=NOW)
    tick(now=NOW + timedelta(days=1, minutes=5))
    tasks.run_due(now=NOW + timedelta(days=1, minutes=5))

    assert effects.left() == [(NOW + HOURLY).isoformat()]
    assert Periodic.objects.get(name="testing.hourly").next_at == NOW + timedelta(hours=25)


@pytest.mark.django_db
def test_a_tick_while_the_last_one_waits_is_joined() -> None:
    """Slow periodic work does not pile up."""
    for hours in range(4):
        tick(now=NOW + hours * HOURLY)

    assert Task.objects.filter(name="testing.hourly").count() == 1


@pytest.mark.django_db
def test_a_schedule_made_more_frequent_takes_effect_at_once() -> None:
    """It does not wait for the moment of the old one."""
    tick(now=NOW)
    forget("testing.hourly")
    periodic("testing.hourly", Every(timedelta(minutes=5)))(hourly)

    tick(now=NOW + timedelta(minutes=1))

    assert Periodic.objects.get(name="testing.hourly").next_at == NOW + timedelta(minutes=5)
