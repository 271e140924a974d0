"""Signing in, the own account, people, tokens and signing."""

from __future__ import annotations

from tests.web.routes.interface import ANYBODY, SIGNED_IN, Route, Routes

BOTH = ("GET", "POST")
NOT_THERE = frozenset({404})
"""What an address answers that names something this person has not: no passkey, no provider, no such link."""

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
}
