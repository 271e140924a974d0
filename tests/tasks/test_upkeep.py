"""The daily anchor and the daily look at the records are real tasks, which a worker runs."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.checking import standing
from postmarket.records.models import Entry
from postmarket.tasks.models import State, Task
from postmarket.tasks.registry import find
from postmarket.tasks.run import Run
from postmarket.tasks.schedules import Daily, Tick
from postmarket.tasks.upkeep import ask_for_check, check_under_way
from postmarket.tasks.worker.pool import WorkerPool
from tests.records.attacker import rows, write
from tests.records.builders import story
from tests.records.conftest import places as places
from tests.records.conftest import told as told
from tests.tasks.pool import QUICK, Quiet

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["records.verify", "records.anchor"])
def test_each_comes_once_a_day(name: str) -> None:
    """The anchor at least daily, as DESIGN §6 asks; the look before it."""
    schedule = find(name).schedule

    assert isinstance(schedule, Daily)
    assert schedule.next_after(NOW) - NOW <= timedelta(days=1)


def carry_out(name: str) -> Task:
    """One tick of a daily task, as a worker runs it."""
    task = Task.objects.create(name=name, key=f"{name} {NOW}", payload="{}", created_at=NOW, run_after=NOW)
    run = Run(task, clock=lambda: NOW, stopping=threading.Event())
    find(name).handler(Tick(at=NOW), run)
    task.progress_text = run.how_far().text
    return task


@pytest.mark.django_db
def test_the_daily_look_records_what_it_saw_and_the_daily_anchor_where_it_went() -> None:
    """One entry each."""
    story(3)
    assert carry_out("records.verify").progress_text == "entries, problems found: 0"
    assert carry_out("records.anchor").progress_text == "places have 4 entries anchored"

    assert list(Entry.objects.values_list("kind", flat=True))[3:] == ["records.verified", "anchor.made"]
    now = standing()
    assert now is not None
    assert now.checked is not None
    assert now.anchored is not None
    assert (now.checked.at, now.checked.problems, now.anchored.entries) == (NOW, 0, 4)


@pytest.mark.django_db
def test_a_look_that_finds_something_tells_somebody_and_is_no_failed_task(told: list[Alert]) -> None:
    """Trying again would change nothing."""
    story(3)
    write(rows()[:2])
    assert carry_out("records.verify").progress_text == "entries, problems found: 1"

    assert [alert.kind for alert in told] == [AlertKind.VERIFY_FAILED]


@pytest.mark.django_db(transaction=True)
def test_a_worker_verifies_when_somebody_asks_and_two_who_ask_share_one_look() -> None:
    """Through the real queue; the entry says who asked."""
    story(3)
    first = ask_for_check(by="Petra Sommer", now=NOW)
    assert ask_for_check(by="Petra Sommer", now=NOW).pk == first.pk
    assert check_under_way() == first

    pool = WorkerPool(slots=1, watcher=Quiet(), pace=QUICK, until_empty=True)
    pool.start()
    assert pool.wait(60)
    pool.close()

    first.refresh_from_db()
    assert (first.state, first.error) == (State.DONE, "")
    assert check_under_way() is None
    asked = [
        entry
        for entry in Entry.objects.filter(kind="records.verified")
        if b"Petra Sommer asked" in bytes(entry.content)
    ]
    assert len(asked) == 1
