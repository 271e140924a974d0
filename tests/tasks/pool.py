"""A worker as a program, with the tests' kinds and quick leases: runs until it is stopped, saying when it has begun."""

from __future__ import annotations

import signal
import sys
from datetime import timedelta

import django

django.setup()

from postmarket.tasks.models import Task  # noqa: E402 - Django first
from postmarket.tasks.worker.attempt import Outcome  # noqa: E402
from postmarket.tasks.worker.pace import Pace  # noqa: E402
from postmarket.tasks.worker.pool import WorkerPool  # noqa: E402
from tests.tasks import kinds  # noqa: E402

QUICK = Pace(
    lease=timedelta(seconds=1),
    beat=timedelta(seconds=0.1),
    poll=timedelta(seconds=0.02),
    trouble=timedelta(seconds=0.1),
    grace=timedelta(seconds=10),
)


class Quiet:
    """Watches nothing."""

    def ended(self, task: Task, outcome: Outcome) -> None:
        """An attempt ended."""

    def trouble(self, error: Exception) -> None:
        """The database could not be used."""


def main() -> None:
    """Work until SIGTERM."""
    kinds.register()
    pool = WorkerPool(slots=2, watcher=Quiet(), pace=QUICK)
    signal.signal(signal.SIGTERM, lambda *_: pool.stop())
    pool.start()
    sys.stdout.write(f"{pool.name}\n")
    sys.stdout.flush()
    while not pool.wait(0.05) and not pool.is_stopping():
        pass
    pool.close()


if __name__ == "__main__":
    main()
