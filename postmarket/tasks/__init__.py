"""
Tasks: work that machines do after the answer is given, enqueued in the transaction of the change it belongs to.

    tasks.enqueue("monitoring.rematch", Rematch(sbom=12), key="sbom:12", now=now)

docs/tasks.md says how to write a handler, docs/adr/0042-task-queue.md why the queue is ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from postmarket.tasks.registry import periodic, task
from postmarket.tasks.schedules import Daily, Every, Tick

if TYPE_CHECKING:
    from postmarket.tasks.run import Run
    from postmarket.tasks.services.enqueueing import enqueue
    from postmarket.tasks.services.parked import drop_parked, retry_parked
    from postmarket.tasks.worker.inline import run_due

__all__ = ["Daily", "Every", "Run", "Tick", "drop_parked", "enqueue", "periodic", "retry_parked", "run_due", "task"]

_AT_HOME = {
    "Run": "postmarket.tasks.run",
    "enqueue": "postmarket.tasks.services.enqueueing",
    "drop_parked": "postmarket.tasks.services.parked",
    "retry_parked": "postmarket.tasks.services.parked",
    "run_due": "postmarket.tasks.worker.inline",
}


def __getattr__(name: str) -> Any:
    """Bring what needs models only when it is asked for: Django imports this package before it has any."""
    if name not in _AT_HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_AT_HOME[name]), name)
