"""People whom single sign-on brings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from postmarket.accounts.errors import InvalidPerson
from postmarket.accounts.models import Person, RoleGrant
from postmarket.accounts.roles import Role
from postmarket.accounts.services.people import add_person
from postmarket.accounts.snapshots import grant_snapshot, person_snapshot
from postmarket.records import Actor, ActorKind, act


def roles_from(claim: object, *, mapping: Mapping[str, str]) -> frozenset[Role]:
    """
    The roles that a claim's values are mapped to; unknown values and roles give none.

    Never the administrator: who manages people is decided here, by people.
    """
    values = [claim] if isinstance(claim, str) else claim if isinstance(claim, list) else []
    named = {mapping[value] for value in values if isinstance(value, str) and value in mapping}
    return frozenset(role for role in Role if role.value in named) - {Role.ADMINISTRATOR}


def admit(*, email: str, name: str, roles: frozenset[Role], provider: str, now: datetime) -> Person:
    """Add a newcomer with the roles their provider's mapping gives, for all device lines. Raises InvalidPerson."""
    if not roles:
        raise InvalidPerson("Nobody comes in without a role", next_step="Ask an administrator for an invitation.")
    why = f"Single sign-on by {provider}: its mapping gives these roles."
    actor = Actor(id=f"oidc-{provider}", name=f"Single sign-on ({provider})", kind=ActorKind.MACHINE)
    with act(actor=actor, at=now, why=why) as doing:
        person = add_person(email=email, name=name, now=now)
        doing.note("person.admitted", subject=person, before=None, after=person_snapshot(person))
        for role in sorted(roles):
            grant = RoleGrant.objects.create(
                person=person, role=role, line=None, granted_by=None, granted_at=now, why=why
            )
            doing.note("role.granted", subject=grant, before=None, after=grant_snapshot(grant))
    return person
