"""Where mail goes: an SMTP server, or files in the home on a site that has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from postmarket.config.errors import ConfigError

FOLDER = "mail"
TIMEOUT_SECONDS = 10


def mail(url: str | None, *, home: Path) -> dict[str, Any]:
    """
    Django's EMAIL_ settings for `url` (`smtp://…`: STARTTLS; `smtps://…`: TLS), or for files in `home` without one.

    `smtp://localhost` and other loopback addresses speak plainly. Raises ConfigError for any other address; the message
    never repeats the address, which may hold a password.
    """
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(home / FOLDER),
        }
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        port, host = None, None
    if not host or parts.scheme not in {"smtp", "smtps"}:
        raise ConfigError(
            "POSTMARKET_MAIL names no mail server",
            next_step="Use smtp://USER:PASSWORD@HOST:587 or smtps://…, or leave it unset: mail is then kept as files.",
        )
    safe = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or (465 if safe else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": safe,
        "EMAIL_USE_TLS": not safe and host not in {"localhost", "127.0.0.1", "::1"},
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
