"""The list of tasks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from postmarket.tasks.models import State, Task
from postmarket.web.components.dates import said_time
from postmarket.web.components.tags import Meaning, badge
from postmarket.web.table import Choice, Column, Search, Table

MEANINGS = {
    State.WAITING: Meaning.PLAIN,
    State.RUNNING: Meaning.ACT,
    State.DONE: Meaning.SAFE,
    State.PARKED: Meaning.SOON,
    State.DROPPED: Meaning.PLAIN,
}


def _state(task: Task) -> str:
    state = State(task.state)
    return badge(MEANINGS[state].value, state.label)


def _search(tasks: QuerySet[Task], words: str) -> QuerySet[Task]:
    return tasks.filter(Q(name__icontains=words) | Q(key__icontains=words) | Q(error__icontains=words))


def _in_state(tasks: QuerySet[Task], state: str) -> QuerySet[Task]:
    return tasks.filter(state=state)


TASKS = Table(
    name="tasks",
    caption="Every task of the last 30 days",
    columns=(
        Column[Task](
            key="task",
            label="Task",
            value=lambda task: task.name,
            order="name",
            heads=True,
        ),
        Column[Task](key="key", label="Of", value=lambda task: task.key, order="key", wide_only=True),
        Column[Task](
            key="state", label="State", value=lambda task: State(task.state).label, show=_state, order="state"
        ),
        Column[Task](
            key="created",
            label="Asked for",
            value=lambda task: task.created_at,
            show=lambda task: said_time(task.created_at),
            order="created_at",
            descends=True,
        ),
        Column[Task](
            key="attempts", label="Attempts", value=lambda task: task.attempts, order="attempts", numeric=True
        ),
        Column[Task](
            key="error",
            label="What went wrong",
            value=lambda task: task.error,
            show=lambda task: task.error,
            wide_only=True,
            sortable=False,
        ),
        Column[Task](
            key="note",
            label="Decided",
            value=lambda task: task.note,
            show=lambda task: task.note,
            wide_only=True,
            sortable=False,
        ),
    ),
    filters=(
        Search(label="Find a task, what it is of, or an error", narrow=_search),
        Choice(
            key="state", label="State", options=tuple((state.value, state.label) for state in State), narrow=_in_state
        ),
    ),
    sort="-created",
    empty="tasks/none.html",
    takes=None,
)
