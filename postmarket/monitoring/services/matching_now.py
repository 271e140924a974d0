"""The portfolio is matched here and now, by whoever asks for it: the tasks a worker would do, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from postmarket import tasks
from postmarket.inventory.store import store
from postmarket.matching.rematch import is_behind
from postmarket.monitoring.services.feeds.closing import ADVISORIES_TASK, settle
from postmarket.monitoring.services.projecting.asking import PROJECT
from postmarket.monitoring.services.rematching import PART_TASK, REMATCH_TASK, want_rematch
from postmarket.records.models import Entry
from postmarket.tasks.models import State, Task
from postmarket.tasks.worker.attempt import Outcome

NAMES = frozenset({REMATCH_TASK, PART_TASK, PROJECT, ADVISORIES_TASK})


@dataclass(frozen=True, slots=True)
class MatchedNow:
    """
    What came of it: matches gained and lost (component identity × vulnerability), and tasks that failed.

    `elsewhere` says that a worker is at the same work, so that not everything is done yet.
    """

    gained: int
    lost: int
    failed: int
    elsewhere: bool


def match_now(*, now: datetime) -> MatchedNow:
    """Close the runs of feeds that have ended, match what they and the inventory brought, and bring findings up."""
    last = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    settle(now=now)
    want_rematch(now=now)
    outcomes = tasks.run_due(now=now, names=NAMES)
    gained, lost = _changes(since=last)
    running = Task.objects.filter(name__in=NAMES, state=State.RUNNING.value).exists()
    return MatchedNow(gained, lost, sum(one is not Outcome.DONE for one in outcomes), running or is_behind(store()))


def _changes(*, since: int) -> tuple[int, int]:
    gained = lost = 0
    for entry in Entry.objects.filter(number__gt=since, kind="monitoring.rematched"):
        counts = entry.said.detail.get("counts") if entry.said and entry.said.detail else None
        if isinstance(counts, dict):
            gained += int(str(counts.get("gained", 0)))
            lost += int(str(counts.get("lost", 0)))
    return gained, lost
