"""How a room says who may open each of its addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope


class Open(Enum):
    """Not a matter of roles."""

    ANYBODY = "anybody, signed in or not"
    SIGNED_IN = "whoever is signed in, even without a role"


Allowed: TypeAlias = Open | frozenset[Role]
Values = Callable[[Person | None], Mapping[str, object]]
"""Takes who asks (None: nobody is signed in; a token's issuer for the API) and makes what the address needs."""


def nothing(who: Person | None) -> Mapping[str, object]:
    """For an address that needs none."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Route:
    """
    One address of a page: who may, how, and with what.

    `kwargs` makes the rows the address names; `data` is what a POST sends (it need not be complete: a form that
    complains has let the person in). `answers` are the statuses that count as let in.
    """

    allowed: Allowed
    methods: tuple[str, ...] = ("GET",)
    kwargs: Values = nothing
    data: Values = nothing
    answers: frozenset[int] = frozenset({200, 302, 400})


@dataclass(frozen=True, kw_only=True)
class ApiRoute:
    """
    One address of the API: the scopes of which any one lets a token in (empty: nobody is asked who they are).

    Without a token 401, with another scope 403. `content` is a body as JSON.
    """

    scopes: frozenset[Scope]
    method: str = "GET"
    kwargs: Values = nothing
    content: Values = nothing
    answers: frozenset[int] = field(default=frozenset({200, 201, 202, 400, 422}))


Routes: TypeAlias = Mapping[str, Route | ApiRoute]
ANYBODY: Final = Open.ANYBODY
SIGNED_IN: Final = Open.SIGNED_IN


def holders(permission: Permission) -> frozenset[Role]:
    """The roles that hold a permission (tests/accounts/test_authority.py holds that table, cell by cell)."""
    return HOLDERS[permission]
