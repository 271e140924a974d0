"""
What an administrator decides of a task that failed, with its record.

Here and not in `tasks`, which lies below and knows no people: it only checks that the task is parked and has a reason.
"""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.records.interface import Subject
from postmarket.records.trail import act
from postmarket.tasks.models import Task
from postmarket.tasks.services.parked import drop_parked, retry_parked


def retry_task(*, by: Person, number: int, why: str, now: datetime) -> Task:
    """Run a parked task again, with all its attempts. Raises NotAllowed, NoReason, NotParked."""
    require(by, Permission.SETTINGS_EDIT, on=None)
    with act(actor=by.actor, at=now, why=why) as doing:
        task = retry_parked(number, who=by.name, reason=why, now=now)
        doing.note("task.retried", subject=_subject(task), detail=_what(task))
    return task


def drop_task(*, by: Person, number: int, why: str, now: datetime) -> Task:
    """Say that a parked task need not run; it stays readable. Raises NotAllowed, NoReason, NotParked."""
    require(by, Permission.SETTINGS_EDIT, on=None)
    with act(actor=by.actor, at=now, why=why) as doing:
        task = drop_parked(number, who=by.name, reason=why, now=now)
        doing.note("task.dropped", subject=_subject(task), detail=_what(task))
    return task


def _subject(task: Task) -> Subject:
    return Subject(kind="task", id=str(task.pk))


def _what(task: Task) -> dict[str, str]:
    return {"task": task.name, "key": task.key, "error": task.error}
