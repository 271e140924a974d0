"""Django's settings: from the environment, with defaults that are safe on one machine (docs/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from postmarket.config.database import database
from postmarket.config.environment import flag, time_zone, words
from postmarket.config.home import home
from postmarket.config.mail import mail
from postmarket.config.policy import policy_files
from postmarket.config.secret import site_secret
from postmarket.config.sign_in import *  # noqa: F403
from postmarket.config.sign_in import OIDC_PROVIDERS
from postmarket.web import logs
from postmarket.web.fingerprint import static_url

POSTMARKET_HOME = home()
POSTMARKET_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)

SECRET_KEY = site_secret(POSTMARKET_HOME)
DEBUG = False
ALLOWED_HOSTS = words("POSTMARKET_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
HTTPS = flag("POSTMARKET_HTTPS")
"""Whether people reach the site by https: cookies are then sent over nothing else."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "postmarket.records",
    "postmarket.tasks",
    "postmarket.accounts",
    "postmarket.inventory",
    "postmarket.monitoring",
    "postmarket.intake",
    "postmarket.cases",
    "postmarket.assessment",
    "postmarket.api",
    "postmarket.web",  # before allauth: its templates go first
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
]
MIDDLEWARE = [
    "postmarket.web.middleware.request_log.RequestLogMiddleware",
    "postmarket.web.middleware.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "postmarket.accounts.middleware.OneMomentMiddleware",
    "postmarket.accounts.middleware.SessionPolicyMiddleware",
    "postmarket.accounts.middleware.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "postmarket.web.middleware.moment.MomentMiddleware",
    "postmarket.web.middleware.failures.FailuresMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "postmarket.web.shell.context",
            ],
            "builtins": ["django.templatetags.static", "postmarket.web.templatetags.web"],
        },
    }
]
ROOT_URLCONF = "postmarket.config.urls"
WSGI_APPLICATION = "postmarket.config.wsgi.application"

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), home=POSTMARKET_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

globals().update(mail(os.environ.get("POSTMARKET_MAIL"), home=POSTMARKET_HOME))
DEFAULT_FROM_EMAIL = os.environ.get("POSTMARKET_MAIL_FROM", "postmarket@localhost")

USE_TZ = True
TIME_ZONE = "UTC"
SITE_TIME_ZONE = time_zone("POSTMARKET_TIME_ZONE")
"""The zone the site lives by (IANA name): records name it beside each time, which itself is UTC."""
CONSERVATIVE_CLOCKS = flag("POSTMARKET_CONSERVATIVE_CLOCKS")
"""Whether clocks in working days count federal holidays too: the same or an earlier date (docs/cases.md)."""
POLICY_FILES = policy_files(os.environ.get("POSTMARKET_POLICY"), home=POSTMARKET_HOME)
"""The firm's own policy files, over the packs (docs/policy.md)."""

ANCHOR_FOLDER = Path(os.environ.get("POSTMARKET_ANCHOR_FOLDER") or POSTMARKET_HOME / "anchors")
ANCHOR_MAIL = words("POSTMARKET_ANCHOR_MAIL")
ANCHOR_WEBHOOK = os.environ.get("POSTMARKET_ANCHOR_WEBHOOK", "")
"""Where the signed heads of the records go (docs/records.md)."""

WATCH_HOSTS = words("POSTMARKET_WATCH_HOSTS")
"""Hosts on our own network whose feeds may be watched (docs/feeds.md): all others must have public addresses."""

USE_I18N = False
LANGUAGE_CODE = "en-us"
STATIC_URL = static_url()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 365 * 24 * 3600
"""For ever: the address holds a fingerprint of the files."""
LIVING_PAGE = False
"""Whether /design/ shows every component; the tests do."""
LOGGING = logs.settings()

SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
FORM_ACTION_ORIGINS = sorted(
    {urlsplit(provider.issuer)._replace(path="", query="").geturl() for provider in OIDC_PROVIDERS}
)
"""Where a form of ours may lead by a redirect: the identity providers people sign in at."""
CSRF_FAILURE_VIEW = "postmarket.web.failures.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
