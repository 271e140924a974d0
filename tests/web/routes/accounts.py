"""Signing in, the own account, people, tokens and signing."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from tests.accounts.builders import ceremony, grant, person, token
from tests.web.routes.interface import ANYBODY, SIGNED_IN, Route, Routes, holders

BOTH = ("GET", "POST")
NOT_THERE = frozenset({404})
"""What an address answers that names something this person has not: no passkey, no provider, no such link."""

POST = ("POST",)


def someone(who: Person | None) -> Mapping[str, object]:
    """Somebody else's number."""
    return {"pk": person("Otto Other", Role.QUALITY).pk}


def someones_role(who: Person | None) -> Mapping[str, object]:
    """Somebody else's role."""
    other = person("Otto Other")
    return {"pk": other.pk, "grant": grant(other, Role.QUALITY).pk}


def a_token(who: Person | None) -> Mapping[str, object]:
    """A token of somebody else, for all device lines."""
    return {"key": token(by=person("Otto Other", Role.PSIRT_MANAGER)).key}


def a_ceremony(who: Person | None) -> Mapping[str, object]:
    """A list that waits for who asks."""
    return {"key": ceremony(of=who or person("Otto Other")).key}


MANAGERS = holders(Permission.PEOPLE_MANAGE)
WORKERS = holders(Permission.PEOPLE_READ)
"""Whoever has a role."""
WITH_TOKENS = holders(Permission.TOKENS_REVOKE)

ROUTES: Routes = {
    "account": Route(allowed=SIGNED_IN, methods=BOTH),
    "account-end-sessions": Route(allowed=SIGNED_IN, methods=("POST",)),
    "first-run": Route(allowed=ANYBODY, methods=BOTH, kwargs=lambda who: {"secret": "x"}, answers=NOT_THERE),
    "invitation": Route(allowed=ANYBODY, methods=BOTH, kwargs=lambda who: {"secret": "x"}, answers=NOT_THERE),
    "account_login": Route(allowed=ANYBODY, methods=BOTH),
    "account_logout": Route(allowed=ANYBODY, methods=BOTH),
    "account_inactive": Route(allowed=ANYBODY),
    "account_reauthenticate": Route(allowed=SIGNED_IN, methods=BOTH),
    "account_change_password": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_index": Route(allowed=SIGNED_IN),
    "mfa_authenticate": Route(allowed=ANYBODY, methods=BOTH),
    "mfa_reauthenticate": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_activate_totp": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_deactivate_totp": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_view_recovery_codes": Route(allowed=SIGNED_IN, answers=frozenset({200, 404})),
    "mfa_generate_recovery_codes": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_list_webauthn": Route(allowed=SIGNED_IN),
    "mfa_add_webauthn": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_login_webauthn": Route(allowed=ANYBODY, methods=BOTH),
    "mfa_reauthenticate_webauthn": Route(allowed=SIGNED_IN, methods=BOTH),
    "mfa_remove_webauthn": Route(allowed=SIGNED_IN, methods=BOTH, kwargs=lambda who: {"pk": 1}),
    "mfa_edit_webauthn": Route(allowed=SIGNED_IN, methods=BOTH, kwargs=lambda who: {"pk": 1}),
    "socialaccount_login_cancelled": Route(allowed=ANYBODY),
    "socialaccount_login_error": Route(allowed=ANYBODY, answers=frozenset({401})),
    "openid_connect_login": Route(
        allowed=ANYBODY, methods=BOTH, kwargs=lambda who: {"provider_id": "none"}, answers=NOT_THERE
    ),
    "openid_connect_callback": Route(allowed=ANYBODY, kwargs=lambda who: {"provider_id": "none"}, answers=NOT_THERE),
    "accounts:sign": Route(allowed=SIGNED_IN, methods=BOTH, kwargs=a_ceremony),
    "accounts:sign-on": Route(allowed=SIGNED_IN, methods=POST, kwargs=a_ceremony),
    "people": Route(allowed=WORKERS),
    "people-invite": Route(allowed=MANAGERS, methods=BOTH),
    "device-lines": Route(allowed=WORKERS),
    "person": Route(allowed=WORKERS, kwargs=someone),
    "person-give-role": Route(allowed=MANAGERS, methods=POST, kwargs=someone),
    "person-take-role": Route(allowed=MANAGERS, methods=POST, kwargs=someones_role),
    "person-change": Route(allowed=MANAGERS, methods=POST, kwargs=someone),
    "person-deactivate": Route(allowed=MANAGERS, methods=POST, kwargs=someone),
    "person-reactivate": Route(allowed=MANAGERS, methods=POST, kwargs=someone),
    "person-renew": Route(allowed=MANAGERS, methods=POST, kwargs=someone),
    "person-end-sessions": Route(allowed=MANAGERS, methods=POST, kwargs=someone),
    "tokens": Route(allowed=WITH_TOKENS),
    "token-issue": Route(allowed=holders(Permission.TOKENS_ISSUE), methods=BOTH),
    "token": Route(allowed=WITH_TOKENS, kwargs=a_token),
    "token-revoke": Route(allowed=WITH_TOKENS, methods=POST, kwargs=a_token),
}
