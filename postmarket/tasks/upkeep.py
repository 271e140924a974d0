"""Periodic work of records, which stand below the queue and know nothing of it (docs/adr/0050)."""

from __future__ import annotations

from datetime import datetime, time

import msgspec

from postmarket.records.anchoring import anchor_now
from postmarket.records.checking import check_now
from postmarket.tasks.models import State, Task
from postmarket.tasks.registry import periodic, task
from postmarket.tasks.run import Run
from postmarket.tasks.schedules import Daily, Tick
from postmarket.tasks.services.enqueueing import enqueue

CHECK = "records.check"


class Asked(msgspec.Struct, frozen=True):
    """Whose wish it was, by printed name."""

    by: str


@periodic("records.verify", Daily(time(2, 50)))
def verify_records(tick: Tick, run: Run) -> None:
    """Hold the records against what they must be; what is found is recorded and told."""
    _check(run)


@periodic("records.anchor", Daily(time(2, 20)))
def anchor_records(tick: Tick, run: Run) -> None:
    """Anchor where the chain ends; a place that was not reached is recorded and told, and the next one covers all."""
    done = anchor_now(now=run.now())
    reached = len(done.deliveries) - len(done.troubles)
    run.progress(done=reached, total=len(done.deliveries), text=f"places have {done.anchor.number} entries anchored")


@task(CHECK)
def check_records(payload: Asked, run: Run) -> None:
    """The same as the daily look, because somebody asked for it."""
    _check(run, asked_by=payload.by)


def ask_for_check(*, by: str, now: datetime) -> Task:
    """Have the records verified as soon as a worker is free; who asks while one waits joins it."""
    return enqueue(CHECK, Asked(by=by), now=now, key=CHECK)


def check_under_way() -> Task | None:
    """The verification that was asked for and has not ended, if there is one."""
    return Task.objects.filter(name=CHECK, state__in=[State.WAITING, State.RUNNING]).order_by("-state", "pk").first()


def _check(run: Run, *, asked_by: str = "") -> None:
    def watch(number: int) -> None:
        run.progress(done=number, text="entries")

    checked = check_now(now=run.now(), asked_by=asked_by, watch=watch)
    run.progress(done=checked.entries, text=f"entries, problems found: {checked.problems}")
