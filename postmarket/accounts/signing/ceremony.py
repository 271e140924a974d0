"""A batch is put before somebody, and signed once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from postmarket.accounts.authority import require
from postmarket.accounts.errors import LockedOut, SigningFailed
from postmarket.accounts.models import Ceremony, Door, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.services.attempts import count_attempt, forgive
from postmarket.accounts.signing.interface import Shown, signables
from postmarket.accounts.signing.proofs import Proof, prove
from postmarket.records import Subject, act
from postmarket.records.canonical import canonical
from postmarket.records.meanings import Authentication, Meaning, Target
from postmarket.records.models import Signature
from postmarket.records.signing import note_failure
from postmarket.records.signing import sign as sign_records

HOLDS: Final = timedelta(minutes=30)
MOST: Final = 500
"""What a person can look through in one sitting."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list as it was put before the person."""

    subject: Subject
    sentence: str
    content: Mapping[str, Any]
    sha256: str


def begin_ceremony(
    *, person: Person, subjects: Sequence[Subject], meaning: Meaning, why: str, back_to: str, now: datetime
) -> Ceremony:
    """
    Put a list before `person` to sign within 30 minutes; send them to `accounts:sign` with the ceremony's `key`.

    `back_to` is the local path they return to. Raises NotAllowed for a line of the list that is not theirs to sign,
    SigningFailed for an empty list, one of more than 500, or a subject that cannot be signed (now).
    """
    if not 0 < len(subjects) <= MOST or len(set(subjects)) < len(subjects):
        raise SigningFailed("This list cannot be signed", why=f"it names 1 to {MOST} things, each once")
    with transaction.atomic():  # what is shown locks the rows it rests on
        shown = _shown_now(subjects)
        _allowed(person, shown)
    return Ceremony.objects.create(
        key=secrets.token_hex(16),
        person=person,
        meaning=Meaning(meaning).value,
        why=why,
        shown=canonical([_written(one) for one in shown]).decode(),
        back_to=back_to,
        made_at=now,
        expires_at=now + HOLDS,
    )


def lines_of(ceremony: Ceremony) -> list[Line]:
    """The list exactly as it was put before the person."""
    return [
        Line(Subject(one["kind"], one["id"]), one["sentence"], one["content"], one["sha256"])
        for one in json.loads(ceremony.shown)
    ]


def open_ceremony(*, person: Person, key: str, now: datetime) -> Ceremony:
    """The ceremony that waits for this person. Raises SigningFailed: not theirs, signed, or too old."""
    ceremony = Ceremony.objects.filter(key=key, person=person).first()
    if ceremony is None:
        raise SigningFailed("There is nothing here for you to sign", next_step="Choose what to sign again.")
    if ceremony.signed_at is not None:
        raise SigningFailed("This list is signed already", next_step="It stands with what was signed.")
    if ceremony.expires_at <= now:
        raise SigningFailed("This list waited too long to be signed", next_step="Choose what to sign again.")
    return ceremony


def sign_ceremony(*, person: Person, key: str, proof: Proof, now: datetime) -> Signature:
    """
    Sign the whole list or nothing. Call it outside any transaction: failures are counted and recorded by themselves.

    Raises SigningFailed (wrong proof; something changed since it was shown; no longer active), NotAllowed, LockedOut.
    """
    ceremony = open_ceremony(person=person, key=key, now=now)
    lines = lines_of(ceremony)
    authentication = _authenticate(person, lines, proof, now=now)
    with act(actor=person.actor, at=now, why=ceremony.why) as doing:
        if not Ceremony.objects.filter(pk=ceremony.pk, signed_at=None).update(signed_at=now):
            raise SigningFailed("This list is signed already", next_step="It stands with what was signed.")
        shown = _unchanged(lines)
        _allowed(person, shown)
        meaning = Meaning(ceremony.meaning)
        signature = sign_records(
            signer=person.actor,
            meaning=meaning,
            manifest=[one.target for one in shown],
            authentication=authentication,
            at=now,
            why=ceremony.why,
        )
        for kind in dict.fromkeys(one.subject.kind for one in shown):
            of_kind = [one for one in shown if one.subject.kind == kind]
            signables.of(kind).signed(of_kind, meaning=meaning, signature=signature, by=person, doing=doing, now=now)
        Ceremony.objects.filter(pk=ceremony.pk).update(signature_id=signature.id)
    return signature


def sign(
    *,
    person: Person,
    subjects: Sequence[Subject],
    meaning: Meaning,
    why: str,
    proof: Proof,
    now: datetime,
) -> Signature:
    """Show and sign in one step, for a caller that showed the list itself. Raises as the two steps do."""
    ceremony = begin_ceremony(person=person, subjects=subjects, meaning=meaning, why=why, back_to="", now=now)
    return sign_ceremony(person=person, key=ceremony.key, proof=proof, now=now)


def _authenticate(person: Person, lines: Sequence[Line], proof: Proof, *, now: datetime) -> Authentication:
    """The proof, counted at the signing door; a failure is recorded and told (21 CFR 11.300(d))."""
    manifest = [Target(line.subject, line.sha256) for line in lines]
    try:
        counted = count_attempt(door=Door.SIGNING, key=str(person.pk), now=now)
        current = Person.objects.filter(pk=person.pk, is_active=True).first()
        if current is None:
            raise SigningFailed("You are no longer active here", next_step="Ask an administrator.")
        authentication = prove(current, proof, now=now)
    except (SigningFailed, LockedOut) as failure:
        note_failure(signer=person.actor, manifest=manifest, at=now, why=failure.reason())
        raise
    forgive(counted)
    return authentication


def _shown_now(subjects: Sequence[Subject]) -> list[Shown]:
    found: dict[Subject, Shown] = {}
    for kind in dict.fromkeys(subject.kind for subject in subjects):
        try:
            signable = signables.of(kind)
        except KeyError as error:
            raise SigningFailed("This is nothing that can be signed", where=kind) from error
        shown = signable.shown([subject.id for subject in subjects if subject.kind == kind])
        found |= {one.subject: one for one in shown.values()}
    missing = [str(subject) for subject in subjects if subject not in found]
    if missing:
        raise SigningFailed(
            "Something in the list can no longer be signed",
            where=", ".join(missing[:3]),
            next_step="Nothing was signed. Look at the list again.",
        )
    return [found[subject] for subject in subjects]


def _unchanged(lines: Sequence[Line]) -> list[Shown]:
    """What would be signed now, when it is what was shown. Raises SigningFailed which names what changed."""
    now_shown = _shown_now([line.subject for line in lines])
    changed = [line.sentence for line, one in zip(lines, now_shown, strict=True) if line.sha256 != one.sha256]
    if changed:
        raise SigningFailed(
            "Something changed since it was shown",
            where="; ".join(changed[:3]),
            why=f"{len(changed)} of {len(lines)} are no longer what you saw",
            next_step="Nothing was signed. Look at the list again.",
        )
    return now_shown


def _allowed(person: Person, shown: Sequence[Shown]) -> None:
    asked = {(signables.of(one.subject.kind).permission, one.line) for one in shown}
    for permission, line in asked:
        require(person, Permission.SIGN, on=line)
        require(person, permission, on=line)


def _written(one: Shown) -> dict[str, Any]:
    return {
        "kind": one.subject.kind,
        "id": one.subject.id,
        "sentence": one.sentence,
        "content": one.content,
        "sha256": one.sha256,
    }
