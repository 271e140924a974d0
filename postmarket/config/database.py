"""Which database holds the system of record: `DATABASE_URL`, else one SQLite file in the home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from postmarket.config.errors import ConfigError
from postmarket.config.home import STORE

BUSY_TIMEOUT_SECONDS = 10
ON_CONNECT = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
KEPT_OPEN_SECONDS = 600


def database(url: str | None, *, home: Path) -> dict[str, Any]:
    """
    Django's entry for `url` (`postgresql://…` or `sqlite:///…`), or for the file in `home` when there is none.

    Raises ConfigError for any other address: the message never repeats the address, which may hold a password.
    """
    return _addressed(url) if url else _sqlite(home / STORE)


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path.absolute()),
        "CONN_MAX_AGE": KEPT_OPEN_SECONDS,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_TIMEOUT_SECONDS,
            "init_command": ON_CONNECT,
        },
    }


def _addressed(url: str) -> dict[str, Any]:
    scheme = url.partition("://")[0]
    if scheme not in {"postgres", "postgresql", "sqlite"} or "://" not in url:
        raise ConfigError(
            "DATABASE_URL names no database postmarket uses",
            next_step="Use postgresql://USER:PASSWORD@HOST/NAME, or leave DATABASE_URL unset for SQLite.",
        )
    try:
        entry = dj_database_url.parse(url, conn_max_age=KEPT_OPEN_SECONDS, conn_health_checks=True)
    except ValueError as error:
        raise ConfigError(
            "DATABASE_URL cannot be read",
            why="a part of it is not what an address has there; special characters in a password need %-escapes",
            next_step="Write postgresql://USER:PASSWORD@HOST:PORT/NAME.",
        ) from error
    return _sqlite(Path(entry["NAME"])) if scheme == "sqlite" else dict(entry)
