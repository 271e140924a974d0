"""A wrong criterion is retired for the whole portfolio, with a reason and the list of what that changes; and undone."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from postmarket import records
from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.store import store
from postmarket.matching.retirement import forget, restore_criterion, retire_criterion, told
from postmarket.monitoring.actor import MONITORING
from postmarket.monitoring.errors import InvalidRetirement
from postmarket.monitoring.feed_words import RetirementState
from postmarket.monitoring.models import RetiredCriterion
from postmarket.monitoring.queries.criteria import Preview, preview
from postmarket.monitoring.services.rematching import rematch_touched
from postmarket.records import Snapshot, evidence
from postmarket.records.interface import instant

MEDIA_TYPE = "application/jsonl"


def retire(
    *, by: Person, source: str, record: str, fingerprint: str, seen: str, why: str, now: datetime
) -> RetiredCriterion:
    """
    Leave one criterion out of every match, in every version, until the source changes it or somebody takes it back.

    `seen` is the digest of the preview the person saw (`Preview.digest`). The reason is shown wherever it would have
    matched. Raises NotAllowed; InvalidRetirement without a reason, for a criterion that is not there or retired
    already, and when what it changes is no longer what was seen.
    """
    require(by, Permission.CRITERIA_RETIRE, on=None)
    if not why.strip():
        raise InvalidRetirement("A criterion is retired for a reason", next_step="Say what is wrong with it.")
    with transaction.atomic():
        connection = store()
        with connection.writing():  # nothing is published between what is looked at and what is changed
            found = preview(by=by, source=source, record=record, fingerprint=fingerprint)
            _check(found, seen)
            retire_criterion(connection, source=source, record=record, mark=fingerprint, why=why.strip())
        with records.act(actor=by.actor, at=now, why=why.strip()) as doing:
            kept = evidence.keep(
                doing,
                _listed(found),
                media_type=MEDIA_TYPE,
                source=f"what retiring {found.product} {found.range_text} of {record} changes",
            )
            row = RetiredCriterion.objects.create(
                source=source,
                record=record,
                fingerprint=fingerprint,
                vulnerability=found.vulnerability,
                product=found.product,
                range_text=found.range_text,
                why=why.strip(),
                retired_by=by,
                retired_at=now,
                versions=len({effect.version_id for effect in found.ends}),
                findings=len({(effect.version_id, found.vulnerability) for effect in found.ends}),
                effect=kept,
            )
            doing.note("criterion.retired", subject=row, before=None, after=snapshot(row))
        rematch_touched([found.vulnerability_id], now=now)
    return row


def undo(*, by: Person, retired: RetiredCriterion, why: str, now: datetime) -> RetiredCriterion:
    """
    Let a retired criterion match again, everywhere. Raises NotAllowed, and InvalidRetirement when it is not retired.
    """
    require(by, Permission.CRITERIA_RETIRE, on=None)
    if not why.strip():
        raise InvalidRetirement("It is taken back for a reason", next_step="Say why it matches again.")
    with transaction.atomic():
        row = RetiredCriterion.objects.select_for_update(of=("self",)).get(pk=retired.pk)
        if row.state != RetirementState.RETIRED.value:
            raise InvalidRetirement("This criterion is not retired any more", next_step="Look at the list again.")
        connection = store()
        restore_criterion(connection, source=row.source, record=row.record, mark=row.fingerprint)
        with records.act(actor=by.actor, at=now, why=why.strip()) as doing:
            before = snapshot(row)
            row.state, row.ended_at, row.ended_by = RetirementState.UNDONE.value, now, by
            row.ended_why = why.strip()
            row.save()
            doing.note("criterion.restored", subject=row, before=before, after=snapshot(row))
        where = told(connection, source=row.source, record=row.record)
        if where is not None:
            rematch_touched([where.vulnerability], now=now)
    return row


def end_what_sources_changed(*, now: datetime) -> int:
    """
    Mark every retirement whose criterion its source no longer says in those words; how many.

    What the source says now matches already: nobody has judged it. A record that is gone altogether ends it as well.
    """
    connection = store()
    ended = []
    for row in RetiredCriterion.objects.filter(state=RetirementState.RETIRED.value):
        where = told(connection, source=row.source, record=row.record)
        if where is None or not where.positions(row.fingerprint):
            ended.append((row, "The source says it in other words now." if where else "The record is gone."))
    if not ended:
        return 0
    with transaction.atomic(), records.act(actor=MONITORING, at=now, why="The source changed it.") as doing:
        with connection.writing():
            forget(connection, [(row.source, row.record, row.fingerprint) for row, _ in ended])
        for row, why in ended:
            before = snapshot(row)
            row.state, row.ended_at, row.ended_why = RetirementState.ENDED.value, now, why
            row.save()
            doing.note("criterion.reopened", subject=row, before=before, after=snapshot(row))
    return len(ended)


def snapshot(row: RetiredCriterion) -> Snapshot:
    """A retirement as records keep it."""
    return {
        "source": row.source,
        "record": row.record,
        "fingerprint": row.fingerprint,
        "vulnerability": row.vulnerability,
        "product": row.product,
        "range": row.range_text,
        "state": row.state,
        "why": row.why,
        "versions": row.versions,
        "findings": row.findings,
        "effect_sha256": row.effect_id,
        "ended_at": None if row.ended_at is None else instant(row.ended_at),
        "ended_why": row.ended_why,
    }


def _check(found: Preview, seen: str) -> None:
    if found.retired:
        raise InvalidRetirement("This criterion is retired already", next_step="Look at the list of retired criteria.")
    if found.digest != seen:
        raise InvalidRetirement(
            "What this changes is no longer what was shown",
            why="the portfolio or the source changed meanwhile",
            next_step="Look at the list again, then retire it.",
        )


def _listed(found: Preview) -> bytes:
    lines = [msgspec.json.encode(effect) for effect in found.effects]
    head = msgspec.json.encode(
        {"source": found.source, "record": found.record, "product": found.product, "range": found.range_text}
    )
    return b"\n".join([head, *lines, b""])
