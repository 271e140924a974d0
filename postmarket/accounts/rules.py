"""Who may do what: pure decisions over roles and device lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role

READING = frozenset(
    {
        Permission.CONTENT_READ,
        Permission.CONTENT_EXPORT,
        Permission.RESTRICTED_MEMBER,
        Permission.RESTRICTED_READ,
        Permission.RECORDS_READ,
        Permission.RECORDS_VERIFY,
        Permission.PEOPLE_READ,
    }
)
"""Permissions that change nothing."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds now, for the device line with this key, or (None) for all."""

    role: Role
    line_id: int | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Device lines: all of them, or those with these keys. Something that is of no line belongs to "all" alone."""

    every: bool
    ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.every or bool(self.ids)

    def covers(self, line_id: int | None) -> bool:
        """Whether the line (None: what is of no line) is among them."""
        return self.every or (line_id is not None and line_id in self.ids)


NO_LINES = Lines(every=False)


def lines_of(grants: Iterable[Grant], permission: Permission) -> Lines:
    """The device lines for which these grants give the permission."""
    held = [grant.line_id for grant in grants if grant.role in HOLDERS[permission]]
    return Lines(every=None in held, ids=frozenset(line for line in held if line is not None))


def roles_with(permission: Permission) -> list[Role]:
    """The roles that hold a permission, in the order of DESIGN §1."""
    return [role for role in Role if role in HOLDERS[permission]]


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role holds."""
    return frozenset(permission for permission, holders in HOLDERS.items() if role in holders)


def changes_something(grants: Collection[Grant]) -> bool:
    """Whether these grants let somebody decide, sign or manage: those people need a second factor."""
    return any(permissions_of(grant.role) - READING for grant in grants)
