"""Putting work into the queue, in the transaction of the change it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from postmarket.tasks.errors import WrongPayload
from postmarket.tasks.models import State, Task
from postmarket.tasks.payloads import encode
from postmarket.tasks.registry import Kind, find

KEY_LENGTH = 200


def enqueue(
    name: str,
    payload: msgspec.Struct | Mapping[str, object],
    *,
    now: datetime,
    key: str = "",
    run_after: datetime | None = None,
) -> Task:
    """
    Put work into the queue; it exists when the caller's transaction commits, and never did when that rolls back.

    A task that waits with the same `name` and `key` is joined, not doubled: it takes this payload, and comes as early
    as either wants (not earlier when it pauses after a failure). One that runs already may have looked before this
    change: then a new one waits until it ends. Without a key each call is a task of its own.
    Raises UnknownTask and WrongPayload.
    """
    kind = find(name)
    if len(key) > KEY_LENGTH:
        raise WrongPayload(f"The key of {name} is longer than {KEY_LENGTH} characters", next_step="Give a hash of it.")
    content = encode(kind, payload)
    due = run_after or now
    with transaction.atomic():
        if not key:
            return _create(kind, content, key=uuid.uuid4().hex, due=due, now=now)
        while True:
            joined = _join(kind, content, key=key, due=due)
            if joined is not None:
                return joined
            try:
                with transaction.atomic():
                    return _create(kind, content, key=key, due=due, now=now)
            except IntegrityError:
                # Another transaction put the same in and has committed by now: join that one.
                continue


def waiting_twin(task: Task) -> Task | None:
    """The task that waits with the same name and key as `task`, locked until the transaction ends."""
    return _waiting(task.name, task.key)


def _waiting(name: str, key: str) -> Task | None:
    # The lock keeps workers away until the caller's change can be seen: a claim skips what is locked.
    return Task.objects.select_for_update().filter(name=name, key=key, state=State.WAITING).first()


def _join(kind: Kind, content: str, *, key: str, due: datetime) -> Task | None:
    task = _waiting(kind.name, key)
    if task is None:
        return None
    task.payload = content
    if not task.attempts:
        task.run_after = min(task.run_after, due)
    task.save(update_fields=["payload", "run_after"])
    return task


def _create(kind: Kind, content: str, *, key: str, due: datetime, now: datetime) -> Task:
    return Task.objects.create(
        name=kind.name, key=key, payload=content, priority=kind.priority, created_at=now, run_after=due
    )
