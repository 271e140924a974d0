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

SCHEMA_VERSION = 2
DIALECT = {"{bytes}": "BLOB", "{clustered}": " WITHOUT ROWID", "{id}": "INTEGER PRIMARY KEY"}
"""What SQLite calls the things the SQL files leave open."""
LOAD_AGAIN = "Set POSTMARKET_HOME to a new folder and load the feeds again there; this file is left as it is."
"""A new home, since what `feeds sync` remembers of the old one would keep it from fetching everything again."""
MEND = f"Check the disk's space and the folder's rights. If the store is damaged: {LOAD_AGAIN}"
OPEN_END = 2**62
"""`until` of a row that nothing has replaced."""
BUSY_TIMEOUT_MS = 10_000
CACHE_KIB = 16_384


def open_store(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """
    A connection to the store at `path`, in autocommit mode: transactions are begun explicitly.

    Raises StoreError when there is none (and `create` is false), when the file is no store or damaged, or when another
    version of postmarket made it: then it is left as it was.
    """
    if not create and not path.exists():
        raise StoreError(
            "There is no vulnerability data yet",
            where=str(path),
            next_step="Load some: postmarket feeds load nvd PATH, or postmarket feeds sync.",
        )
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            _check_version(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            _make_tables(connection)
        except BaseException:
            connection.close()
            raise
    except StoreError as error:
        raise error.at(str(path)) from error.__cause__
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter: SQLite quotes a damaged table's name
        raise StoreError(
            "The vulnerability store cannot be opened",
            where=str(path),
            why=str(error),
            next_step="Check that it is a postmarket store in a writable folder. If it is damaged: " + LOAD_AGAIN,
        ) from error
    return connection


def generation(connection: sqlite3.Connection) -> int:
    """The generation readers see now; 0 is the empty store. Raises StoreError when the store does not say it."""
    return state(connection, "generation")


def state(connection: sqlite3.Connection, name: str) -> int:
    """One number of `store_state`. Raises StoreError when it is missing."""
    row = connection.execute("SELECT value FROM store_state WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise damaged(connection, f"it has no {name}")
    return int(row[0])


def damaged(connection: sqlite3.Connection, why: str) -> StoreError:
    """The error for a store in which something is missing that was written with the rest."""
    return StoreError("The vulnerability store is damaged", where=_file(connection), why=why, next_step=LOAD_AGAIN)


def _file(connection: sqlite3.Connection) -> str:
    """The file of the store; SQLite says it without reading the file."""
    rows = connection.execute("PRAGMA database_list").fetchall()
    return next((str(file) for _, name, file in rows if name == "main"), "")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """
    One transaction that takes the write lock at once and leaves nothing behind when it fails.

    Raises StoreBusy when another program holds the store too long, StoreError when it cannot be written.
    """
    with _in_our_words(connection):
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
    with _in_our_words(connection):
        connection.execute("BEGIN")
        try:
            yield
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


@contextmanager
def _in_our_words(connection: sqlite3.Connection) -> Iterator[None]:
    """SQLite's errors as ours, which name the file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        where, why = _file(connection), str(error)
        if isinstance(error, sqlite3.OperationalError) and "locked" in why:
            step = "Another program writes to it: try again."
            raise StoreBusy("The vulnerability store is busy", where=where, why=why, next_step=step) from error
        raise StoreError("The vulnerability store cannot be used", where=where, why=why, next_step=MEND) from error


def make_indexes(connection: sqlite3.Connection) -> None:
    """Make the indexes a reader needs, where they are missing."""
    for statement in _statements("indexes.sql"):
        connection.execute(statement)


def _make_tables(connection: sqlite3.Connection) -> None:
    if _has_tables(connection):
        return
    with writing(connection):
        if _has_tables(connection):
            return  # another process made them meanwhile
        for statement in _statements("schema.sql"):
            connection.execute(statement)


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _check_version(connection: sqlite3.Connection) -> None:
    """Raise StoreError for a database that is not empty and not a store of SCHEMA_VERSION; nothing is written."""
    if not _has_tables(connection):
        return
    row = None
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'store_state'").fetchone():
        row = connection.execute("SELECT value FROM store_state WHERE name = 'schema'").fetchone()
    if row is None:
        raise StoreError("This database is no vulnerability store", next_step=LOAD_AGAIN)
    (version,) = row
    if version == SCHEMA_VERSION:
        return
    newer = isinstance(version, int) and version > SCHEMA_VERSION
    raise StoreError(
        f"The vulnerability store was made by {'a newer' if newer else 'an older'} postmarket",
        why=f"it has schema {version}, this postmarket reads and writes {SCHEMA_VERSION}",
        next_step=f"{'Upgrade postmarket, or: ' if newer else ''}{LOAD_AGAIN}",
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
