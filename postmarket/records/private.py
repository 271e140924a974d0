"""
Personal data and attachments: kept beside the records, known to them by id and salted hash, and able to go.

Redaction is an act of two different people: one proposes, another carries it out. What is left is a signed tombstone.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from postmarket.records.canonical import canonical
from postmarket.records.entries import read as read_entry
from postmarket.records.errors import RecordRefused, RedactionRefused
from postmarket.records.interface import Actor, ActorKind, HasSubject, Subject, Value, instant, named
from postmarket.records.keys import signing_key
from postmarket.records.models import Entry, PrivateDatum
from postmarket.records.trail import act as do

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.records.trail import Act

SALT_BYTES = 32
MOST_BYTES = 32 << 20
PREFIX = b"postmarket private v1\x00"
TOMBSTONE = b"postmarket tombstone v1\x00"
KEPT = "private.kept"
PROPOSED = "redaction.proposed"
WITHDRAWN = "redaction.withdrawn"
REDACTED = "private.redacted"
FORGET = {"sqlite": ("PRAGMA secure_delete=ON",), "postgresql": ()}
"""What has the engine overwrite what it deletes; PostgreSQL does so by itself when it vacuums."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How a snapshot names a private datum: by id and salted SHA-256."""

    id: str
    sha256: str

    @property
    def value(self) -> dict[str, Value]:
        """As it stands in a snapshot."""
        return {"private": self.id, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody asked to redact a datum: in which entry, who, when (UTC) and why."""

    number: int
    by: Actor
    at: datetime
    why: str


def keep(act: Act, content: bytes | str, *, media_type: str = "text/plain", about: HasSubject) -> Reference:
    """
    Keep personal data or an attachment about a subject; put `value` of what comes back into snapshots instead of it.

    Raises RecordRefused for more than 32 MiB.
    """
    named("media type", media_type)
    data = content.encode("utf-8") if isinstance(content, str) else content
    if len(data) > MOST_BYTES:
        raise RecordRefused("This attachment is too large", why=f"{len(data):,} bytes, and {MOST_BYTES:,} is the most")
    salt = secrets.token_bytes(SALT_BYTES)
    datum = PrivateDatum.objects.create(
        id=uuid.uuid4().hex,
        media_type=media_type,
        sha256=salted(salt, data),
        salt=salt,
        content=data,
        kept_at=act.at,
    )
    detail: dict[str, Value] = {
        "sha256": datum.sha256,
        "media_type": media_type,
        "kept_at": instant(act.at),
        "about": {"kind": about.subject.kind, "id": about.subject.id},
    }
    act.note(KEPT, subject=datum, detail=detail)
    return Reference(datum.id, datum.sha256)


def reveal(id_: str) -> bytes | None:
    """The content of a private datum, or None once it is redacted. Raises RedactionRefused when there is none."""
    content = _datum(id_).content
    return None if content is None else bytes(content)


def salted(salt: bytes, content: bytes) -> str:
    """The hash records know a datum by."""
    return hashlib.sha256(PREFIX + salt + content).hexdigest()


def propose(*, id_: str, actor: Actor, at: datetime, why: str) -> None:
    """
    Propose to redact a datum, saying why; somebody else then carries it out.

    Raises RedactionRefused for a machine, without a reason, and when the datum is not there any more.
    """
    _by_a_person(actor, why)
    _still_there(id_)
    with do(actor=actor, at=at, why=why) as act:
        act.note(PROPOSED, subject=Subject("private", id_))


def withdraw(*, id_: str, actor: Actor, at: datetime, why: str) -> None:
    """Take a proposal back, one's own or another's. Raises RedactionRefused when nothing is proposed."""
    _by_a_person(actor, why)
    proposal(id_)
    with do(actor=actor, at=at, why=why) as act:
        act.note(WITHDRAWN, subject=Subject("private", id_))


def redact(*, id_: str, actor: Actor, at: datetime, why: str) -> None:
    """
    Carry out what another person proposed: content and salt are removed, and a signed tombstone is left.

    The chain still verifies, since it never held more than the salted hash. Copies in backups stay until those are
    gone. Raises RedactionRefused when nothing is proposed, by the same person, for a machine, or without a reason.
    """
    with do(actor=actor, at=at, why=why) as act:
        carry_out(act, id_)


def carry_out(act: Act, id_: str) -> None:
    """`redact` as part of an act that is under way, such as the signature that confirms it. Raises as it does."""
    actor, at = act.actor, act.at
    _by_a_person(actor, act.why)
    datum = _still_there(id_, lock=True)
    asked = proposal(id_)
    check_two_people(asked, actor)
    with connection.cursor() as cursor:
        for statement in FORGET[connection.vendor]:
            cursor.execute(statement)
    PrivateDatum.objects.filter(pk=id_).update(content=None, salt=None)
    key = signing_key(settings.POSTMARKET_HOME)
    said: dict[str, Value] = {
        "sha256": datum.sha256,
        "proposed_by": asked.by.id,
        "proposed_in_entry": asked.number,
        "redacted_by": actor.id,
        "redacted_at": instant(at),
    }
    signature = key.sign(tombstone(id_, said)).hex()
    act.note(REDACTED, subject=datum, detail={**said, "key": key.public, "signature": signature})


def check_two_people(asked: Proposal, actor: Actor) -> None:
    """Raise RedactionRefused for who proposed it: somebody else carries it out."""
    if asked.by.id == actor.id:
        raise RedactionRefused(
            "A redaction takes two people",
            why=f"{asked.by.name} proposed it",
            next_step="Ask somebody else to carry it out.",
        )


def tombstone(id_: str, said: dict[str, Value]) -> bytes:
    """What the signature of a tombstone is over."""
    return TOMBSTONE + canonical({**said, "id": id_})


def _by_a_person(actor: Actor, why: str) -> None:
    if actor.kind is not ActorKind.HUMAN:
        raise RedactionRefused("Only people can redact", where=actor.id)
    if not why.strip():
        raise RedactionRefused("A redaction without a reason is refused", next_step="Say why.")


def _datum(id_: str, *, lock: bool = False) -> PrivateDatum:
    rows = PrivateDatum.objects.select_for_update() if lock else PrivateDatum.objects
    datum = rows.filter(pk=id_).first()
    if datum is None:
        raise RedactionRefused("There is no such private datum", where=id_)
    return datum


def _still_there(id_: str, *, lock: bool = False) -> PrivateDatum:
    datum = _datum(id_, lock=lock)
    if datum.content is None:
        raise RedactionRefused("This datum is redacted already", where=id_)
    return datum


def proposal(id_: str) -> Proposal:
    """The open proposal to redact a datum. Raises RedactionRefused when there is none."""
    entries = Entry.objects.filter(subject_kind="private", subject_id=id_, kind__in=[PROPOSED, WITHDRAWN])
    last = entries.order_by("-number").first()
    if last is None or last.kind == WITHDRAWN:
        raise RedactionRefused(
            "Nobody proposed to redact this datum", where=id_, next_step="Propose it, and ask somebody else to do it."
        )
    _, draft = read_entry(bytes(last.content))
    return Proposal(last.number, draft.actor, draft.at, draft.why)
