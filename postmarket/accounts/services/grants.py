"""Roles are granted and revoked."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from postmarket.accounts.authority import require
from postmarket.accounts.errors import InvalidPerson, LastAdministrator, NotAllowed
from postmarket.accounts.models import DeviceLine, Person, RoleGrant
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.snapshots import grant_snapshot, line_snapshot
from postmarket.records.trail import act


def grant_role(
    *, by: Person, person: Person, role: Role, line: DeviceLine | None, why: str, now: datetime
) -> RoleGrant:
    """
    Give a role, for one device line or (None) for all; giving it again changes nothing.

    Raises NotAllowed (no administrator, or oneself) and InvalidPerson (an administrator for one line only, somebody
    deactivated, or no reason given).
    """
    require(by, Permission.PEOPLE_MANAGE, on=None)
    if by.pk == person.pk:
        raise NotAllowed("Nobody grants a role to themselves", next_step="Ask another administrator.")
    if role is Role.ADMINISTRATOR and line is not None:
        raise InvalidPerson("An administrator looks after the whole site", next_step="Grant it for all device lines.")
    if not why.strip():
        raise InvalidPerson("A role is granted for a reason", next_step="Say why this person holds it.")
    with act(actor=by.actor, at=now, why=why) as doing:
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            raise InvalidPerson(f"{person.name} is deactivated", next_step="Reactivate the person first.")
        held = RoleGrant.objects.filter(person=person, role=role, line=line, revoked_at=None).first()
        if held is not None:
            return held
        grant = RoleGrant.objects.create(
            person=person, role=role, line=line, granted_by=by, granted_at=now, why=why.strip()
        )
        doing.note("role.granted", subject=grant, before=None, after=grant_snapshot(grant))
    return grant


def revoke_role(*, by: Person, grant: RoleGrant, why: str, now: datetime) -> RoleGrant:
    """Take a role back; the grant stays as history. Raises NotAllowed, LastAdministrator."""
    require(by, Permission.PEOPLE_MANAGE, on=None)
    with act(actor=by.actor, at=now, why=why) as doing:
        if grant.role == Role.ADMINISTRATOR:
            keep_an_administrator(without=grant.person)
        grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("line", "person").get(pk=grant.pk)
        if grant.revoked_at is not None:
            return grant
        before = grant_snapshot(grant)
        grant.revoked_by, grant.revoked_at = by, now
        grant.save(update_fields=["revoked_by", "revoked_at"])
        doing.note("role.revoked", subject=grant, before=before, after=grant_snapshot(grant))
    return grant


def keep_an_administrator(*, without: Person) -> None:
    """
    Raise LastAdministrator if nobody but `without` could manage people.

    Locks the administrators until the transaction ends: two who remove each other at once do not both succeed.
    """
    living = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, revoked_at=None, person__is_active=True)
    list(living.select_for_update().select_related("person").order_by("pk"))
    holders = set(living.values_list("person_id", flat=True))
    if holders == {without.pk}:
        raise LastAdministrator(
            f"{without.name} is the last administrator",
            why="nobody would be left to manage people",
            next_step="Make somebody else an administrator first.",
        )


def name_line(*, by: Person, key: str, name: str, why: str, now: datetime) -> DeviceLine:
    """
    Add a device line, or rename the one with this key. Raises NotAllowed, InvalidPerson for a key that is no slug.
    """
    require(by, Permission.SETTINGS_EDIT, on=None)
    try:
        validate_slug(key)
    except ValidationError as error:
        raise InvalidPerson(
            "This is no key of a device line", where=key[:64], next_step="Use letters, digits and hyphens."
        ) from error
    if not name.strip() or not name.isprintable() or len(name) > 120 or len(key) > 64:
        raise InvalidPerson("A device line has a name", next_step="Give 1 to 120 printable characters.")
    with act(actor=by.actor, at=now, why=why) as doing:
        line = DeviceLine.objects.select_for_update().filter(key=key).first()
        before = None if line is None else line_snapshot(line)
        line = line or DeviceLine(key=key)
        line.name = name.strip()
        line.save()
        doing.note("device-line.named", subject=line, before=before, after=line_snapshot(line))
    return line
