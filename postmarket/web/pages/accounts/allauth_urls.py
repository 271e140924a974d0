"""The views of allauth that this site uses, under `/account/`. There is no sign-up and no mailing of passwords."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.accounts.own import to_account

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    # Also for who stands between password and second factor, and is nobody yet.
    path("logout/", login_not_required(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("factors/", to_account, name="mfa_index"),
    path("factors/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("factors/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("factors/generator/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("factors/generator/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/passkeys/", to_account, name="mfa_list_webauthn"),
    path("factors/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("factors/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("factors/passkeys/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("factors/passkeys/<int:pk>/rename/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sign-on/cancelled/", login_not_required(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-on/error/", login_not_required(social.login_error), name="socialaccount_login_error"),
    path("sign-on/<slug:provider_id>/", openid_connect.login, name="openid_connect_login"),
    path("sign-on/<slug:provider_id>/callback/", openid_connect.callback, name="openid_connect_callback"),
]
