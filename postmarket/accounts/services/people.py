"""People come, change and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from postmarket.accounts.addresses import canonical_email, known_time_zone, printed_name
from postmarket.accounts.authority import require
from postmarket.accounts.errors import InvalidPerson, NotAllowed
from postmarket.accounts.models import DeviceLine, Person, Purpose
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.services.calendars import revoke_calendars_of
from postmarket.accounts.services.grants import grant_role, keep_an_administrator
from postmarket.accounts.services.links import find_link, make_link, spend_link, void_links
from postmarket.accounts.services.passwords import set_password
from postmarket.accounts.services.tokens import revoke_tokens_of
from postmarket.accounts.snapshots import person_snapshot
from postmarket.records.trail import act


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may come in, and the secret of the link that lets them."""

    person: Person
    secret: str = field(repr=False)


def add_person(*, email: str, name: str, now: datetime) -> Person:
    """
    A new row, without password or role; the caller records it. Raises InvalidPerson, also when the address is taken.
    """
    address = canonical_email(email)
    if Person.objects.filter(email=address).exists():
        raise InvalidPerson(f"{address} belongs to somebody already", next_step="Find the person in the list.")
    person = Person(email=address, name=printed_name(name), invited_at=now)
    person.set_unusable_password()
    person.save()
    return person


def invite_person(
    *,
    by: Person,
    email: str,
    name: str,
    why: str,
    now: datetime,
    role: Role | None = None,
    line: DeviceLine | None = None,
) -> Invited:
    """
    Add a person, with a first role where one is given, and make the link (7 days, once) that sets their password.

    Raises NotAllowed, InvalidPerson.
    """
    require(by, Permission.PEOPLE_MANAGE, on=None)
    if not why.strip():
        raise InvalidPerson("A person is invited for a reason", next_step="Say why they work here.")
    with act(actor=by.actor, at=now, why=why) as doing:
        person = add_person(email=email, name=name, now=now)
        doing.note("person.invited", subject=person, before=None, after=person_snapshot(person))
        if role is not None:
            grant_role(by=by, person=person, role=role, line=line, why=why, now=now)
        return Invited(person, make_link(purpose=Purpose.INVITATION, person=person, now=now))


def check_invitation(*, secret: str, now: datetime) -> Person:
    """Whose invitation this is, while it works. Raises InvalidLink."""
    person = find_link(secret=secret, purpose=Purpose.INVITATION, now=now).person
    assert person is not None  # noqa: S101 - an invitation is somebody's
    return person


def accept_invitation(*, secret: str, password: str, now: datetime) -> Person:
    """Set the password the link was made for. Raises InvalidLink, and InvalidPerson when it is weak: the link stays."""
    with transaction.atomic():
        link = spend_link(secret=secret, purpose=Purpose.INVITATION, now=now)
        person = link.person
        assert person is not None  # noqa: S101 - an invitation is somebody's
        with act(actor=person.actor, at=now, why="Accepted the invitation.") as doing:
            set_password(person, password)
            person.save(update_fields=["password"])
            doing.note("person.password-set", subject=person)
    return person


def renew_access(*, by: Person, person: Person, why: str, now: datetime) -> Invited:
    """
    For somebody who lost their password or second factor: both are removed, sessions end, a new invitation is made,
    and calendar addresses are taken back.

    Raises NotAllowed, also for oneself.
    """
    require(by, Permission.PEOPLE_MANAGE, on=None)
    if by.pk == person.pk:
        raise NotAllowed("Nobody renews their own access", next_step="Ask another administrator.")
    if not person.is_active:
        raise InvalidPerson(f"{person.name} is deactivated", next_step="Reactivate the person first.")
    with act(actor=by.actor, at=now, why=why) as doing:
        person = Person.objects.select_for_update().get(pk=person.pk)
        take_access(person)
        doing.note("person.access-renewed", subject=person, detail={"removed": "password and second factors"})
        revoke_calendars_of(person, doing=doing, now=now)
        return Invited(person, make_link(purpose=Purpose.INVITATION, person=person, now=now))


def take_access(person: Person) -> None:
    """Remove password and second factors and end every session; the caller holds the row's lock and records it."""
    person.set_unusable_password()
    person.session_epoch += 1
    person.save()
    Authenticator.objects.filter(user=person).delete()


def change_person(
    *, by: Person, person: Person, name: str, email: str, time_zone: str, why: str, now: datetime
) -> Person:
    """
    Change the printed name and address (an administrator, not of themselves) or the time zone (also oneself).

    Raises NotAllowed, InvalidPerson.
    """
    new_name, new_email, new_zone = printed_name(name), canonical_email(email), known_time_zone(time_zone)
    with act(actor=by.actor, at=now, why=why) as doing:
        person = Person.objects.select_for_update().get(pk=person.pk)
        before = person_snapshot(person)
        if (new_name, new_email) != (person.name, person.email) or by.pk != person.pk:
            require(by, Permission.PEOPLE_MANAGE, on=None)
        if Person.objects.filter(email=new_email).exclude(pk=person.pk).exists():
            raise InvalidPerson(f"{new_email} belongs to somebody already", next_step="Find the person in the list.")
        person.name, person.email, person.time_zone = new_name, new_email, new_zone
        person.save(update_fields=["name", "email", "time_zone"])
        doing.note("person.changed", subject=person, before=before, after=person_snapshot(person))
    return person


def deactivate_person(*, by: Person, person: Person, why: str, now: datetime) -> Person:
    """
    Close somebody's access at once: no sign-in, sessions ended, links void, tokens and calendar addresses revoked.

    Raises NotAllowed, LastAdministrator.
    """
    require(by, Permission.PEOPLE_MANAGE, on=None)
    with act(actor=by.actor, at=now, why=why) as doing:
        keep_an_administrator(without=person)
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            return person
        before = person_snapshot(person)
        person.is_active, person.deactivated_at = False, now
        person.session_epoch += 1
        person.save(update_fields=["is_active", "deactivated_at", "session_epoch"])
        void_links(purpose=Purpose.INVITATION, person=person, now=now)
        doing.note("person.deactivated", subject=person, before=before, after=person_snapshot(person))
        revoke_tokens_of(person=person, by=by, doing=doing, now=now)
        revoke_calendars_of(person, doing=doing, now=now)
    return person


def reactivate_person(*, by: Person, person: Person, why: str, now: datetime) -> Person:
    """Open somebody's access again, with the roles they still hold; tokens stay revoked. Raises NotAllowed."""
    require(by, Permission.PEOPLE_MANAGE, on=None)
    if by.pk == person.pk:
        raise NotAllowed("Nobody reactivates themselves", next_step="Ask another administrator.")
    with act(actor=by.actor, at=now, why=why) as doing:
        person = Person.objects.select_for_update().get(pk=person.pk)
        before = person_snapshot(person)
        person.is_active, person.deactivated_at = True, None
        person.save(update_fields=["is_active", "deactivated_at"])
        doing.note("person.reactivated", subject=person, before=before, after=person_snapshot(person))
    return person


def sign_out_everywhere(*, by: Person, person: Person, why: str, now: datetime) -> Person:
    """End every session of a person: one's own, or anybody's by an administrator. Raises NotAllowed."""
    if by.pk != person.pk:
        require(by, Permission.PEOPLE_MANAGE, on=None)
    with act(actor=by.actor, at=now, why=why) as doing:
        person = Person.objects.select_for_update().get(pk=person.pk)
        person.session_epoch += 1
        person.save(update_fields=["session_epoch"])
        doing.note("person.signed-out-everywhere", subject=person)
    return person
