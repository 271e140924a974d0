"""Other processes that work on the test's database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def environment() -> Mapping[str, str]:
    """The environment in which a process finds the test's own database."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{settings['NAME']}"
    else:
        secret = f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
        host = f"{quote(settings['HOST'], safe='')}:{settings['PORT'] or 5432}"
        address = f"postgresql://{settings['USER']}{secret}@{host}/{settings['NAME']}"
    return os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(Path.cwd()),
    }
