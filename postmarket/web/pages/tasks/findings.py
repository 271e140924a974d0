"""What the page says: its title from the queue's state, and long work as a bar."""

from __future__ import annotations

from django.urls import reverse

from postmarket.tasks.models import State, Task
from postmarket.tasks.queries import Counts
from postmarket.web.components.feedback import Work, WorkState

STATES = {
    State.WAITING: WorkState.WAITING,
    State.RUNNING: WorkState.RUNNING,
    State.DONE: WorkState.DONE,
    State.PARKED: WorkState.FAILED,
    State.DROPPED: WorkState.FAILED,
}


def title(counts: Counts, *, workers: int) -> str:
    """The page's title: what asks for a person first."""
    if counts.waiting and not workers:
        return f"No worker runs. {_some(counts.waiting)} {_wait(counts.waiting)} for one."
    if counts.parked:
        return f"{_some(counts.parked)} failed and {_wait(counts.parked)} for your word."
    if counts.running:
        return f"{_some(counts.running)} {'runs' if counts.running == 1 else 'run'}. Nothing needs you."
    if counts.waiting:
        return f"{_some(counts.waiting)} {_wait(counts.waiting)} for {'its' if counts.waiting == 1 else 'their'} turn."
    return "Nothing runs, and nothing waits."


def work(task: Task) -> Work:
    """One task as long work; while it runs, its bar asks again."""
    return Work(
        what=f"{task.name} · {task.key}",
        state=STATES[State(task.state)],
        done=task.progress_done or 0,
        total=task.progress_total,
        unit=task.progress_text,
        line=task.error if task.state == State.PARKED else "",
        url=reverse("task-progress", args=[task.pk]),
    )


def _some(count: int) -> str:
    return "One task" if count == 1 else f"{count:,} tasks"


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"
