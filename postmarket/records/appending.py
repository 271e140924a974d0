"""Continuing the chain: the only code that writes entries and moves the head."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings

from postmarket.records import chain, heads
from postmarket.records.errors import ChainBroken
from postmarket.records.keys import signing_key
from postmarket.records.models import Entry, Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postmarket.records.entries import Draft


def begin_chain() -> None:
    """Name a new chain and put its empty head in place; the migration does this once."""
    name = uuid.uuid4().hex
    Head.objects.create(chain=name, number=0, hash=chain.genesis(name), at=None, key="", signature=b"")


def append(drafts: Sequence[Draft]) -> list[int]:
    """
    Write `drafts` as the next entries and sign the new head; their numbers.

    Call it last in a transaction: the head stays locked until that ends, so writers queue here and nobody else waits.
    Raises RecordRefused for what cannot be written, ChainBroken when there is no head or it did not move.
    """
    head = Head.objects.select_for_update().filter(pk=Head.ONLY).first()
    if head is None:
        raise ChainBroken(
            "The head of the records is not there, so nothing can be recorded",
            next_step="Run: postmarket records verify; then restore a backup.",
        )
    number, previous = head.number, bytes(head.hash)
    rows = []
    for draft in drafts:
        number += 1
        row = _row(number, previous, draft)
        rows.append(row)
        previous = bytes(row.hash)
    Entry.objects.bulk_create(rows)
    signed = heads.sign(
        signing_key(settings.POSTMARKET_HOME), chain=head.chain, number=number, hash_=previous, at=drafts[-1].at
    )
    moved = Head.objects.filter(pk=Head.ONLY, number=head.number).update(
        number=number, hash=previous, at=signed.at, key=signed.key, signature=signed.signature
    )
    if not moved:
        raise ChainBroken("Somebody else moved the head of the records meanwhile", next_step="Try again.")
    return [row.number for row in rows]


def _row(number: int, previous: bytes, draft: Draft) -> Entry:
    content = draft.written(number)
    return Entry(
        number=number,
        content=content,
        previous=previous,
        hash=chain.link(previous, content),
        kind=draft.kind,
        subject_kind=draft.subject.kind,
        subject_id=draft.subject.id,
        actor_kind=draft.actor.kind.value,
        actor_id=draft.actor.id,
        at=draft.at,
        states=draft.states,
    )
