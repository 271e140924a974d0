"""A worker: one process, some slots, one heart."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol

from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections

from postmarket.tasks.errors import LeaseLost
from postmarket.tasks.models import Task
from postmarket.tasks.registry import kinds
from postmarket.tasks.run import Run
from postmarket.tasks.services import ending, housekeeping, leases, ticking
from postmarket.tasks.services.claiming import claim
from postmarket.tasks.worker.attempt import Outcome, attempt
from postmarket.tasks.worker.clock import DatabaseClock
from postmarket.tasks.worker.pace import Pace


class Watcher(Protocol):
    """Is told what a worker does, from its threads."""

    def ended(self, task: Task, outcome: Outcome) -> None:
        """An attempt ended."""

    def trouble(self, error: Exception) -> None:
        """The database could not be used; the worker tries again."""


class WorkerPool:
    """
    Claims tasks and runs them in `slots` threads until it is stopped; each thread has its own connection.

    With `until_empty` a slot ends when nothing is due.
    """

    def __init__(self, *, slots: int, watcher: Watcher, pace: Pace | None = None, until_empty: bool = False) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._watcher = watcher
        self._pace = pace or Pace()
        self._until_empty = until_empty
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._clock = DatabaseClock()
        self._running: dict[int, Run] = {}
        self._lock = threading.Lock()
        self._defect: Exception | None = None
        self._slots = [self._thread(f"slot {number + 1}", self._slot) for number in range(slots)]
        self._heart = self._thread("heart", self._beats)

    def start(self) -> None:
        """Sign on and begin to work. Raises django.db.Error when the database cannot be used."""
        self._clock.ask()
        housekeeping.sign_on(self.name, slots=len(self._slots), now=self._clock())
        self._sweep()
        for thread in (*self._slots, self._heart):
            thread.start()

    def stop(self) -> None:
        """Claim nothing more; tasks that look at their checkpoint go back. Returns at once: see `wait`."""
        self._stopping.set()

    def is_working(self) -> bool:
        """Whether any slot is alive."""
        return any(thread.is_alive() for thread in self._slots)

    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until every slot has ended, at most that long; whether they have."""
        until = time.monotonic() + seconds
        for thread in self._slots:
            thread.join(max(0.0, until - time.monotonic()))
        return not self.is_working()

    def close(self) -> int:
        """
        Give back what still runs after the grace, sign off, and how many were given back.

        Raises what a thread of the worker's own died of, if one did.
        """
        self.stop()
        self.wait(self._pace.grace.total_seconds())
        returned = 0
        with self._lock:
            left = list(self._running.values())
        for run in left:
            run.lose()
            try:
                ending.give_back(run.task, now=self._clock())
                returned += 1
            except LeaseLost:
                continue
        self._ended.set()
        if self._heart.is_alive():
            self._heart.join(self._pace.trouble.total_seconds())
        housekeeping.sign_off(self.name)
        if self._defect is not None:
            raise self._defect
        return returned

    def _thread(self, name: str, body: Callable[[], None]) -> threading.Thread:
        """A thread that stops the whole worker when it dies: one without a heart would lose its leases unseen."""

        def run() -> None:
            try:
                body()
            except Exception as error:  # kept, and raised by `close` in the main thread
                self._defect = error
                self.stop()
            finally:
                connections.close_all()

        return threading.Thread(target=run, name=name, daemon=True)

    def _slot(self) -> None:
        while not self._stopping.is_set():
            try:
                close_old_connections()
                if self._next():
                    continue
            except DatabaseTrouble as error:
                self._pause(error)
                continue
            if self._until_empty:
                return
            self._stopping.wait(self._pace.poll.total_seconds())

    def _next(self) -> bool:
        """Run one task, if one is due."""
        task = claim(worker=self.name, names=kinds(), lease=self._pace.lease, now=self._clock())
        if task is None:
            return False
        run = Run(task, clock=self._clock, stopping=self._stopping)
        with self._lock:
            self._running[task.pk] = run
        try:
            outcome = attempt(run)
        finally:
            with self._lock:
                del self._running[task.pk]
        self._watcher.ended(task, outcome)
        return True

    def _beats(self) -> None:
        while not self._ended.wait(self._pace.beat.total_seconds()):
            try:
                close_old_connections()
                self._beat()
                self._sweep()
            except DatabaseTrouble as error:
                self._pause(error)

    def _beat(self) -> None:
        """Keep the leases; a task that is no longer ours is told so at its next checkpoint."""
        with self._lock:
            runs = dict(self._running)
        said = [leases.Beat(number, run.task.lease, run.how_far()) for number, run in sorted(runs.items())]
        if said:
            for number in leases.beat(said, lease=self._pace.lease, now=self._clock()):
                runs[number].lose()
        housekeeping.seen(self.name, now=self._clock())

    def _sweep(self) -> None:
        """What any worker does for all: ended leases, schedules, names nobody knows."""
        leases.recover(now=self._clock())
        leases.park_unknown(now=self._clock())
        if not self._stopping.is_set():
            ticking.tick(now=self._clock())

    def _pause(self, error: Exception) -> None:
        self._watcher.trouble(error)
        connections.close_all()
        self._ended.wait(self._pace.trouble.total_seconds())
