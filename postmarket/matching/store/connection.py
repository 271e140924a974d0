"""Opening the store. On the embedded default it is one SQLite file in WAL mode."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from postmarket.matching.errors import StoreBusy, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA_VERSION = 1
DIALECT = {"{bytes}": "BLOB", "{clustered}": " WITHOUT ROWID", "{id}": "INTEGER PRIMARY KEY"}
"""What SQLite calls the things the SQL files leave open."""
MEND = "Check the disk's space and the folder's rights; if it is damaged, move it away and load the feeds again."
OPEN_END = 2**62
"""`until` of a row that nothing has replaced."""
BUSY_TIMEOUT_MS = 10_000
CACHE_KIB = 16_384


def open_store(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """
    A connection to the store at `path`, in autocommit mode: transactions are begun explicitly.

    Raises StoreError when there is none (and `create` is false), when the file is no store, or when it was made by
    a newer postmarket.
    """
    if not create and not path.exists():
        raise StoreError(
            "There is no vulnerability data yet",
            where=str(path),
            next_step="Load some: postmarket feeds load nvd PATH, or postmarket feeds sync.",
        )
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        _make_tables(connection)
    except sqlite3.DatabaseError as error:
        raise StoreError(
            "The vulnerability store cannot be opened",
            where=str(path),
            why=str(error),
            next_step="Check that it is a postmarket store in a writable folder, or move it away and load again.",
        ) from error
    return connection


def generation(connection: sqlite3.Connection) -> int:
    """The generation readers see now; 0 is the empty store."""
    (value,) = connection.execute("SELECT value FROM store_state WHERE name = 'generation'").fetchone()
    return int(value)


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """
    One transaction that takes the write lock at once and leaves nothing behind when it fails.

    Raises StoreBusy when another program holds the store too long, StoreError when it cannot be written.
    """
    with _in_our_words():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything read inside is of one moment, whatever is loaded meanwhile. Raises StoreError."""
    with _in_our_words():
        connection.execute("BEGIN")
        try:
            yield
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


@contextmanager
def _in_our_words() -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreBusy(
                "The vulnerability store is busy", why=str(error), next_step="Another program writes to it: try again."
            ) from error
        raise StoreError("The vulnerability store cannot be used", why=str(error), next_step=MEND) from error
    except sqlite3.DatabaseError as error:
        raise StoreError("The vulnerability store cannot be used", why=str(error), next_step=MEND) from error


def make_indexes(connection: sqlite3.Connection) -> None:
    """Make the indexes a reader needs, where they are missing."""
    for statement in _statements("indexes.sql"):
        connection.execute(statement)


def _make_tables(connection: sqlite3.Connection) -> None:
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'store_state'").fetchone()[0]
    if not found:
        with writing(connection):
            for statement in _statements("schema.sql"):
                connection.execute(statement)
        return
    (version,) = connection.execute("SELECT value FROM store_state WHERE name = 'schema'").fetchone()
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"The vulnerability store has schema {version}, this postmarket reads {SCHEMA_VERSION}",
            next_step="Use the postmarket that made it, or load the feeds into a new POSTMARKET_HOME.",
        )


def _statements(name: str) -> Iterator[str]:
    """The statements of a packaged SQL file, for SQLite."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    for word, meaning in DIALECT.items():
        code = code.replace(word, meaning)
    for statement in code.split(";"):
        if statement.strip():
            yield statement.strip()
