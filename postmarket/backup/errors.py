"""
What keeps a backup from being made or restored.

BackupError
├── NoBackup       a file is no backup, or not the whole of one
├── NotEmpty       there is something already where a backup was to be restored
└── WrongKeys      the passphrase does not open the keys, or is no passphrase
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class BackupError(PostmarketError):
    """A backup cannot be made or restored; nothing was changed."""

    code = "backup"


class NoBackup(BackupError):
    """The file is no backup, or not the whole of one."""

    code = "backup-damaged"

    def __init__(self, why: str, *, where: str = "") -> None:
        super().__init__(
            "This backup cannot be restored", where=where, why=why, next_step="Nothing was changed. Use another backup."
        )


class NotEmpty(BackupError):
    """A backup is restored into an empty home and an empty database only."""

    code = "backup-not-empty"


class WrongKeys(BackupError):
    """The passphrase does not open the keys, or is no passphrase."""

    code = "backup-passphrase"
