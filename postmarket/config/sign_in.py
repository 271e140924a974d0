"""Settings of sign-in: passwords, second factors, single sign-on, sessions (docs/accounts.md)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from postmarket.config.environment import flag, number
from postmarket.config.home import home
from postmarket.config.oidc import allauth_apps, providers

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["postmarket.accounts.sign_in.backend.PersonBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())

SESSION_IDLE = timedelta(minutes=number("POSTMARKET_SESSION_IDLE_MINUTES", 30))
SESSION_LONGEST = timedelta(hours=number("POSTMARKET_SESSION_HOURS", 12))
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MFA_FOR_EVERYONE = flag("POSTMARKET_MFA_FOR_EVERYONE")
"""Whether readers need a second factor too; who may decide, sign or manage always does."""

ACCOUNT_ADAPTER = "postmarket.accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "postmarket.accounts.sign_in.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[postmarket] "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS: dict[str, None] | bool = {"login_failed": None}
"""Failures are counted in the database instead (services.attempts): every web machine sees them."""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if flag("POSTMARKET_HTTPS") else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = number("POSTMARKET_PROXIES", 0)

MFA_ADAPTER = "postmarket.accounts.sign_in.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_RATE_LIMITS: dict[str, str] | bool = {"webauthn_login": "30/m/ip"}
MFA_TOTP_ISSUER = "postmarket"
MFA_TOTP_TOLERANCE = 1
"""One step of 30 s either way (RFC 6238 §5.2); no step is taken twice (models.SpentCode)."""
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "postmarket.accounts.sign_in.forms.SecondFactorForm",
    "reauthenticate": "postmarket.accounts.sign_in.forms.SecondFactorAgainForm",
}

OIDC_PROVIDERS = providers(home())
SOCIALACCOUNT_ADAPTER = "postmarket.accounts.sign_in.social.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": allauth_apps(OIDC_PROVIDERS)}}
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
"""An invited person is known by address in SocialAdapter, on record; allauth's own way would wipe their password."""
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
