"""An act: a change and its records in one transaction, so that neither is there without the other."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asgiref.local import Local
from django.conf import settings
from django.db import transaction

from postmarket.records import alerts
from postmarket.records.entries import CHANGES, Draft
from postmarket.records.interface import UNSAID, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from postmarket.records.alerts import Alert
    from postmarket.records.interface import Actor, HasSubject, Snapshot, Unsaid, Value


@dataclass(slots=True)
class _Open:
    """What the outermost act of this thread gathers: what is written with the change, and what outlives its undoing."""

    drafts: list[Draft] = field(default_factory=list)
    lasting: list[Draft] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


_current = Local(thread_critical=True)
"""As Django keeps its connections: a transaction and its act belong to one thread."""


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody doing something at one moment, for one reason; made by `act`."""

    actor: Actor
    at: datetime
    why: str
    policy: str
    id: str
    _open: _Open

    def note(
        self,
        kind: str,
        *,
        subject: HasSubject,
        before: Snapshot | Unsaid | None = UNSAID,
        after: Snapshot | Unsaid | None = UNSAID,
        detail: Snapshot | None = None,
    ) -> None:
        """
        Leave one record, `kind` in words like `device.created`.

        `before` and `after` are the whole snapshot of the subject; None says it was not there, leaving one out says
        nothing of its state. `detail` holds what else there is to say. Raises RecordRefused for what cannot be
        recorded: at once, so that the place in the code is the one to mend.
        """
        self._open.drafts.append(self._draft(kind, subject, before, after, detail))

    def note_run(
        self,
        kind: str,
        *,
        subject: HasSubject,
        counts: Mapping[str, int],
        changes_sha256: str,
        detail: Snapshot | None = None,
    ) -> None:
        """
        Leave the one record of a machine's run: what it counted, and the SHA-256 of its list of changes.

        Keep the list as evidence first (`records.evidence.keep`), whose hash this is; verify looks for it there.
        Raises RecordRefused for what cannot be recorded.
        """
        run: dict[str, Value] = {**(detail or {}), "counts": dict(counts), CHANGES: changes_sha256}
        self.note(kind, subject=subject, detail=run)

    def note_lasting(self, kind: str, *, subject: HasSubject, detail: Snapshot | None = None) -> None:
        """
        Leave a record also when the act is undone: that something was tried and failed.

        It is written with the others, or by itself once the outermost act has been rolled back.
        """
        self._open.lasting.append(self._draft(kind, subject, UNSAID, UNSAID, detail))

    def tell(self, alert: Alert) -> None:
        """Have `alert` told once the outermost act has ended, well or not, and what lasts is recorded."""
        self._open.alerts.append(alert)

    def _draft(
        self,
        kind: str,
        subject: HasSubject,
        before: Snapshot | Unsaid | None,
        after: Snapshot | Unsaid | None,
        detail: Snapshot | None,
    ) -> Draft:
        named("kind", kind)
        draft = Draft(
            kind=kind,
            subject=subject.subject,
            actor=self.actor,
            at=self.at,
            site_zone=settings.SITE_TIME_ZONE,
            why=self.why,
            act=self.id,
            policy=self.policy,
            before=before,
            after=after,
            detail=detail,
        )
        draft.written(0)
        return draft


@contextmanager
def act(*, actor: Actor, at: datetime, why: str, policy: str = "") -> Iterator[Act]:
    """
    Do something that leaves records: opens a transaction, or joins that of the act it stands in.

    `at` has a zone; `policy` is the version of the policy pack that decided, if one did. What `note` gathers is written
    when the outermost act ends well, inside its transaction; if that fails, the change is undone. An inner act that
    fails takes its own changes and records with it and leaves the outer one as it was.
    Raises RecordRefused for an act that cannot be recorded, ChainBroken and KeyTrouble when the chain cannot go on.
    """
    outer: _Open | None = getattr(_current, "open", None)
    doing = Act(actor, at, why, policy, uuid.uuid4().hex, outer or _Open())
    if outer is not None:
        with _undone_together(outer), transaction.atomic():
            yield doing
        return
    _current.open = doing._open
    try:
        with transaction.atomic():
            yield doing
            _write([*doing._open.drafts, *doing._open.lasting])
    except BaseException:
        _outlast(doing._open.lasting)
        raise
    finally:
        del _current.open
        for alert in doing._open.alerts:
            alerts.tell(alert)


@contextmanager
def _undone_together(outer: _Open) -> Iterator[None]:
    """Take back what was noted since, when what it speaks of is rolled back."""
    so_far = len(outer.drafts)
    try:
        yield
    except BaseException:
        del outer.drafts[so_far:]
        raise


def _write(drafts: list[Draft]) -> None:
    if drafts:
        # The door of this room is imported while Django still loads its apps; models come after that.
        from postmarket.records.appending import append

        append(drafts)


def _outlast(drafts: list[Draft]) -> None:
    if drafts:
        with transaction.atomic():
            _write(drafts)
