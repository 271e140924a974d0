"""Personal data goes: one person asks, another confirms by signature; of restricted cases, those who see them."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.authority import require
from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.cases.queries.redactions import REDACTION, visible_datum
from postmarket.inventory.services.reasons import reason
from postmarket.records import Subject, private
from postmarket.records.meanings import Meaning


def ask_redaction(*, by: Person, id: str, why: str, now: datetime) -> None:
    """Ask for a private datum to go. Raises NotAllowed, CaseNotFound, NoReason, RedactionRefused."""
    require(by, Permission.RECORDS_REDACT, on=None)
    visible_datum(by=by, id=id)
    private.propose(id_=id, actor=by.actor, at=now, why=reason(why))


def take_back_redaction(*, by: Person, id: str, why: str, now: datetime) -> None:
    """Let it stay: one's own asking or another's. Raises NotAllowed, CaseNotFound, NoReason, RedactionRefused."""
    require(by, Permission.RECORDS_REDACT, on=None)
    visible_datum(by=by, id=id)
    private.withdraw(id_=id, actor=by.actor, at=now, why=reason(why))


def begin_redaction(*, by: Person, id: str, why: str, back_to: str, now: datetime) -> Ceremony:
    """
    Put it before the second person to be signed; once they have, it is gone.

    Raises NotAllowed, CaseNotFound, NoReason, and RedactionRefused when nobody asked, or they asked themselves.
    """
    require(by, Permission.RECORDS_REDACT, on=None)
    visible_datum(by=by, id=id)
    private.check_two_people(private.proposal(id), by.actor)
    return begin_ceremony(
        person=by,
        subjects=[Subject(REDACTION, id)],
        meaning=Meaning.APPROVED,
        why=reason(why),
        back_to=back_to,
        now=now,
    )
