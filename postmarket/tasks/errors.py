"""
What can be wrong with a task.

TaskError
├── UnknownTask       no room registered a task of this name
├── WrongHandler      a handler cannot be registered as it is written
├── WrongPayload      a payload is not what its handler takes
├── LeaseLost         the task was given to another worker meanwhile: what this one did is taken back
├── NotParked         a person retries or drops a task that is not parked
└── NoReason          a person retries or drops a task and does not say why
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class TaskError(PostmarketError):
    """A task cannot be enqueued, run or decided on."""

    code = "task"


class UnknownTask(TaskError):
    """No room registered a task of this name."""

    code = "task-unknown"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No task is called {name!r}",
            next_step="Register its handler with @task in the room's tasks.py, or correct the name.",
        )


class WrongHandler(TaskError):
    """A handler cannot be registered as it is written."""

    code = "task-handler"


class WrongPayload(TaskError):
    """A payload is not what its handler takes."""

    code = "task-payload"


class LeaseLost(TaskError):
    """The task was given to another worker meanwhile."""

    code = "task-lease"

    def __init__(self, task: str) -> None:
        super().__init__(
            f"The lease of {task} has ended and the task belongs to another worker",
            next_step="Nothing needs doing: the other worker does the work.",
        )


class NotParked(TaskError):
    """Only a parked task waits for a person's word."""

    code = "task-not-parked"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Task {number} is not parked",
            why="someone else decided on it, or it never was",
            next_step="Look at the list of parked tasks again.",
        )


class NoReason(TaskError):
    """A person's decision needs a reason."""

    code = "task-no-reason"

    def __init__(self) -> None:
        super().__init__("The decision has no reason", next_step="Say why the task is retried or dropped.")
