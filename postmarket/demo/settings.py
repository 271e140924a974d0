"""
The settings of the demo's site, and of no other (ADR 46): they let every visitor of this machine in.

Importing them raises DemoError unless the home was made by `postmarket demo` and nothing else is set.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from postmarket.demo.home import demo_home

_HOME = demo_home()

from postmarket.config.database import database  # noqa: E402 - a site somebody has is refused before it is read
from postmarket.config.settings import *  # noqa: E402, F403
from postmarket.config.settings import INSTALLED_APPS, LOGGING, MIDDLEWARE, TEMPLATES  # noqa: E402

DATABASES = {"default": database(None, home=_HOME)}
DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
"""It is thrown away when the demo ends: nothing is gained by waiting for the disk."""
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
INSTALLED_APPS = ["postmarket.demo", *INSTALLED_APPS]
_SIGNED_IN = "django.contrib.messages.middleware.MessageMiddleware"
MIDDLEWARE = [
    part
    for name in MIDDLEWARE
    for part in ((name, "postmarket.demo.visitors.VisitorMiddleware") if name == _SIGNED_IN else (name,))
]
_OPTIONS: dict[str, Any] = dict(TEMPLATES[0])["OPTIONS"]  # type: ignore[assignment]  # settings are plain values
_OPTIONS["context_processors"].append("postmarket.demo.visitors.context")
LOGGING["loggers"]["postmarket"]["level"] = "WARNING"
"""The terminal shows the worklist, and what goes wrong; not every request."""
ROOT_URLCONF = "postmarket.demo.urls"
SESSION_IDLE = timedelta(hours=12)
"""Nobody who left the demo open over lunch is asked for a password they never had."""
