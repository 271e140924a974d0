"""Its people: one of every role, each with a password and a code generator, as on a real site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from postmarket.accounts.models import Person
from postmarket.accounts.records_of_sign_in import note_factor, note_sign_in
from postmarket.accounts.roles import Role
from postmarket.accounts.services.first_run import make_first_administrator, open_first_run
from postmarket.accounts.services.people import accept_invitation, invite_person
from postmarket.demo.firm.firm import Firm

PASSWORD: Final = "example for everybody"  # noqa: S105 - said on every page that asks for it
VISITOR: Final = Role.PSIRT_MANAGER
"""Who a visitor is at first: of all roles the one that sees most."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the firm, and why they are there."""

    name: str
    why: str

    @property
    def email(self) -> str:
        """Their address, at a domain that cannot be (RFC 2606)."""
        return f"{self.name.split()[0].lower()}@brellisor.example"


CAST: Final[Mapping[Role, Member]] = {
    Role.ADMINISTRATOR: Member("Oskar Brandvold", "Looks after the site."),
    Role.PSIRT_MANAGER: Member("Mara Lindqvist", "Leads product security."),
    Role.PSIRT_ANALYST: Member("Jonas Okafor", "Triages what comes in."),
    Role.CYBERSECURITY_LEAD: Member("Ines Carvalhal", "Judges exploitability."),
    Role.CLINICAL_SAFETY_LEAD: Member("Tomasz Wieland", "Judges harm to patients."),
    Role.REGULATORY_AFFAIRS: Member("Naledi Fontein", "Answers to the authorities."),
    Role.QUALITY: Member("Pilar Eskildsen", "Keeps CAPA and the risk files."),
    Role.SUSTAINING_ENGINEERING: Member("Ravi Thorsen", "Builds and ships updates."),
    Role.AUDITOR: Member("Greta Salonen", "Reads for the notified body."),
}


def gather(firm: Firm) -> None:
    """The first administrator comes, invites the others, and everybody sets up a second factor."""
    at = firm.ago(days=9)
    secret = open_first_run(now=at)
    assert secret is not None  # noqa: S101 - the database was made a moment ago
    first = CAST[Role.ADMINISTRATOR]
    chief = make_first_administrator(
        secret=secret, email=first.email, name=first.name, password=PASSWORD, now=at + timedelta(minutes=4)
    )
    firm.people[Role.ADMINISTRATOR] = _with_generator(firm, chief, minutes=6)
    sign_in(firm, Role.ADMINISTRATOR, at=_later(firm, 7))
    for number, (role, member) in enumerate(CAST.items()):
        if role is Role.ADMINISTRATOR:
            continue
        came = 20 + 15 * number
        invited = invite_person(
            by=chief, email=member.email, name=member.name, why=member.why, role=role, now=_later(firm, came - 8)
        )
        person = accept_invitation(secret=invited.secret, password=PASSWORD, now=_later(firm, came))
        firm.people[role] = _with_generator(firm, person, minutes=came + 2)
        sign_in(firm, role, at=_later(firm, came + 3))


def sign_in(firm: Firm, role: Role, *, at: datetime) -> Person:
    """Somebody comes to work."""
    person = firm.people[role]
    person.last_login = at
    person.save(update_fields=["last_login"])
    note_sign_in(person=person, now=at)
    return person


def _later(firm: Firm, minutes: float) -> datetime:
    return firm.ago(days=9) + timedelta(minutes=minutes)


def _with_generator(firm: Firm, person: Person, *, minutes: float) -> Person:
    secret: str = generate_totp_secret()
    made, at = TOTP.activate(person, secret).instance, _later(firm, minutes)
    made.created_at = at
    made.save(update_fields=["created_at"])
    firm.secrets[person.pk] = secret
    note_factor(person=person, kind="person.factor-added", what="code generator", now=at)
    return person
