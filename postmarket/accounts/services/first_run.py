"""The first administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from postmarket.accounts.addresses import canonical_email
from postmarket.accounts.errors import InvalidLink, InvalidPerson
from postmarket.accounts.models import Person, Purpose, RoleGrant
from postmarket.accounts.roles import Role
from postmarket.accounts.services.links import find_link, make_link, spend_link
from postmarket.accounts.services.passwords import set_password
from postmarket.accounts.services.people import Invited, add_person, take_access
from postmarket.accounts.snapshots import grant_snapshot, person_snapshot
from postmarket.records.interface import Actor, ActorKind
from postmarket.records.trail import Act, act

FIRST_RUN = Actor(id="first-run", name="First run", kind=ActorKind.MACHINE)
COMMAND_LINE = Actor(id="command-line", name="Command line of the server", kind=ActorKind.MACHINE)


def open_first_run(*, now: datetime) -> str | None:
    """The secret of a link (one hour, once) that makes the first administrator; None when there are people already."""
    with transaction.atomic():
        if Person.objects.exists():
            return None
        return make_link(purpose=Purpose.FIRST_RUN, person=None, now=now)


def check_first_run(*, secret: str, now: datetime) -> None:
    """Return when the link would work: nobody is here yet. Raises InvalidLink."""
    find_link(secret=secret, purpose=Purpose.FIRST_RUN, now=now)
    if Person.objects.exists():
        raise InvalidLink(
            "This link does not work", why="is of no use: there are people here", next_step="Sign in, or be invited."
        )


def make_first_administrator(*, secret: str, email: str, name: str, password: str, now: datetime) -> Person:
    """Use the link: the one person who is an administrator granted by nobody. Raises InvalidLink, InvalidPerson."""
    with transaction.atomic():
        spend_link(secret=secret, purpose=Purpose.FIRST_RUN, now=now)
        if Person.objects.exists():
            raise InvalidPerson("There are people here already", next_step="Ask an administrator for an invitation.")
        why = "First run of the site."
        with act(actor=FIRST_RUN, at=now, why=why) as doing:
            person = add_person(email=email, name=name, now=now)
            set_password(person, password)
            person.save(update_fields=["password"])
            doing.note("person.invited", subject=person, before=None, after=person_snapshot(person))
            _make_administrator(person, doing, why=why, now=now)
    return person


def invite_administrator(*, email: str, name: str, why: str, now: datetime) -> Invited:
    """
    Let somebody in as administrator from the server's own command line, also when the last one lost access.

    A new person, or one who is there already: their password, second factors and sessions end then, and a new link
    (7 days, once) lets them in. Whoever may run this holds the database anyway; the trail says that it was done there.
    Raises InvalidPerson.
    """
    with act(actor=COMMAND_LINE, at=now, why=why) as doing:
        person = Person.objects.select_for_update().filter(email=canonical_email(email)).first()
        if person is None:
            person = add_person(email=email, name=name, now=now)
            doing.note("person.invited", subject=person, before=None, after=person_snapshot(person))
        else:
            before = person_snapshot(person)
            person.is_active, person.deactivated_at = True, None
            take_access(person)
            doing.note("person.access-renewed", subject=person, before=before, after=person_snapshot(person))
        _make_administrator(person, doing, why=why, now=now)
        return Invited(person, make_link(purpose=Purpose.INVITATION, person=person, now=now))


def _make_administrator(person: Person, doing: Act, *, why: str, now: datetime) -> None:
    """Grant the role, by nobody, unless they hold it."""
    if RoleGrant.objects.filter(person=person, role=Role.ADMINISTRATOR, revoked_at=None).exists():
        return
    grant = RoleGrant.objects.create(
        person=person, role=Role.ADMINISTRATOR, line=None, granted_by=None, granted_at=now, why=why
    )
    doing.note("role.granted", subject=grant, before=None, after=grant_snapshot(grant))
