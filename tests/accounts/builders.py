"""People, roles and second factors for tests of every room that needs somebody to act."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.utils import timezone

from postmarket.accounts import token_text
from postmarket.accounts.models import ApiToken, Ceremony, DeviceLine, Person, RoleGrant
from postmarket.accounts.roles import Role

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "a quiet pump beats at night"  # noqa: S105 - of nobody
_numbers = count(1)


def person(
    name: str = "Ana Reed", *roles: Role, email: str = "", line: DeviceLine | None = None, password: str = PASSWORD
) -> Person:
    """Somebody active with these roles, for one line or (None) for all."""
    address = email or f"{name.split()[0].lower()}{next(_numbers)}@example.com"
    made = Person(email=address, name=name, invited_at=NOW, last_login=NOW)
    made.set_password(password)
    made.save()
    for role in roles:
        grant(made, role, line)
    return made


def grant(to: Person, role: Role, line: DeviceLine | None = None) -> RoleGrant:
    """A role that holds."""
    return RoleGrant.objects.create(person=to, role=role, line=line, granted_at=NOW, why="For the test.")


def line(name: str = "Infusion pumps") -> DeviceLine:
    """A device line."""
    return DeviceLine.objects.create(key=name.lower().replace(" ", "-"), name=name)


def token(*, by: Person, line: DeviceLine | None = None, scopes: str = "devices:read") -> ApiToken:
    """An API token nobody holds the text of."""
    written, now = token_text.make(), timezone.now()
    return ApiToken.objects.create(
        key=written.key,
        secret_sha256=written.sha256(),
        name="CI of the pump",
        scopes=scopes,
        line=line,
        issued_by=by,
        issued_at=now,
        expires_at=now + timedelta(days=90),
    )


def ceremony(*, of: Person) -> Ceremony:
    """An empty list put before somebody, for tests of who may open it."""
    now = timezone.now()
    return Ceremony.objects.create(
        key=secrets.token_hex(16),
        person=of,
        meaning="approved",
        why="",
        shown="[]",
        made_at=now,
        expires_at=now + timedelta(minutes=30),
    )


def with_generator(to: Person) -> str:
    """Give somebody a code generator; its secret, for `code_of`."""
    secret: str = generate_totp_secret()
    TOTP.activate(to, secret)
    return secret


def code_of(secret: str, *, at: datetime | None = None) -> str:
    """The code a generator with this secret shows at a time, now when none is given."""
    moment = at or timezone.now()
    code: str = format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30))
    return code
