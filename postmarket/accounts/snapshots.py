"""What the trail keeps of our rows: whole, without secrets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from postmarket.records.interface import Snapshot, instant

if TYPE_CHECKING:
    from postmarket.accounts.models import ApiToken, CalendarAddress, DeviceLine, Person, RoleGrant


def person_snapshot(person: Person) -> Snapshot:
    """A person, without password and second factors."""
    return {
        "email": person.email,
        "name": person.name,
        "time_zone": person.time_zone,
        "active": person.is_active,
        "invited_at": instant(person.invited_at),
        "deactivated_at": _when(person.deactivated_at),
    }


def grant_snapshot(grant: RoleGrant) -> Snapshot:
    """A role, whose it is, and where it holds."""
    return {
        "person": str(grant.person_id),
        "role": grant.role,
        "line": None if grant.line is None else grant.line.key,
        "granted_by": None if grant.granted_by_id is None else str(grant.granted_by_id),
        "granted_at": instant(grant.granted_at),
        "revoked_by": None if grant.revoked_by_id is None else str(grant.revoked_by_id),
        "revoked_at": _when(grant.revoked_at),
    }


def line_snapshot(line: DeviceLine) -> Snapshot:
    """A device line."""
    return {"key": line.key, "name": line.name}


def token_snapshot(token: ApiToken) -> Snapshot:
    """A token, without its secret or its hash."""
    return {
        "key": token.key,
        "name": token.name,
        "scopes": token.scopes.split(),
        "line": None if token.line is None else token.line.key,
        "issued_by": str(token.issued_by_id),
        "issued_at": instant(token.issued_at),
        "expires_at": instant(token.expires_at),
        "revoked_at": _when(token.revoked_at),
    }


def calendar_snapshot(row: CalendarAddress) -> Snapshot:
    """A calendar address, without its secret or its hash."""
    return {
        "key": row.key,
        "name": row.name,
        "person": str(row.person_id),
        "made_at": instant(row.made_at),
        "expires_at": instant(row.expires_at),
        "revoked_at": _when(row.revoked_at),
    }


def _when(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
