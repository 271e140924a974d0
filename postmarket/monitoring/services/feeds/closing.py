"""A run ends: its log becomes evidence, the audit trail one entry, and the portfolio is matched with what came."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from postmarket import records, tasks
from postmarket.inventory.store import store
from postmarket.matching.store.runs import RunState
from postmarket.monitoring.actor import MONITORING
from postmarket.monitoring.feed_policy import feed_policy
from postmarket.monitoring.feed_words import AskOutcome, FeedRunState, Trigger
from postmarket.monitoring.models import FeedAsk, FeedRun
from postmarket.monitoring.services.feeds.log import (
    MEDIA_TYPE,
    Asked,
    StoreRun,
    files_of,
    keep_log,
    refusals_of,
    store_run,
)
from postmarket.monitoring.services.feeds.schedules import feed_row
from postmarket.records import evidence
from postmarket.records.evidence import Kept
from postmarket.sources.interface import Source
from postmarket.tasks.models import State, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postmarket.monitoring.models import Feed
    from postmarket.records.trail import Act

FEED_TASK = "monitoring.feed"
REMATCH_TASK = "monitoring.rematch"
PORTFOLIO = "portfolio"
"""The key under which every wish to match the portfolio is one."""
ADVISORIES_TASK = "monitoring.advisories"
MOST_ASKS = 500
"""Addresses of a run that have a row; the log has all."""
MOST_EVIDENCE = 100
"""Files of a run that get a record of their own in the trail; the log names the others by their hash as well."""
LOOK_BACK = 1_000
"""How far back runs of the store are looked for that nobody closed."""


def settle(*, now: datetime, source: Source | None = None) -> int:
    """
    Close every run of the store that has ended and is in no history yet, and how many.

    Those of the command line, and those whose worker was killed before it could close them. A run of a `source` whose
    task runs now is that task's own to close, unless it asks itself.
    """
    connection = store()
    rows = connection.execute(
        "SELECT f.id, f.source FROM feed_run f WHERE f.state <> ?"
        " AND f.id > (SELECT coalesce(max(id), 0) - ? FROM feed_run)"
        " AND NOT EXISTS (SELECT 1 FROM monitoring_feedrun r WHERE r.store_run = f.id AND r.finished_at IS NOT NULL)"
        " ORDER BY f.id",
        (RunState.RUNNING.value, LOOK_BACK),
    ).fetchall()
    if not rows:
        return 0
    at_work = set(Task.objects.filter(name=FEED_TASK, state=State.RUNNING).values_list("key", flat=True))
    closed = 0
    for run_id, of in rows:
        if of in at_work and (source is None or of != source.value):
            continue
        found = store_run(connection, run_id)
        row = FeedRun.objects.filter(store_run=run_id).first() or _adopt(found)
        close_run(row, found=found, asked=files_of(connection, run_id), now=now)
        closed += 1
    return closed


def close_run(
    row: FeedRun,
    *,
    found: StoreRun | None,
    asked: Sequence[Asked],
    now: datetime,
    within: Callable[[], AbstractContextManager[None]] = transaction.atomic,
) -> FeedRun:
    """
    Write down how a run ended, once: evidence, history, audit trail, the source's standing, and what follows.

    `found` is None when it never came to load. `within` opens the transaction. Closing it again changes nothing.
    """
    source = Source(row.source)
    connection = store()
    log = keep_log(connection, source=source, started=row.started_at, run=found, asked=asked)
    failures = [one for one in asked if one.outcome == AskOutcome.FAILED.value]
    with within(), records.act(actor=MONITORING, at=now, why=f"{source.value} was asked: {row.trigger}.") as doing:
        row = FeedRun.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.finished_at is not None:
            return row
        row.finished_at = found.finished if found is not None and found.finished is not None else now
        row.state = _state(found, failures).value
        if found is not None:
            row.store_run = found.id
            row.added, row.changed, row.unchanged, row.refused = (
                found.added,
                found.changed,
                found.unchanged,
                found.refused,
            )
        row.failed = len(failures)
        row.files = sum(1 for one in asked if one.sha256)
        if failures:
            row.problem, row.next_step = failures[0].why.rstrip("."), failures[0].next_step
        elif row.state == FeedRunState.FAILED.value and found is not None:
            refused = refusals_of(connection, found.id, limit=1)
            row.problem = refused[0][1] if refused else "nothing came that could be read"
            row.next_step = "Open the run: it lists what was refused. The file is kept as it came."
        row.log = evidence.keep(doing, log, media_type=MEDIA_TYPE, source=f"log of a run of {source.value}", about=row)
        _keep_asks(doing, row, asked)
        row.save()
        doing.note_run(
            "feed.run",
            subject=row,
            counts=_counts(row),
            changes_sha256=log.sha256,
            detail={
                "source": row.source,
                "trigger": row.trigger,
                "state": row.state,
                "generation": found.generation if found is not None else None,
                "problem": row.problem,
            },
        )
        _stand(feed_row(source), row, found, now)
        if found is not None and found.state == RunState.DONE.value:
            tasks.enqueue(REMATCH_TASK, {}, key=PORTFOLIO, now=now)
            if source is Source.CSAF and row.added + row.changed:
                tasks.enqueue(ADVISORIES_TASK, {}, key=PORTFOLIO, now=now)
    return row


def _adopt(found: StoreRun) -> FeedRun:
    """A row for a run of the store that somebody else made."""
    try:
        with transaction.atomic():
            return FeedRun.objects.create(
                source=found.source.value,
                trigger=Trigger.COMMAND_LINE.value,
                store_run=found.id,
                started_at=found.started,
            )
    except IntegrityError:
        return FeedRun.objects.get(store_run=found.id)


def _state(found: StoreRun | None, failures: Sequence[Asked]) -> FeedRunState:
    if found is None or found.state == RunState.FAILED.value:
        return FeedRunState.FAILED
    if found.state == RunState.INTERRUPTED.value:
        return FeedRunState.INTERRUPTED
    return FeedRunState.PARTLY if failures or found.refused else FeedRunState.DONE


def _keep_asks(doing: Act, row: FeedRun, asked: Sequence[Asked]) -> None:
    """A row for each address; what came and is kept becomes evidence of the run."""
    came = [one for one in asked if one.sha256 and one.outcome == AskOutcome.NEW.value]
    new = [one for one in came if evidence.is_kept(one.sha256)][:MOST_EVIDENCE]
    kept = {
        one.sha256: evidence.keep(
            doing,
            Kept(one.sha256, one.bytes or 0),
            media_type="application/octet-stream",
            source=f"{row.source}: {one.address}",
            about=row,
        )
        for one in new
    }
    FeedAsk.objects.bulk_create(
        FeedAsk(
            run=row,
            position=position,
            address=one.address,
            outcome=one.outcome,
            at=one.at,
            sha256=one.sha256,
            bytes=one.bytes,
            evidence=kept.get(one.sha256),
            why=one.why.rstrip("."),
            next_step=one.next_step,
        )
        for position, one in enumerate(asked[:MOST_ASKS])
    )


def _counts(row: FeedRun) -> dict[str, int]:
    return {
        "added": row.added,
        "changed": row.changed,
        "unchanged": row.unchanged,
        "refused": row.refused,
        "files": row.files,
        "failed": row.failed,
    }


def _stand(feed: Feed, row: FeedRun, found: StoreRun | None, now: datetime) -> None:
    """How the source stands after a run; a run of the command line that stopped is no failure of the source."""
    feed.last_run = row
    if found is not None and found.state == RunState.DONE.value:
        feed.data_as_of = max(filter(None, (feed.data_as_of, found.data_as_of)), default=None)
        heard = found.heard or found.data_as_of
        feed.heard_at = max(filter(None, (feed.heard_at, heard)), default=None)
    if row.failed or row.state == FeedRunState.FAILED.value:
        feed.failures += 1
        feed.problem, feed.next_step = row.problem, row.next_step
    elif row.state != FeedRunState.INTERRUPTED.value:
        feed.failures, feed.problem, feed.next_step = 0, "", ""
    every = timedelta(minutes=feed.every_minutes)
    feed.next_at = now + feed_policy().pause_after(feed.failures, every=every) if feed.enabled else None
    feed.save()
