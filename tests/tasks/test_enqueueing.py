"""Work is in the queue exactly when the change it belongs to is in the database."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from postmarket import tasks
from postmarket.tasks.errors import UnknownTask, WrongPayload
from postmarket.tasks.models import State, Task
from postmarket.tasks.services.claiming import claim
from tests.tasks.kinds import LATER, NOW, Note

LEASE = timedelta(minutes=1)
DEADLINE_SECONDS = 20


def take(name: str = "testing.plain") -> Task | None:
    """Claim as some worker."""
    return claim(worker="w", names=[name], lease=LEASE, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing() -> None:
    """Neither the change nor its task exists."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tasks.enqueue("testing.plain", Note("x"), key="k", now=NOW)
        _ = 1 / 0

    assert not Task.objects.exists()


@pytest.mark.django_db
def test_the_same_key_waits_once_with_the_newest_payload_and_the_earliest_moment() -> None:
    """A hundred changes to one SBOM are one re-match, which sees the last of them."""
    first = tasks.enqueue("testing.plain", Note("old"), key="k", now=NOW, run_after=LATER)
    second = tasks.enqueue("testing.plain", Note("new"), key="k", now=NOW)

    assert first.pk == second.pk
    task = Task.objects.get()
    assert (task.payload, task.run_after) == ('{"text":"new"}', NOW)


@pytest.mark.django_db
def test_without_a_key_each_call_is_a_task() -> None:
    """Two mails are two mails."""
    assert len({tasks.enqueue("testing.plain", Note("x"), now=NOW).key for _ in range(2)}) == 2


@pytest.mark.django_db
def test_what_runs_is_not_joined_and_the_next_waits_for_its_end() -> None:
    """The running one may have looked before this change; and the work never runs beside itself."""
    tasks.enqueue("testing.plain", Note("x"), key="k", now=NOW)
    running = take()
    again = tasks.enqueue("testing.plain", Note("y"), key="k", now=NOW)

    assert running is not None
    assert again.pk != running.pk
    assert take() is None
    assert set(Task.objects.values_list("state", flat=True)) == {State.RUNNING, State.WAITING}


@pytest.mark.django_db
def test_a_pause_after_a_failure_is_not_cut_short_by_asking_again() -> None:
    """Else work that fails would spin as fast as it is asked for."""
    tasks.enqueue("testing.failing", Note("x"), key="k", now=NOW)
    tasks.run_due(now=NOW)
    pause = Task.objects.get().run_after

    tasks.enqueue("testing.failing", Note("x"), key="k", now=NOW)

    assert Task.objects.get().run_after == pause > NOW


@pytest.mark.django_db(transaction=True)
def test_a_task_that_is_being_joined_is_not_taken_before_the_change_can_be_seen() -> None:
    """A worker that claims meanwhile gets the new payload, or nothing yet: never the old one."""
    tasks.enqueue("testing.plain", Note("old"), key="k", now=NOW)
    claimed: list[Task] = []
    joined = threading.Event()

    def work() -> None:
        try:
            joined.wait(DEADLINE_SECONDS)
            while not claimed:
                task = take()
                claimed.extend([task] if task else [])
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    with transaction.atomic():
        tasks.enqueue("testing.plain", Note("new"), key="k", now=NOW)
        joined.set()
        worker.join(0.3)  # time to do it wrong
        assert not claimed
    worker.join(DEADLINE_SECONDS)

    assert [task.payload for task in claimed] == ['{"text":"new"}']


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_for_the_same_at_once_get_one_task() -> None:
    """Whoever comes second joins, also when both looked before either wrote."""
    start = threading.Barrier(4)
    numbers: list[int] = []

    def ask() -> None:
        try:
            start.wait(DEADLINE_SECONDS)
            numbers.append(tasks.enqueue("testing.plain", Note("x"), key="k", now=NOW).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_SECONDS)

    assert len(numbers) == 4
    assert set(numbers) == {Task.objects.get().pk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"txet": "x"}, "missing required field"),
        ({"text": 5}, "Expected `str`"),
        ({"text": "x" * 70_000}, "more than 65536"),
        ({"text": "\ud800"}, "surrogates"),
    ],
)
def test_a_payload_that_does_not_fit_is_refused_at_once(payload: dict[str, object], why: str) -> None:
    """The caller learns it, in its own transaction."""
    with pytest.raises(WrongPayload, match=why):
        tasks.enqueue("testing.plain", payload, now=NOW)


@pytest.mark.django_db
def test_a_mapping_that_fits_is_taken() -> None:
    """Rooms above the handler's cannot import its Struct."""
    assert tasks.enqueue("testing.plain", {"text": "x"}, now=NOW).payload == '{"text":"x"}'


@pytest.mark.django_db
def test_unknown_names_and_endless_keys_are_refused() -> None:
    """Neither could ever be run or found."""
    with pytest.raises(UnknownTask):
        tasks.enqueue("testing.nobody", Note("x"), now=NOW)
    with pytest.raises(WrongPayload, match="200 characters"):
        tasks.enqueue("testing.plain", Note("x"), key="k" * 201, now=NOW)


@pytest.mark.django_db
def test_priority_comes_before_age_and_age_before_the_rest() -> None:
    """An upload somebody waits for overtakes the night's work."""
    for name, minutes in (("testing.plain", 1), ("testing.plain", 2), ("testing.urgent", 0)):
        tasks.enqueue(name, Note(name), now=NOW - timedelta(minutes=minutes))

    order = []
    while task := claim(worker="w", names=["testing.plain", "testing.urgent"], lease=LEASE, now=NOW):
        order.append((task.name, (NOW - task.run_after).seconds // 60))

    assert order == [("testing.urgent", 0), ("testing.plain", 2), ("testing.plain", 1)]


@pytest.mark.django_db
def test_what_is_not_due_or_not_known_here_is_left() -> None:
    """A worker of an older version leaves new names to the others."""
    tasks.enqueue("testing.plain", Note("x"), now=NOW, run_after=LATER)
    tasks.enqueue("testing.urgent", Note("x"), now=NOW)

    assert take("testing.plain") is None
