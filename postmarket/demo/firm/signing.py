"""Signing as one of its people: the whole ceremony, at a time of the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.signing.ceremony import sign, sign_ceremony
from postmarket.accounts.signing.proofs import PasswordAndCode
from postmarket.demo.firm.firm import Firm
from postmarket.demo.firm.people import PASSWORD
from postmarket.demo.generator import STEP_SECONDS, code_of
from postmarket.records import Subject
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature


def sign_as(firm: Firm, person: Person, subjects: Sequence[Subject], *, why: str, now: datetime) -> Signature:
    """Approve all of `subjects`, with the person's password and the code their generator showed at `now`."""
    return sign(
        person=person,
        subjects=subjects,
        meaning=Meaning.APPROVED,
        why=why,
        proof=_proof(firm, person, now=now),
        now=now,
    )


def sign_begun(firm: Firm, person: Person, ceremony: Ceremony, *, now: datetime) -> Signature:
    """Sign what a room put before them."""
    return sign_ceremony(person=person, key=ceremony.key, proof=_proof(firm, person, now=now), now=now)


def _proof(firm: Firm, person: Person, *, now: datetime) -> PasswordAndCode:
    return PasswordAndCode(PASSWORD, code_of(firm.secrets[person.pk], int(now.timestamp()) // STEP_SECONDS))
