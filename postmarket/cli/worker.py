"""`postmarket worker`: run the tasks that the site enqueues, until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.cli.exit_codes import Exit
from postmarket.config.site import start_site
from postmarket.errors import PostmarketError, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from postmarket.tasks.models import Task
    from postmarket.tasks.worker.attempt import Outcome

LOOK_SECONDS = 0.2


class NoDatabase(PostmarketError):
    """The worker cannot begin without the database."""

    code = "worker-database"

    def __init__(self, why: Exception) -> None:
        super().__init__(
            "The worker cannot use the database",
            why=" ".join(str(why).split()),
            next_step="Start the database, or correct DATABASE_URL.",
        )


class Spoken:
    """One line on standard output for each attempt, counted for the last line; trouble goes to standard error."""

    def __init__(self) -> None:
        self.ends: Counter[str] = Counter()
        self._lock = threading.Lock()

    def ended(self, task: Task, outcome: Outcome) -> None:
        """An attempt ended."""
        with self._lock:
            self.ends[outcome.value] += 1
            sys.stdout.write(f"{_time()} {outcome.value:8} {task.name} {visible(task.key)}\n")
            sys.stdout.flush()

    def trouble(self, error: Exception) -> None:
        """The database could not be used."""
        line = visible(" ".join(str(error).split()))
        sys.stderr.write(f"postmarket: The database does not answer: {line}. The worker tries again.\n")

    def summary(self, returned: int) -> str:
        """What was done, in words."""
        self.ends["returned"] += returned
        return ", ".join(f"{count} {word}" for word, count in sorted(self.ends.items()) if count) or "nothing was due"


def run(*, slots: int, until_empty: bool) -> Exit:
    """Work until SIGTERM, Ctrl-C, or nothing is due; what runs then may end, or goes back into the queue."""
    from django.db import Error as DatabaseTrouble

    try:
        start_site()
        return _work(slots=slots, until_empty=until_empty)
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error


def _work(*, slots: int, until_empty: bool) -> Exit:
    from django.db import connection

    from postmarket.tasks.registry import kinds
    from postmarket.tasks.worker.pool import WorkerPool

    spoken = Spoken()
    pool = WorkerPool(slots=slots, watcher=spoken, until_empty=until_empty)
    _stop_on_signals(pool.stop)
    pool.start()
    places = "1 slot" if slots == 1 else f"{slots} slots"
    _say(f"postmarket worker: {places} on {connection.display_name}, kinds of task: {len(kinds())}. Ctrl-C stops it.")
    while not pool.wait(LOOK_SECONDS) and not pool.is_stopping():
        pass
    _say(f"Stopped: {spoken.summary(pool.close())}.")
    return Exit.OK


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _stop_on_signals(stop: Callable[[], None]) -> None:
    """The first signal lets running tasks end; the second leaves at once, and their leases end by themselves."""

    def handle(number: int, frame: FrameType | None) -> None:
        stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)


def _time() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S")
