"""What of a home belongs into a backup, and what does not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from postmarket.backup.names import ANCHORS, EVIDENCE, KEYS, is_allowed
from postmarket.config.oidc import FILE as PROVIDERS
from postmarket.config.policy import DEFAULT as POLICY

KEY_FOLDER = "keys"
SAID = (
    "POSTMARKET_TIME_ZONE",
    "POSTMARKET_HOSTS",
    "POSTMARKET_HTTPS",
    "POSTMARKET_PROXIES",
    "POSTMARKET_POLICY",
    "POSTMARKET_CONSERVATIVE_CLOCKS",
    "POSTMARKET_ANCHOR_FOLDER",
    "POSTMARKET_ANCHOR_MAIL",
    "POSTMARKET_MAIL_FROM",
    "POSTMARKET_SESSION_IDLE_MINUTES",
    "POSTMARKET_SESSION_HOURS",
    "POSTMARKET_MFA_FOR_EVERYONE",
    "POSTMARKET_OIDC_ISSUER",
    "POSTMARKET_OIDC_CLIENT_ID",
    "POSTMARKET_OIDC_NAME",
)
"""Variables whose values a backup repeats, to be set again."""
UNSAID = (
    "DATABASE_URL",
    "POSTMARKET_SECRET_KEY",
    "POSTMARKET_ANCHOR_WEBHOOK",
    "POSTMARKET_MAIL",
    "POSTMARKET_OIDC_CLIENT_SECRET",
)
"""Variables whose values are, or may hold, a secret: a backup only says that they were set."""


def evidence(home: Path) -> Iterator[tuple[str, Path]]:
    """Each kept file of evidence; what is still being written is none yet."""
    yield from _named(home / EVIDENCE, EVIDENCE, "*/*")


def anchors(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each anchor."""
    yield from _named(folder, ANCHORS, "*")


def public_keys(home: Path) -> Iterator[tuple[str, Path]]:
    """Each public key: without them nobody could say who signed."""
    yield from _named(home / KEY_FOLDER, KEYS, "*.pub")


def policy(home: Path) -> Iterator[tuple[str, Path]]:
    """The firm's own policy file in the home; one that POSTMARKET_POLICY names elsewhere is evidence only."""
    yield from _named(home, "", POLICY)


def secrets(home: Path) -> dict[str, bytes]:
    """Keys and the single sign-on providers, by their place in the home: they leave it only sealed."""
    files = [path for path in sorted((home / KEY_FOLDER).glob("*")) if path.is_file() and path.suffix != ".pub"]
    if (home / PROVIDERS).is_file():
        files.append(home / PROVIDERS)
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files if ".part" not in path.name}


def settings() -> dict[str, str]:
    """The variables that are set here and may be repeated."""
    return {name: os.environ[name] for name in SAID if os.environ.get(name)}


def unsaid() -> tuple[str, ...]:
    """The names of those that may not."""
    return tuple(name for name in UNSAID if os.environ.get(name))


def _named(folder: Path, beginning: str, pattern: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.glob(pattern)):
        name = f"{beginning}{path.relative_to(folder).as_posix()}"
        if path.is_file() and not path.is_symlink() and is_allowed(name):
            yield name, path
