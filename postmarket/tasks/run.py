"""What a handler is given beside its payload: who it is, how far it may say it is, and transactions that are fenced."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from postmarket.errors import visible
from postmarket.tasks.errors import LeaseLost
from postmarket.tasks.models import Task
from postmarket.tasks.services import ending
from postmarket.tasks.services.leases import Progress

TEXT_LENGTH = 200
LARGEST = 2**63 - 1


class Stopping(BaseException):
    """The worker stops and the handler agreed to be run again later; no error, so no `except Exception` swallows it."""


class Run:
    """
    One attempt at a task.

    `key` is what doing the work twice is recognised by; `attempt` counts from 1, killed ones included.
    """

    def __init__(self, task: Task, *, clock: Callable[[], datetime], stopping: threading.Event) -> None:
        self.task = task
        self.key = task.key
        self.attempt = task.attempts
        self.finished = False
        self.now = clock
        """The moment, in UTC, by the database's clock."""
        self._stopping = stopping
        self._lost = threading.Event()
        self._progress = Progress()

    def progress(self, done: int | None = None, total: int | None = None, text: str = "") -> None:
        """Say how far the work is, as in 3 of 12 "files". Costs nothing: the next heartbeat writes it."""
        self._progress = Progress(_storable(done), _storable(total), visible(text)[:TEXT_LENGTH])

    def checkpoint(self) -> None:
        """
        Call this between the steps of long work.

        Raises LeaseLost when the task belongs to another worker by now, and Stopping when the worker is to stop: the
        task then goes back and starts anew elsewhere, without counting an attempt.
        """
        if self._lost.is_set():
            raise LeaseLost(str(self.task))
        if self._stopping.is_set():
            raise Stopping

    @contextmanager
    def saving(self) -> Iterator[None]:
        """A transaction that commits only while the lease is ours. Raises LeaseLost, and then nothing was saved."""
        with transaction.atomic():
            yield
            # At the end, so that the row is locked only for a moment: heartbeats pass.
            ending.held(self.task)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """
        The last transaction of the work, in which the task is done as well: both are kept, or neither.

        So what it writes is written exactly once, whenever the worker is killed. Raises LeaseLost.
        """
        with transaction.atomic():
            yield
            ending.finish(self.task, now=self.now())
        self.finished = True

    def how_far(self) -> Progress:
        """What the handler said last."""
        return self._progress

    def lose(self) -> None:
        """The heartbeat found that the lease is gone."""
        self._lost.set()


def _storable(number: int | None) -> int | None:
    """A number that the database takes: a handler's slip must not stop the heart that keeps all leases."""
    return None if number is None else max(0, min(number, LARGEST))
