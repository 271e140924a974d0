"""
Killed at every commit: run as a program, it prints as JSON what became of a task for each place of death.

A child lives one of the lives below and is killed (SIGKILL) just before or just after its n-th commit, n from 1 until a
child lives to the end. Each time the parent, as another worker after the lease, takes up what is left. Forking one
process that has set Django up is what makes dozens of deaths cheap.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta

import django

django.setup()

from django.db import connection, connections, transaction  # noqa: E402 - Django first
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from postmarket import tasks  # noqa: E402
from postmarket.tasks.models import Periodic, Task  # noqa: E402
from postmarket.tasks.services.claiming import claim  # noqa: E402
from postmarket.tasks.services.leases import recover  # noqa: E402
from postmarket.tasks.services.ticking import tick  # noqa: E402
from tests.tasks import effects, kinds  # noqa: E402
from tests.tasks.kinds import NOW, Note  # noqa: E402

AFTER_THE_LEASE = timedelta(hours=3)
MOST_COMMITS = 20
CHANGE = "the change"


def die_at(number: int, *, after: bool) -> None:
    """Be killed before or after that commit of this process."""
    really: Callable[[BaseDatabaseWrapper], None] = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]
    seen = 0

    def commit(wrapper: BaseDatabaseWrapper) -> None:
        nonlocal seen
        seen += 1
        if seen == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        really(wrapper)
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    BaseDatabaseWrapper._commit = commit  # type: ignore[attr-defined]


def ask(name: str) -> None:
    """Make the change, and ask for the task with it."""
    with transaction.atomic():
        effects.add(CHANGE)
        tasks.enqueue(name, Note("x"), key="work", now=NOW)


def plain() -> None:
    """A handler that is idempotent by its key."""
    ask("testing.plain")
    tasks.run_due(now=NOW)


def fenced() -> None:
    """A handler that ends in one commit with its task."""
    ask("testing.fenced")
    tasks.run_due(now=NOW)


def failing_once() -> None:
    """A handler that fails the first time and is run again after its pause."""
    ask("testing.once")
    tasks.run_due(now=NOW)
    tasks.run_due(now=NOW + kinds.HOURLY)


def taken_over() -> None:
    """A task whose worker went away, taken back by this one."""
    ask("testing.fenced")
    claim(worker="gone", names=["testing.fenced"], lease=kinds.HOURLY / 2, now=NOW)
    recover(now=NOW + kinds.HOURLY)
    tasks.run_due(now=NOW + kinds.HOURLY)


def ticked() -> None:
    """Work that comes by itself."""
    with transaction.atomic():
        effects.add(CHANGE)
        Periodic.objects.create(name="testing.hourly", next_at=NOW)
    tick(now=NOW)
    tasks.run_due(now=NOW)


LIVES = {life.__name__: life for life in (plain, fenced, failing_once, taken_over, ticked)}


def one(name: str, number: int, *, after: bool) -> dict[str, object]:
    """A child's life and death, and what the next worker finds."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        die_at(number, after=after)
        LIVES[name]()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    recover(now=NOW + AFTER_THE_LEASE)
    if Periodic.objects.filter(next_at=NOW).exists():
        tick(now=NOW)
    tasks.run_due(now=NOW + AFTER_THE_LEASE)
    tasks.run_due(now=NOW + 2 * AFTER_THE_LEASE)  # what failed then waited for this
    left = effects.left()
    found = {
        "name": name,
        "commit": number,
        "after": after,
        "killed": os.WIFSIGNALED(status),
        "changes": left.count(CHANGE),
        "effects": len(left) - left.count(CHANGE),
        "states": list(Task.objects.values_list("state", flat=True)),
        "attempts": list(Task.objects.values_list("attempts", flat=True)),
    }
    Task.objects.all().delete()
    Periodic.objects.all().delete()
    effects.clear()
    return found


def main() -> None:
    """Every death of every life."""
    kinds.register()
    found = []
    for name in LIVES:
        for number in range(1, MOST_COMMITS):
            deaths = [one(name, number, after=after) for after in (False, True)]
            found.extend(deaths)
            if not deaths[0]["killed"]:
                break
    connection.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
