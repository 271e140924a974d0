"""Who works here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings

from postmarket.accounts import rules
from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.errors import NotHere
from postmarket.accounts.models import DeviceLine, Person, RoleGrant
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.rules import Grant

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Standing(StrEnum):
    """Where somebody stands."""

    ACTIVE = "active"
    INVITED = "invited"
    """They have not come in yet."""
    DEACTIVATED = "deactivated"


class SecondFactor(StrEnum):
    """How it is with somebody's second factor."""

    SET_UP = "set-up"
    MISSING = "missing"
    """Their roles ask for one: they get no further than their own account."""
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with what they hold now."""

    person: Person
    grants: tuple[RoleGrant, ...]
    standing: Standing
    second_factor: SecondFactor

    @property
    def roles(self) -> frozenset[Role]:
        """Their roles, whatever the line."""
        return frozenset(Role(grant.role) for grant in self.grants)

    @property
    def role_words(self) -> str:
        """The roles in words, in the order of DESIGN §1."""
        return ", ".join(role.label for role in Role if role in self.roles)

    @property
    def signed_in_at(self) -> datetime | None:
        """When they last signed in; None: never."""
        return self.person.last_login


def people(*, by: Caller) -> list[Colleague]:
    """Everybody, by name; those who left last. Raises NotAllowed."""
    require(by, Permission.PEOPLE_READ, on=ANYWHERE)
    found = _colleagues(list(Person.objects.order_by("name", "pk")))
    return sorted(found, key=lambda one: one.standing is Standing.DEACTIVATED)


def colleague(*, by: Caller, pk: int) -> Colleague:
    """One person. Raises NotAllowed, NotHere."""
    require(by, Permission.PEOPLE_READ, on=ANYWHERE)
    found = _colleagues(list(Person.objects.filter(pk=pk)))
    if not found:
        raise NotHere("There is nobody under this number", next_step="Look for them in the list of people.")
    return found[0]


def past_roles(*, by: Caller, pk: int) -> list[RoleGrant]:
    """The roles somebody held once, newest first. Raises NotAllowed."""
    require(by, Permission.PEOPLE_READ, on=ANYWHERE)
    past = RoleGrant.objects.filter(person_id=pk).exclude(revoked_at=None)
    return list(past.select_related("line", "revoked_by").order_by("-revoked_at", "-pk"))


def living_grant(*, pk: int) -> RoleGrant:
    """A grant that holds, to be taken back. Raises NotHere."""
    found = RoleGrant.objects.select_related("person", "line").filter(pk=pk, revoked_at=None).first()
    if found is None:
        raise NotHere("This role was taken back already", next_step="Reload the person's page.")
    return found


def device_lines(*, by: Caller) -> list[DeviceLine]:
    """All device lines by name. Raises NotAllowed."""
    require(by, Permission.PEOPLE_READ, on=ANYWHERE)
    return list(DeviceLine.objects.order_by("name", "pk"))


def _colleagues(persons: list[Person]) -> list[Colleague]:
    ids = [person.pk for person in persons]
    held: dict[int, list[RoleGrant]] = {}
    living = RoleGrant.objects.filter(person_id__in=ids, revoked_at=None).select_related("line")
    for grant in living.order_by("granted_at", "pk"):
        held.setdefault(grant.person_id, []).append(grant)
    with_factor = set(Authenticator.objects.filter(user_id__in=ids, type__in=FACTORS).values_list("user_id", flat=True))
    return [_colleague(person, held.get(person.pk, []), has_factor=person.pk in with_factor) for person in persons]


def _colleague(person: Person, grants: list[RoleGrant], *, has_factor: bool) -> Colleague:
    needs = settings.MFA_FOR_EVERYONE or rules.changes_something(
        [Grant(role=Role(grant.role), line_id=grant.line_id) for grant in grants]
    )
    if not person.is_active:
        standing = Standing.DEACTIVATED
    elif person.last_login is None and not person.has_usable_password():
        standing = Standing.INVITED
    else:
        standing = Standing.ACTIVE
    lacking = SecondFactor.MISSING if needs else SecondFactor.NOT_NEEDED
    return Colleague(person, tuple(grants), standing, SecondFactor.SET_UP if has_factor else lacking)


def anybody_here() -> bool:
    """Whether the site has people: without any, a link printed where it was started makes the first."""
    return Person.objects.exists()
