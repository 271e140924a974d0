"""What is in a backup: its manifest, and who is told how far the work is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

FORMAT = "postmarket-backup-1"
MANIFEST = "manifest.json"
SEALED = "secrets.sealed"


class Member(msgspec.Struct, frozen=True):
    """One file in the archive: its SHA-256 and size as it lies there, and its size once unpacked."""

    name: str
    sha256: str
    bytes: int
    unpacked: int


class Manifest(msgspec.Struct, frozen=True):
    """
    What a backup says of itself, as `manifest.json`.

    `engine` is `sqlite` or `postgresql`; `migrations` are those that were applied, by app; `store` is the vulnerability
    store's schema; `chain`, `entries` and `head` (hex) are where the records end. `settings` are variables of the
    environment to set again, `unsaid` those whose values are secret.
    """

    format: str
    made_at: datetime
    postmarket: str
    engine: str
    migrations: Mapping[str, tuple[str, ...]]
    store: int
    chain: str
    entries: int
    head: str
    keys: bool
    settings: Mapping[str, str]
    unsaid: tuple[str, ...]
    members: tuple[Member, ...]


class Watcher(Protocol):
    """Is told how far it is."""

    def total(self, size: int) -> None:
        """How many bytes there are in all."""

    def reading(self, name: str, done: int) -> None:
        """`done` bytes are behind us; at `name` now."""


class Nobody:
    """Watches nothing."""

    def total(self, size: int) -> None:
        """How many bytes there are in all."""

    def reading(self, name: str, done: int) -> None:
        """`done` bytes are behind us."""
