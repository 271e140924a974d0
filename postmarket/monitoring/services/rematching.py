"""
The portfolio is matched with what came: at once when little changed, in parts that workers share when much did.

The wish to match is a task with one key, so that ten wishes are one; each does what is waiting, whatever that is by
then. What it did, what follows from it and that it is done are one transaction: killed at any point, the next attempt
finds the same waiting, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from django.db import transaction

from postmarket import records, tasks
from postmarket.inventory.store import store
from postmarket.matching.portfolio import tie_new_products
from postmarket.matching.rematch import (
    apply_part,
    is_behind,
    pairs,
    part_change,
    parts_matched,
    rematch_changes,
    rematch_vulnerabilities,
    waiting,
)
from postmarket.matching.store.connection import generation
from postmarket.monitoring.actor import MONITORING
from postmarket.monitoring.hooks import Rematched, rematched
from postmarket.monitoring.models import RematchPart, RematchPlan, RetiredCriterion
from postmarket.records import Subject, evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postmarket.matching.rematch import Waiting
    from postmarket.matching.store.engine import Connection

REMATCH_TASK = "monitoring.rematch"
PART_TASK = "monitoring.rematch_part"
PORTFOLIO = "portfolio"
MANY_VULNERABILITIES = 5_000
MANY_IDENTITIES = 20_000
"""More of either than this is cut into parts, so that no transaction is long."""
PART_IDENTITIES = 10_000
MEDIA_TYPE = "application/jsonl"

Within = Callable[[], AbstractContextManager[None]]
Pair = tuple[int, int]


def want_rematch(*, now: datetime) -> None:
    """Have the portfolio matched with what came, soon. Call it inside the transaction of what came."""
    tasks.enqueue(REMATCH_TASK, {}, key=PORTFOLIO, now=now)


def rematch_if_behind(*, now: datetime) -> bool:
    """Have it matched if something came that nobody told of: a load by the command line. Whether it had."""
    if not is_behind(store()):
        return False
    want_rematch(now=now)
    return True


def rematch_portfolio(*, now: datetime, within: Within = transaction.atomic) -> None:
    """
    Match what waits, tell who listens, and leave one record when anything changed.

    While an earlier re-match is still at work in parts it does nothing: the last part wants it again.
    """
    with within():
        connection = store()
        with connection.writing():  # from here on nothing is published
            if RematchPlan.objects.filter(is_open=True).exists():
                return
            waits = waiting(connection)
            if waits.nothing:
                return
            if len(waits.vulnerabilities) > MANY_VULNERABILITIES or waits.identities > MANY_IDENTITIES:
                _plan(connection, waits, now=now)
                return
            first, last = waits.first_identity, waits.last_identity
            before = pairs(connection, vulnerabilities=waits.vulnerabilities, since_identity=first)
            rematch_changes(connection)
            after = pairs(connection, vulnerabilities=waits.vulnerabilities, since_identity=first)
        rematched(
            Rematched(waits.before, waits.visible, waits.vulnerabilities, first_identity=first, last_identity=last),
            now=now,
        )
        _note(waits, gained=after - before, lost=before - after, now=now)


def rematch_part(part_id: int, *, now: datetime, within: Within = transaction.atomic) -> None:
    """
    Match one part of a plan; the last one to end ends the plan. A part that is done already stays as it is.

    What changes is found before the transaction begins, so that others go on writing, and found again if a feed was
    published in between.
    """
    part = RematchPart.objects.filter(pk=part_id, done_at=None).first()
    if part is None:
        return
    connection = store()
    change = part_change(connection, first=part.first, last=part.last)
    with within():
        part = RematchPart.objects.select_for_update(of=("self",)).select_related("plan").get(pk=part_id)
        if part.done_at is not None:
            return
        if generation(connection) != change.visible:
            change = part_change(connection, first=part.first, last=part.last)
        apply_part(connection, change)
        part.matches, part.gained, part.lost = change.matches, len(change.gained), len(change.gone)
        part.done_at = now
        with records.act(actor=MONITORING, at=now, why="A part of the portfolio was matched.") as doing:
            if part.gained or part.lost:
                part.changes = evidence.keep(
                    doing,
                    _listed(change.gained, change.gone),
                    media_type=MEDIA_TYPE,
                    source=f"changes of {part}",
                    about=part.plan,
                )
            part.save()
        # Whoever comes last sees all the others done: they wait here for each other.
        plan = RematchPlan.objects.select_for_update().get(pk=part.plan_id)
        if plan.is_open and not plan.parts.filter(done_at=None).exists():
            _end(connection, plan, now=now)


def rematch_touched(vulnerabilities: Iterable[int], *, now: datetime) -> None:
    """
    Tell who listens that these vulnerabilities of the store were matched anew by whoever changed their criteria.

    Call it inside the transaction of the change.
    """
    visible = waiting(store()).before
    rematched(Rematched(visible, visible, tuple(sorted(set(vulnerabilities)))), now=now)


def _plan(connection: Connection, waits: Waiting, *, now: datetime) -> None:
    tie_new_products(connection)
    plan = RematchPlan.objects.create(
        before=waits.before, visible=waits.visible, last_identity=waits.last_identity, started_at=now
    )
    parts = RematchPart.objects.bulk_create(
        RematchPart(plan=plan, first=first, last=min(first + PART_IDENTITIES - 1, waits.last_identity))
        for first in range(1, max(waits.last_identity, 1) + 1, PART_IDENTITIES)
    )
    for part in parts:
        tasks.enqueue(PART_TASK, {"part": part.pk}, key=f"part:{part.pk}", now=now)


def _end(connection: Connection, plan: RematchPlan, *, now: datetime) -> None:
    with connection.writing():
        parts_matched(connection, visible=plan.visible, last_identity=plan.last_identity)
        # A part may have looked before a criterion was retired or taken back meanwhile.
        _match_retired_since(connection, plan.started_at)
    plan.is_open, plan.finished_at = False, now
    plan.save()
    parts = list(plan.parts.select_related("changes"))
    rematched(Rematched(plan.before, plan.visible, everything=True), now=now)
    with records.act(actor=MONITORING, at=now, why="The whole portfolio was matched.") as doing:
        listed = b"".join(
            msgspec.json.encode({"first": part.first, "last": part.last, "changes": part.changes_id}) + b"\n"
            for part in parts
        )
        kept = evidence.keep(doing, listed, media_type=MEDIA_TYPE, source=f"parts of {plan}", about=plan)
        doing.note_run(
            "monitoring.rematched",
            subject=plan,
            counts={
                "matches": sum(part.matches for part in parts),
                "gained": sum(part.gained for part in parts),
                "lost": sum(part.lost for part in parts),
                "parts": len(parts),
            },
            changes_sha256=kept.sha256,
            detail={"generation": plan.visible, "last_identity": plan.last_identity},
        )
    want_rematch(now=now)


def _match_retired_since(connection: Connection, since: datetime) -> None:
    touched = RetiredCriterion.objects.filter(retired_at__gte=since) | RetiredCriterion.objects.filter(
        ended_at__gte=since
    )
    for source, record in set(touched.values_list("source", "record")):
        found = connection.execute(
            "SELECT vulnerability_id FROM record WHERE source = ? AND name = ?", (source, record)
        ).fetchall()
        rematch_vulnerabilities(connection, {vulnerability for (vulnerability,) in found})


def _note(waits: Waiting, *, gained: set[Pair], lost: set[Pair], now: datetime) -> None:
    """One record of what was matched; none when a feed brought nothing that concerns a match."""
    if not (waits.vulnerabilities or waits.identities):
        return
    subject = Subject("rematch", f"generation-{waits.visible}-identity-{waits.last_identity}")
    with records.act(actor=MONITORING, at=now, why="Sources or components changed.") as doing:
        kept = evidence.keep(
            doing,
            _listed(gained, lost),
            media_type=MEDIA_TYPE,
            source=f"changes of matches up to generation {waits.visible}",
            about=subject,
        )
        doing.note_run(
            "monitoring.rematched",
            subject=subject,
            counts={
                "vulnerabilities": len(waits.vulnerabilities),
                "identities": waits.identities,
                "gained": len(gained),
                "lost": len(lost),
            },
            changes_sha256=kept.sha256,
            detail={"generation": waits.visible, "last_identity": waits.last_identity},
        )


def _listed(gained: Collection[Pair], lost: Collection[Pair]) -> bytes:
    """The change list: which vulnerability and identity of the store, gained or lost."""
    lines = [
        msgspec.json.encode({"vulnerability": vulnerability, "identity": identity, "match": what})
        for what, found in (("gained", gained), ("lost", lost))
        for vulnerability, identity in sorted(found)
    ]
    return b"\n".join([b'{"format":1}', *lines, b""])
