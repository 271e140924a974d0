"""How one person signs in, for their own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from postmarket.accounts.factors import needs_second_factor
from postmarket.accounts.models import ApiToken, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class KeptPasskey:
    """A passkey or security key; `alone`: it signs in without the password."""

    id: int
    name: str
    alone: bool
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaysIn:
    """By what somebody signs in and signs. `recovery_codes` is how many are left, None when none were made."""

    password: bool
    generator_since: datetime | None
    passkeys: tuple[KeptPasskey, ...]
    recovery_codes: int | None
    providers: tuple[str, ...]
    needs_second: bool

    @property
    def has_second(self) -> bool:
        """Whether a second factor is set up; recovery codes alone are none."""
        return self.generator_since is not None or bool(self.passkeys)


def ways_in(person: Person) -> WaysIn:
    """By what `person` signs in."""
    kept = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    generator = next((one for one in kept if one.type == Authenticator.Type.TOTP), None)
    codes = next((one for one in kept if one.type == Authenticator.Type.RECOVERY_CODES), None)
    linked = set(SocialAccount.objects.filter(user=person).values_list("provider", flat=True))
    return WaysIn(
        password=person.has_usable_password(),
        generator_since=None if generator is None else generator.created_at,
        passkeys=tuple(_passkey(one) for one in kept if one.type == Authenticator.Type.WEBAUTHN),
        recovery_codes=None if codes is None else len(codes.wrap().get_unused_codes()),
        providers=tuple(one.name for one in settings.OIDC_PROVIDERS if one.id in linked),
        needs_second=needs_second_factor(person),
    )


def roles_of(person: Person) -> list[RoleGrant]:
    """The roles they hold now, in the order they were given."""
    return list(person.grants.filter(revoked_at=None).select_related("line").order_by("granted_at", "pk"))


def living_tokens_of(person: Person, *, now: datetime) -> int:
    """How many API tokens of theirs open something now."""
    return ApiToken.objects.filter(issued_by=person, revoked_at=None, expires_at__gt=now).count()


def _passkey(one: Authenticator) -> KeptPasskey:
    key = one.wrap()
    return KeptPasskey(one.pk, key.name, key.is_passwordless is True, one.created_at, one.last_used_at)
