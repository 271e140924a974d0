"""Suppliers' web feeds are watched, and each of their entries is reviewed by a person."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import transaction

from postmarket import records, tasks
from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.errors import PostmarketError, visible
from postmarket.inventory.models import Supplier
from postmarket.monitoring.actor import MONITORING
from postmarket.monitoring.errors import InvalidReview, InvalidSchedule
from postmarket.monitoring.feed_policy import feed_policy
from postmarket.monitoring.feed_words import ItemState, WatchVerdict
from postmarket.monitoring.models import Watch, WatchItem
from postmarket.records import Snapshot, evidence
from postmarket.sources.sync import ClientOptions
from postmarket.sources.watches import Answer, WebFeed, fetch, read_feed

WATCH_TASK = "monitoring.watch"
MEDIA_TYPE = "application/xml"
LONGEST_ADDRESS = 2_000
Within = Callable[[], AbstractContextManager[None]]


def add_watch(*, by: Person, supplier: Supplier, address: str, why: str, now: datetime) -> Watch:
    """
    Watch a feed of a supplier; it is asked at once, then every few hours.

    Raises NotAllowed, and InvalidSchedule for what is no http or https address, or is watched already.
    """
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    wanted = _checked(address)
    if Watch.objects.filter(address=wanted).exists():
        raise InvalidSchedule("This address is watched already", where=wanted, next_step="Look for it in the list.")
    with records.act(actor=by.actor, at=now, why=why) as doing:
        minutes = int(feed_policy().watch_every.total_seconds() // 60)
        watch = Watch.objects.create(
            supplier=supplier, address=wanted, every_minutes=minutes, next_at=now, added_by=by, added_at=now
        )
        doing.note("watch.added", subject=watch, before=None, after=snapshot(watch))
        tasks.enqueue(WATCH_TASK, {"watch": watch.pk}, key=str(watch.pk), now=now)
    return watch


def switch_watch(*, by: Person, watch: Watch, enabled: bool, why: str, now: datetime) -> Watch:
    """Stop watching, or begin again; what it brought stays. Raises NotAllowed, InvalidSchedule without a reason."""
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    if not why.strip():
        raise InvalidSchedule("A watch is changed for a reason", next_step="Say why.")
    with records.act(actor=by.actor, at=now, why=why) as doing:
        row = Watch.objects.select_for_update(of=("self",)).get(pk=watch.pk)
        before = snapshot(row)
        row.enabled, row.next_at = enabled, now if enabled else None
        row.save()
        doing.note("watch.switched", subject=row, before=before, after=snapshot(row))
    return row


def check_watch(
    watch_id: int, *, now: datetime, within: Within = transaction.atomic, options: ClientOptions | None = None
) -> Watch:
    """
    Ask a watched feed, keep what came as evidence, and open an item for each entry that is new or says something else.

    A feed that cannot be fetched or read is no error: the watch says why and what to do, and is tried again sooner.
    """
    watch = Watch.objects.get(pk=watch_id)
    try:
        answer = fetch(
            watch.address,
            options=options or ClientOptions(),
            now=now,
            etag=watch.etag,
            last_modified=watch.last_modified,
            private_hosts=settings.WATCH_HOSTS,
        )
        told = None if answer.content is None else read_feed(answer.content, name=watch.address)
    except PostmarketError as error:
        return _failed(watch, error, now, within)
    kept = None if answer.content is None else evidence.put_away(answer.content)
    with within():
        row = Watch.objects.select_for_update(of=("self",)).get(pk=watch_id)
        opened: list[WatchItem] = []
        if told is not None and kept is not None:
            with records.act(actor=MONITORING, at=now, why="A supplier's feed was asked.") as doing:
                file = evidence.keep(doing, kept, media_type=MEDIA_TYPE, source=watch.address, about=row)
                opened = _open(row, told, file.pk, now)
                if opened:
                    lines = [msgspec.json.encode({"entry": one.entry, "title": one.title}) for one in opened]
                    changes = evidence.keep(
                        doing,
                        b"\n".join([*lines, b""]),
                        media_type="application/jsonl",
                        source=f"new in {watch.address}",
                        about=row,
                    )
                    doing.note_run(
                        "watch.run",
                        subject=row,
                        counts={"entries": len(told.entries), "opened": len(opened), "left_out": told.left_out},
                        changes_sha256=changes.sha256,
                        detail={"address": row.address, "file_sha256": file.pk},
                    )
            row.title = told.title or row.title
        _answered(row, answer, now)
    return row


def review_item(
    *, by: Person, item: WatchItem, digest: str, verdict: WatchVerdict, because: str, now: datetime
) -> WatchItem:
    """
    Close an entry with what it turned out to be; `digest` is of what the person read.

    Raises NotAllowed, and InvalidReview without a reason or when the entry says something else by now.
    """
    require(by, Permission.ADVISORIES_REVIEW, on=None)
    if not because.strip():
        raise InvalidReview("A review says why", next_step="Write what you looked at, and why it is so.")
    with records.act(actor=by.actor, at=now, why=because.strip()) as doing:
        row = WatchItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if row.digest != digest:
            raise InvalidReview("The entry was changed meanwhile", next_step="Read it again, then review it.")
        before = item_snapshot(row)
        row.state, row.verdict, row.because = ItemState.REVIEWED.value, verdict.value, because.strip()
        row.reviewed_by, row.reviewed_at, row.reopened = by, now, False
        row.save()
        doing.note("watch-item.reviewed", subject=row, before=before, after=item_snapshot(row))
    return row


def ask_due_watches(*, now: datetime) -> int:
    """Put a task into the queue for each watch that is due; how many."""
    due = list(Watch.objects.filter(enabled=True, next_at__lte=now).values_list("pk", flat=True))
    with transaction.atomic():
        for pk in due:
            tasks.enqueue(WATCH_TASK, {"watch": pk}, key=str(pk), now=now)
    return len(due)


def snapshot(watch: Watch) -> Snapshot:
    """A watch as records keep it."""
    return {"supplier": watch.supplier_id, "address": watch.address, "enabled": watch.enabled}


def item_snapshot(item: WatchItem) -> Snapshot:
    """An entry as records keep it."""
    return {
        "title": item.title,
        "digest": item.digest,
        "state": item.state,
        "verdict": item.verdict,
        "because": item.because,
        "evidence": item.evidence_id,
    }


def _open(watch: Watch, told: WebFeed, file: str, now: datetime) -> list[WatchItem]:
    """The items of entries that are new, or that say something else than when a person saw them."""
    known = {item.entry: item for item in watch.items.filter(entry__in=[entry.key for entry in told.entries])}
    opened = []
    for entry in told.entries:
        item = known.get(entry.key)
        if item is not None and item.digest == entry.digest:
            continue
        reopened = item is not None and item.state == ItemState.REVIEWED.value
        item = item or WatchItem(watch=watch, entry=entry.key)
        item.digest, item.title, item.link, item.summary = entry.digest, entry.title, entry.link, entry.summary
        item.published_at, item.seen_at, item.evidence_id = entry.published, now, file
        item.state, item.reopened = ItemState.OPEN.value, reopened
        item.save()
        opened.append(item)
    return opened


def _answered(row: Watch, answer: Answer, now: datetime) -> None:
    row.etag, row.last_modified = answer.etag, answer.last_modified
    row.checked_at, row.failures, row.problem, row.next_step = now, 0, "", ""
    row.next_at = now + timedelta(minutes=row.every_minutes) if row.enabled else None
    row.save()


def _failed(watch: Watch, error: PostmarketError, now: datetime, within: Within) -> Watch:
    with within():
        row = Watch.objects.select_for_update(of=("self",)).get(pk=watch.pk)
        row.failures += 1
        row.problem = visible(": ".join(part for part in (error.what, error.why) if part)).rstrip(".")
        row.next_step = error.next_step
        pause = feed_policy().pause_after(row.failures, every=timedelta(minutes=row.every_minutes))
        row.next_at = now + pause if row.enabled else None
        row.save()
    return row


def _checked(address: str) -> str:
    wanted = address.strip()
    try:
        parts = urlsplit(wanted)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        fits = False
    if not fits or len(wanted) > LONGEST_ADDRESS or not wanted.isprintable():
        raise InvalidSchedule(
            "This is no address of a feed",
            where=visible(wanted[:200]),
            next_step="Give an http or https address without a user name, as a browser shows it.",
        )
    return wanted
