"""The queue's own periodic work; importing `upkeep` registers that of the rooms below."""

from __future__ import annotations

from datetime import time

from postmarket.tasks import upkeep as upkeep
from postmarket.tasks.registry import periodic
from postmarket.tasks.run import Run
from postmarket.tasks.schedules import Daily, Tick
from postmarket.tasks.services.housekeeping import forget


@periodic("tasks.forget", Daily(time(3, 40)))
def forget_old_tasks(tick: Tick, run: Run) -> None:
    """Delete what was done long ago."""
    run.progress(text=f"{forget(now=tick.at)} old tasks forgotten")
