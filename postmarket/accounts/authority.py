"""
May they? Asked by every service that writes and every query that reads for somebody.

`who` is a Person, a Bearer (an API token) or the Operator of the command line. Each question reads the grants of this
moment: a role revoked or a person deactivated while a page lies open no longer counts. Inside `asked_once` it is the
moment of the first question.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from postmarket.accounts import rules
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.models import ApiToken, DeviceLine, Person, RoleGrant
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.rules import NO_LINES, Grant, Lines
from postmarket.accounts.scopes import GIVES, Scope
from postmarket.accounts.words import DEEDS
from postmarket.records.interface import Actor, ActorKind

MOST_NAMED = 3


class Anywhere(Enum):
    """Not one line, but any."""

    ANYWHERE = "any device line"


ANYWHERE: Final = Anywhere.ANYWHERE
"""`on=ANYWHERE`: enough that they may do it for some line; for a page that then shows only the lines they have."""

On: TypeAlias = DeviceLine | Anywhere | None
"""A line; ANYWHERE; or None for what belongs to no line, which takes a grant for all lines."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """An API token that was just checked, as the one who acts."""

    token: ApiToken

    @property
    def actor(self) -> Actor:
        """The machine as the trail names it, with the person who answers for it."""
        name = f"{self.token.name} (token of {self.token.issued_by.name})"
        return Actor(id=f"token-{self.token.key}", name=name[:200], kind=ActorKind.MACHINE)

    @property
    def scopes(self) -> frozenset[Scope]:
        """What it was issued for."""
        return frozenset(Scope(word) for word in self.token.scopes.split())


@dataclass(frozen=True, slots=True)
class Operator:
    """
    Whoever runs the command line on the server, by the name the operating system knows them by.

    They hold the database and the keys anyway (ADR 70): they may fill the inventory, and the trail says who did.
    Nothing that is decided, determined or signed is theirs, nor are people.
    """

    login: str

    @property
    def actor(self) -> Actor:
        """The operator as the trail names who acts."""
        return Actor(
            id=f"operator-{self.login}", name=f"{self.login} (command line of the server)", kind=ActorKind.HUMAN
        )


OPERATES: Final = frozenset(
    {
        Permission.CONTENT_READ,
        Permission.CONTENT_EXPORT,
        Permission.DEVICES_EDIT,
        Permission.VERSIONS_SHIP,
        Permission.SBOMS_UPLOAD,
        Permission.SUPPLIERS_EDIT,
    }
)
"""What the command line of the server may do, for every device line."""

Caller: TypeAlias = Person | Bearer | Operator


_asked: ContextVar[dict[int, list[Grant]] | None] = ContextVar("asked", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Read the grants of each person once inside: for a page that only reads, and so is of one moment."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def grants_of(person: Person) -> list[Grant]:
    """The person's grants that hold now; none when they are not active, whatever `person` in memory says."""
    asked = _asked.get()
    if asked is None:
        return _read(person)
    if person.pk not in asked:
        asked[person.pk] = _read(person)
    return asked[person.pk]


def _read(person: Person) -> list[Grant]:
    living = RoleGrant.objects.filter(person_id=person.pk, person__is_active=True, revoked_at=None)
    return [Grant(role=Role(role), line_id=line) for role, line in living.values_list("role", "line_id")]


def lines(who: Caller, permission: Permission) -> Lines:
    """The device lines for which they have the permission; falsy when there is none. Filters every list."""
    if isinstance(who, Person):
        return rules.lines_of(grants_of(who), permission)
    if isinstance(who, Operator):
        return Lines(every=permission in OPERATES)
    if not any(permission in GIVES[scope] for scope in who.scopes):
        return NO_LINES
    of_issuer = rules.lines_of(grants_of(who.token.issued_by), permission)
    return of_issuer if who.token.line_id is None else _only(of_issuer, who.token.line_id)


def may(who: Caller, permission: Permission, *, on: On) -> bool:
    """Whether they may."""
    held = lines(who, permission)
    if isinstance(on, Anywhere):
        return bool(held)
    return held.covers(None if on is None else on.pk)


def require(who: Caller, permission: Permission, *, on: On) -> None:
    """Return when they may; else raise NotAllowed, which names who may."""
    if may(who, permission, on=on):
        return
    raise NotAllowed(
        f"{who.actor.name} may not {DEEDS[permission]}",
        where="" if on is None or isinstance(on, Anywhere) else on.name,
        next_step=_who_may(permission, on),
    )


def people_with(permission: Permission, *, on: On) -> list[Person]:
    """Active people who hold the permission there, by name."""
    grants = RoleGrant.objects.filter(revoked_at=None, person__is_active=True, role__in=HOLDERS[permission])
    grants = grants.select_related("person").order_by("person__name", "person_id")
    return list(dict.fromkeys(grant.person for grant in grants if _reaches(grant.line_id, on)))


def _reaches(line_id: int | None, on: On) -> bool:
    if line_id is None or isinstance(on, Anywhere):
        return True
    return on is not None and on.pk == line_id


def _only(held: Lines, line_id: int) -> Lines:
    return Lines(every=False, ids=frozenset({line_id})) if held.covers(line_id) else NO_LINES


def _who_may(permission: Permission, on: On) -> str:
    people = people_with(permission, on=on)
    if not people:
        titles = " or ".join(role.label for role in rules.roles_with(permission))
        return f"Nobody here may. Ask an administrator to grant somebody the role {titles}."
    names = ", ".join(person.name for person in people[:MOST_NAMED])
    more = f" or {len(people) - MOST_NAMED} more" if len(people) > MOST_NAMED else ""
    return f"Ask {names}{more}."
