"""What people see of the queue, and what they decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from postmarket import tasks
from postmarket.accounts.roles import Role
from postmarket.records.models import Entry
from postmarket.tasks.models import State, Task
from postmarket.tasks.services import housekeeping
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.services.leases import Beat, Progress, beat
from tests.accounts.builders import person, with_generator
from tests.tasks import kinds
from tests.tasks.kinds import NOW, Note

pytestmark = pytest.mark.django_db
LEASE = timedelta(hours=1)


@pytest.fixture(autouse=True)
def known_kinds() -> Iterator[None]:
    """The kinds of the queue's own tests."""
    kinds.register()
    yield
    kinds.unregister()


def as_(role: Role) -> Client:
    """The browser of somebody with this role."""
    client = Client()
    somebody = person("Ana Reed", role)
    with_generator(somebody)
    client.force_login(somebody)
    return client


def page(client: Client) -> str:
    """The page's HTML."""
    answer = client.get(reverse("tasks"))
    assert answer.status_code == 200
    return answer.content.decode()


def parked() -> Task:
    """A task that failed for good."""
    tasks.enqueue("testing.hopeless", Note("x"), key="sbom:12", now=NOW)
    tasks.run_due(now=NOW)
    return Task.objects.get()


def test_an_empty_queue_says_so_and_what_would_be_here() -> None:
    """The title is the finding."""
    said = page(as_(Role.PSIRT_ANALYST))

    assert "<h1>Nothing runs, and nothing waits.</h1>" in said
    assert "No task yet" in said
    assert "None was seen in the last minute." in said


def test_work_that_waits_without_a_worker_is_the_first_thing_said() -> None:
    """With the command that mends it."""
    tasks.enqueue("testing.plain", Note("x"), now=NOW)

    said = page(as_(Role.PSIRT_ANALYST))
    assert "<h1>No worker runs. One task waits for one.</h1>" in said
    assert "postmarket worker" in said


def test_running_work_shows_how_far_it_is_and_asks_again() -> None:
    """3 of 12 files; its bar answers anew, and no longer asks once it is done."""
    housekeeping.sign_on("host:1", slots=2, now=datetime.now(UTC))
    tasks.enqueue("testing.patient", Note("x"), key="feed", now=NOW)
    task = claim(worker="host:1", names=["testing.patient"], lease=LEASE, now=NOW)
    assert task is not None
    beat([Beat(task.pk, task.lease, Progress(3, 12, "files"))], lease=LEASE, now=NOW)
    client, bar = as_(Role.PSIRT_ANALYST), reverse("task-progress", args=[task.pk])

    said = page(client)
    assert "<h1>One task runs. Nothing needs you.</h1>" in said
    assert "3 of 12 files" in said
    assert f'hx-get="{bar}"' in said
    assert "host:1" in said
    Task.objects.update(state=State.DONE)
    assert "hx-get" not in client.get(bar).content.decode()


def test_a_parked_task_is_run_again_with_a_reason_that_is_recorded() -> None:
    """Why it failed stands there; who decided, and why, stands in the trail."""
    task, client = parked(), as_(Role.ADMINISTRATOR)
    said = page(client)
    assert "One task failed and waits for your word." in said
    assert "The file is no SBOM. Upload another." in said

    client.post(reverse("task-retry", args=[task.pk]), {"why": "the supplier sent it anew"})

    task.refresh_from_db()
    assert (task.state, task.note) == (State.WAITING, "Retried by Ana Reed: the supplier sent it anew")
    entry = Entry.objects.get(kind="task.retried")
    assert (entry.subject_id, b"the supplier sent it anew" in bytes(entry.content)) == (str(task.pk), True)


def test_a_parked_task_is_dropped_with_a_reason_and_not_without() -> None:
    """The refusal says what is missing, and nothing is recorded."""
    task, client = parked(), as_(Role.ADMINISTRATOR)
    refused = client.post(reverse("task-drop", args=[task.pk]), {"why": "  "})
    assert (refused.status_code, "The decision has no reason" in refused.content.decode()) == (400, True)
    assert not Entry.objects.filter(kind="task.dropped").exists()

    client.post(reverse("task-drop", args=[task.pk]), {"why": "never an SBOM"})
    task.refresh_from_db()
    assert (task.state, Entry.objects.filter(kind="task.dropped").count()) == (State.DROPPED, 1)
    again = client.post(reverse("task-retry", args=[task.pk]), {"why": "after all"})
    assert "is not parked" in again.content.decode()


def test_who_may_not_decide_is_told_who_may() -> None:
    """No form that would only be refused."""
    parked()

    said = page(as_(Role.PSIRT_ANALYST))
    assert "An administrator runs it again or drops it, with a reason." in said
    assert reverse("task-drop", args=[1]) not in said


def test_the_list_is_filtered_and_exported() -> None:
    """By state, as CSV with the reason."""
    parked()
    tasks.enqueue("testing.plain", Note("x"), key="vent-7", now=NOW)
    answer = as_(Role.PSIRT_ANALYST).get(reverse("tasks"), {"state": "parked", "format": "csv"})
    said = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()  # type: ignore[attr-defined]

    assert "The file is no SBOM" in said
    assert "vent-7" not in said
