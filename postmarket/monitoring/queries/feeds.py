"""How the sources stand, and what their runs brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.store import store
from postmarket.monitoring.feed_policy import feed_policy
from postmarket.monitoring.models import Feed, FeedRun
from postmarket.monitoring.services.feeds.log import refusals_of
from postmarket.sources.interface import Source
from postmarket.tasks.models import State, Task

FEED_TASK = "monitoring.feed"


@dataclass(frozen=True, slots=True)
class Standing:
    """
    One source: its row, whether it is late, and what its task does now ("" nothing, else waiting or running).

    A source is late when it is on and was not heard for several of its intervals, or never came at all.
    """

    source: Source
    feed: Feed
    late: bool
    task: str = ""
    progress: str = ""

    @property
    def never(self) -> bool:
        """Whether nothing of it ever came."""
        return self.feed.heard_at is None and self.feed.last_run is None


@dataclass(frozen=True, slots=True)
class Age:
    """When a source was last heard (None for never), and whether that is longer ago than policy calls fresh."""

    source: Source
    at: datetime | None
    stale: bool


def ages(*, now: datetime) -> list[Age]:
    """How fresh each source is, asked by itself or not, in one query: on every page."""
    rows = {row[0]: row[1:] for row in Feed.objects.values_list("source", "heard_at", "every_minutes")}
    return [_age(source, *rows.get(source.value, (None, 0)), now=now) for source in Source]


def standings(*, by: Caller, now: datetime) -> list[Standing]:
    """Every source, in the order of their names for people; two queries. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    rows = {row.source: row for row in Feed.objects.select_related("last_run")}
    at_work = {
        task.key: task
        for task in Task.objects.filter(name=FEED_TASK, state__in=[State.WAITING, State.RUNNING]).order_by("state")
    }
    return [_standing(source, rows.get(source.value), at_work.get(source.value), now) for source in Source]


def runs(*, by: Caller, source: Source | None = None) -> QuerySet[FeedRun]:
    """The history, newest first, of one source or of all. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    found = FeedRun.objects.select_related("asked_by", "log")
    return found if source is None else found.filter(source=source.value)


def refusals(run: FeedRun, *, limit: int = 100) -> list[tuple[str, str]]:
    """What a run could not read, as (place, why); the first of it: the log has all that is kept."""
    return [] if run.store_run is None else refusals_of(store(), run.store_run, limit=limit)


def _age(source: Source, heard_at: datetime | None, every_minutes: int, *, now: datetime) -> Age:
    allowed = timedelta(minutes=every_minutes) * feed_policy().late_after_intervals
    return Age(source, heard_at, stale=heard_at is not None and now - heard_at > allowed)


def _standing(source: Source, row: Feed | None, task: Task | None, now: datetime) -> Standing:
    feed = row or Feed(source=source.value, every_minutes=int(feed_policy().every[source].total_seconds() // 60))
    allowed = timedelta(minutes=feed.every_minutes) * feed_policy().late_after_intervals
    unheard = feed.heard_at is None or now - feed.heard_at > allowed
    late = feed.enabled and unheard and not _first_comes(feed, task, since=now - allowed)
    state = "" if task is None else task.state
    return Standing(source, feed, late, state, "" if task is None else task.progress)


def _first_comes(feed: Feed, task: Task | None, *, since: datetime) -> bool:
    """Whether it was switched on after `since` and its first run is still to end."""
    if feed.heard_at is not None or feed.failures or (feed.next_at is not None and feed.next_at < since):
        return False
    return task is not None or feed.last_run is None
