"""The embedded database: copied as a whole by SQLite's online backup, which no writer disturbs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postmarket.backup.errors import NoBackup
from postmarket.backup.names import SQLITE
from postmarket.backup.writing import blocks_of

if TYPE_CHECKING:
    from postmarket.backup.reading import Backup

BUSY_SECONDS = 10
CLEANED = ("PRAGMA secure_delete=ON", "DELETE FROM django_session", "PRAGMA journal_mode=DELETE")
"""Whoever finds a backup must not be able to go on as somebody who was signed in."""


class SqliteSnapshot:
    """See `interface.Snapshot`: a copy that nobody else has."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one question."""
        with closing(sqlite3.connect(self._path)) as connection:
            return connection.execute(sql).fetchall()

    def has_table(self, name: str) -> bool:
        """Whether there was a table of that name."""
        return bool(self.ask(f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{name}'"))  # noqa: S608

    def members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """The file."""
        yield SQLITE, blocks_of(self._path)


@contextmanager
def snapshot(database: Path, *, scratch: Path) -> Iterator[SqliteSnapshot]:
    """
    The database at `database` as of now, copied to the file `scratch`, which goes afterwards.

    In one step, so under one read lock: in WAL mode writers go on, and the copy never starts anew.
    """
    try:
        scratch.unlink(missing_ok=True)
        scratch.touch(mode=0o600)
        with (
            closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as source,
            closing(sqlite3.connect(scratch, isolation_level=None)) as copy,
        ):
            source.backup(copy, pages=-1)
            if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_session'").fetchone():
                for statement in CLEANED:
                    copy.execute(statement).fetchall()
        yield SqliteSnapshot(scratch)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{scratch}{suffix}").unlink(missing_ok=True)


def restore(backup: Backup, *, to: Path) -> None:
    """
    Write the database of `backup` to the new file `to`, and have SQLite look at every page.

    Raises NoBackup when it is no whole database.
    """
    to.touch(mode=0o600, exist_ok=False)
    with to.open("wb") as file:
        for block in backup.unpacked(SQLITE):
            file.write(block)
    try:
        with closing(sqlite3.connect(to)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise NoBackup(f"its database cannot be read: {error}") from error
    if said != "ok" or broken:
        raise NoBackup(f"its database is damaged: {said if said != 'ok' else 'a row refers to one that is not there'}")
