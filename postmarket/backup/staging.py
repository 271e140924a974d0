"""A home while it is restored: everything beside its place, then moved there at once, or taken away again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from postmarket.backup.contents import KEY_FOLDER
from postmarket.backup.errors import NoBackup, NotEmpty
from postmarket.backup.interface import SEALED
from postmarket.backup.names import ANCHORS, EVIDENCE, KEYS
from postmarket.backup.sealing import open_sealed
from postmarket.config.oidc import FILE as PROVIDERS
from postmarket.config.policy import DEFAULT as POLICY
from postmarket.config.secret import NAME as SITE_SECRET
from postmarket.records.keys import PUBLIC
from postmarket.records.keys import SECRET as SIGNING_KEY

if TYPE_CHECKING:
    from postmarket.backup.reading import Backup

FOLDER = ".restoring"
SECRETS = frozenset({f"{KEY_FOLDER}/{SIGNING_KEY}", f"{KEY_FOLDER}/{SITE_SECRET}", PROVIDERS})
"""What may lie sealed in a backup."""
KEY_DIGITS = 8


def check_empty(home: Path) -> None:
    """Raise NotEmpty when there is anything in `home`."""
    try:
        there = sorted(path.name for path in home.iterdir())
    except FileNotFoundError:
        return
    if FOLDER in there:
        raise NotEmpty(
            "An earlier restore was stopped half-way here",
            where=str(home),
            next_step="Remove what is in this folder, then run the same command again.",
        )
    if there:
        raise NotEmpty(
            "A backup is restored into an empty home only",
            where=str(home),
            why=f"there is {there[0]}" + (f" and {len(there) - 1} more" if len(there) > 1 else ""),
            next_step="Set POSTMARKET_HOME to a new folder; nothing was changed.",
        )


@dataclass
class Staging:
    """A home in the making, in a folder inside `home`; `undo` until `place` has ended well."""

    home: Path
    database: Path | None = None
    """Where the embedded database belongs; None on a server."""
    _made: bool = False
    _moved: list[Path] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where everything lies meanwhile."""
        return self.home / FOLDER

    @property
    def database_file(self) -> Path | None:
        """Where the embedded database lies meanwhile: on the disk it will stay on."""
        if self.database is None or self.database.parent != self.home:
            return self.database and self.database.with_name(f".{self.database.name}{FOLDER}")
        return self.folder / self.database.name

    def begin(self) -> None:
        """Make the folders. Raises NotEmpty, OSError."""
        check_empty(self.home)
        if self.database is not None and self.database.exists():
            raise NotEmpty(
                "A backup is restored into an empty database only",
                where=str(self.database),
                why="there is such a file",
                next_step="Name a new one in DATABASE_URL, or leave it unset; nothing was changed.",
            )
        self._made = not self.home.exists()
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.mkdir(mode=0o700)

    def fill(self, backup: Backup, *, passphrase: str | None) -> None:
        """
        Write evidence, anchors, the firm's policy and keys; without `passphrase` no secret ones.

        A public key whose secret half does not come along gets a name of its own: the site will make a new key.
        Raises NoBackup, WrongKeys, OSError.
        """
        secrets = open_sealed(b"".join(backup.read(SEALED)), passphrase) if passphrase is not None else {}
        for name, content in secrets.items():
            if name not in SECRETS:
                raise NoBackup("its keys hold a file that no backup has")
            self._write(name, [content])
        for name in (*backup.names(EVIDENCE), *backup.names(ANCHORS), *backup.names(POLICY)):
            self._write(name, backup.read(name))
        for name in backup.names(KEYS):
            content = b"".join(backup.read(name))
            own = name == f"{KEYS}{PUBLIC}" and f"{KEY_FOLDER}/{SIGNING_KEY}" not in secrets
            digits = hashlib.sha256(content).hexdigest()[:KEY_DIGITS]
            self._write(f"{KEYS}earlier-{digits}.pub" if own else name, [content])

    def place(self) -> None:
        """Move everything to where it belongs. Raises OSError, and then `undo` takes it back."""
        for path in sorted(self.folder.iterdir()):
            target = self.home / path.name
            path.rename(target)
            self._moved.append(target)
        file = self.database_file
        if self.database is not None and file is not None and file.exists():
            file.rename(self.database)
            self._moved.append(self.database)
        self.folder.rmdir()

    def undo(self) -> None:
        """Leave the home as it was found."""
        file = self.database_file
        beside = [Path(f"{file}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")] if file is not None else []
        for path in (*self._moved, *beside, self.folder):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if self._made:
            with contextlib.suppress(OSError):
                self.home.rmdir()

    def _write(self, name: str, content: Iterable[bytes]) -> None:
        path = self.folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = 0o444 if name.startswith(ANCHORS) else 0o600
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            for block in content:
                file.write(block)
