"""The site's own secret: made once, kept in the home, readable by its owner alone."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from postmarket.config.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "keys"
NAME = "site.secret"
LENGTH_BYTES = 48


def site_secret(home: Path) -> str:
    """
    The secret that signs sessions and links, made on first use.

    `POSTMARKET_SECRET_KEY` goes first: several web machines share one. Raises ConfigError when it cannot be kept.
    """
    given = os.environ.get("POSTMARKET_SECRET_KEY")
    if given:
        return given
    path = home / FOLDER / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise ConfigError(
            "The site's secret cannot be kept",
            where=str(path),
            why=error.strerror or str(error),
            next_step="Make the folder writable for the user postmarket runs as, or set POSTMARKET_SECRET_KEY.",
        ) from error


def _make(path: Path) -> None:
    """Write a new secret whole, or leave the one another process wrote meanwhile."""
    unfinished = path.with_name(f"{NAME}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(LENGTH_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
