"""When sources are asked: people turn schedules on and off, and have a source asked now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from postmarket import records, tasks
from postmarket.accounts.authority import Caller, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.errors import InvalidSchedule
from postmarket.monitoring.feed_policy import feed_policy
from postmarket.monitoring.models import Feed
from postmarket.records import Snapshot
from postmarket.sources.interface import Source

SHORTEST_MINUTES = 15
LONGEST_MINUTES = 7 * 24 * 60
MOST_CHOICES = 100
LONGEST_CHOICE = 500
CHOOSING = frozenset({Source.OSV, Source.CSAF})
"""Sources of which one may want parts: OSV's ecosystems, CSAF's providers."""


def feed_row(source: Source) -> Feed:
    """The row of a source, made with the policy's interval when it is not there yet; switched off then."""
    minutes = int(feed_policy().every[source].total_seconds() // 60)
    return Feed.objects.get_or_create(source=source.value, defaults={"every_minutes": minutes})[0]


def change_schedule(
    *,
    by: Caller,
    source: Source,
    enabled: bool,
    every_minutes: int,
    choices: Sequence[str] = (),
    why: str,
    now: datetime,
) -> Feed:
    """
    Switch a source's schedule on or off, and say how often it is asked; one that is switched on is asked at once.

    `choices` are OSV ecosystems or CSAF providers, none for the usual ones. Raises NotAllowed and InvalidSchedule.
    """
    require(by, Permission.FEEDS_RUN, on=None)
    wanted = tuple(dict.fromkeys(choice.strip() for choice in choices if choice.strip()))
    _check(source, every_minutes, wanted, why)
    with records.act(actor=by.actor, at=now, why=why) as doing:
        row = Feed.objects.select_for_update(of=("self",)).get(pk=feed_row(source).pk)
        before = snapshot(row)
        soon = timedelta(minutes=every_minutes)
        row.next_at = None if not enabled else now if not row.enabled else min(row.next_at or now, now + soon)
        row.enabled, row.every_minutes, row.choices = enabled, every_minutes, list(wanted)
        row.save()
        doing.note("feed.scheduled", subject=row, before=before, after=snapshot(row))
    return row


def switch_all_on(*, by: Caller, why: str, now: datetime) -> list[Feed]:
    """Switch every schedule on that is off, each with the interval it has. Raises NotAllowed and InvalidSchedule."""
    require(by, Permission.FEEDS_RUN, on=None)
    with records.act(actor=by.actor, at=now, why=why):
        off = [row for row in map(feed_row, Source) if not row.enabled]
        return [
            change_schedule(
                by=by,
                source=Source(row.source),
                enabled=True,
                every_minutes=row.every_minutes,
                choices=row.choices,
                why=why,
                now=now,
            )
            for row in off
        ]


def run_now(*, by: Caller, source: Source, now: datetime) -> None:
    """Have a source asked as soon as a worker is free, whatever its schedule. Raises NotAllowed."""
    require(by, Permission.FEEDS_RUN, on=None)
    person = by.pk if isinstance(by, Person) else None
    with records.act(actor=by.actor, at=now, why="Asked by hand.") as doing:
        doing.note("feed.asked", subject=feed_row(source))
        tasks.enqueue("monitoring.feed", {"source": source.value, "asked_by": person}, key=source.value, now=now)


def snapshot(row: Feed) -> Snapshot:
    """A schedule as records keep it."""
    return {"enabled": row.enabled, "every_minutes": row.every_minutes, "choices": list(row.choices)}


def _check(source: Source, every_minutes: int, choices: Sequence[str], why: str) -> None:
    if not SHORTEST_MINUTES <= every_minutes <= LONGEST_MINUTES:
        raise InvalidSchedule(
            f"A source is not asked every {every_minutes} minutes",
            next_step=f"Give {SHORTEST_MINUTES} minutes to {LONGEST_MINUTES // 1440} days.",
        )
    if choices and source not in CHOOSING:
        raise InvalidSchedule(f"{source.value} has no parts to choose from", next_step="Leave the choice empty.")
    if len(choices) > MOST_CHOICES or any(len(one) > LONGEST_CHOICE or not one.isprintable() for one in choices):
        raise InvalidSchedule("These cannot be parts of a source", next_step="Give one name or address a line.")
    if not why.strip():
        raise InvalidSchedule("A schedule is changed for a reason", next_step="Say why.")
