"""
The worker beside the website, on the embedded default: a process of its own.

Not threads of the web server: a re-match or a feed load computes for seconds, and in one interpreter every page would
wait for it. A worker that dies is started again; when the site dies, even by SIGKILL, the worker ends with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmarket.tasks.models import Task
    from postmarket.tasks.worker.attempt import Outcome

SLOTS = 2
LOOK_SECONDS = 0.2
PAUSE_SECONDS = 3.0
GRACE_SECONDS = 40.0
"""Longer than the worker's own grace, in which running tasks may end."""


class Beside:
    """Keeps one worker process alive until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper of the worker", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._keeper.start()

    def stop(self) -> None:
        """Let running tasks end or go back to the queue; returns when the worker has ended."""
        self._stopping.set()
        if self._keeper.is_alive():
            self._keeper.join(GRACE_SECONDS)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            process = multiprocessing.get_context("spawn").Process(target=work, name="postmarket worker")
            process.start()
            while process.is_alive() and not self._stopping.wait(LOOK_SECONDS):
                pass
            if self._stopping.is_set():
                process.terminate()
                process.join(GRACE_SECONDS)
                if process.is_alive():
                    process.kill()
                return
            self._stopping.wait(PAUSE_SECONDS)


class Logged:
    """Says in the site's log what the worker does."""

    def __init__(self) -> None:
        import structlog

        self._log = structlog.get_logger("postmarket.tasks")

    def ended(self, task: Task, outcome: Outcome) -> None:
        """An attempt ended."""
        self._log.info("task", task=task.name, number=task.pk, outcome=outcome.value)

    def trouble(self, error: Exception) -> None:
        """The database could not be used."""
        self._log.error("database", problem=type(error).__name__)


def work() -> None:
    """Run tasks in this process until SIGTERM, or until the process that started it is gone."""
    # Ctrl-C reaches every process of the terminal: the site alone decides, and says it by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from postmarket.config.site import start_site

    start_site(migrate=False)
    from postmarket.tasks.worker.pool import WorkerPool

    pool = WorkerPool(slots=SLOTS, watcher=Logged())
    signal.signal(signal.SIGTERM, lambda *_: pool.stop())
    pool.start()
    parent = multiprocessing.parent_process()
    while not pool.wait(LOOK_SECONDS) and not pool.is_stopping():
        if parent is not None and not parent.is_alive():
            pool.stop()
    pool.close()


def end_with_parent() -> None:
    """Have this process told to end (SIGTERM) as soon as the one that started it is gone, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watches the site", daemon=True).start()
