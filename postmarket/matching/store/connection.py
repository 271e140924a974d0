"""Opening the store: a SQLite file by default, a PostgreSQL database where an address names one."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from postmarket.matching.errors import StoreError
from postmarket.matching.store import sqlite
from postmarket.matching.store.dialects import statements
from postmarket.matching.store.sqlite import LOAD_AGAIN, SqliteConnection

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection

__all__ = ["LOAD_AGAIN", "OPEN_END", "SCHEMA_VERSION", "open_address", "open_store", "wrap"]

SCHEMA_VERSION = 3
OPEN_END = 2**62
"""`until` of a row that nothing has replaced."""
SYSTEM_OF_RECORD = "django_migrations"
"""A table that shares the store's database with it, and may be there first."""
SQLITE_ADDRESS = "sqlite:///"
POSTGRESQL_ADDRESSES = ("postgresql://", "postgres://")


def open_address(url: str, *, create: bool = False) -> Connection:
    """
    The store that `url` names: `postgresql://USER:PASSWORD@HOST:PORT/NAME`, or `sqlite:///PATH`.

    Raises StoreError as `open_store` does, and for any other address; no error repeats a password.
    """
    if url.startswith(SQLITE_ADDRESS):
        from urllib.parse import unquote

        return open_store(Path(unquote(url.removeprefix(SQLITE_ADDRESS))), create=create)
    if not url.startswith(POSTGRESQL_ADDRESSES):
        raise StoreError(
            "DATABASE_URL names no database postmarket uses",
            next_step="Use postgresql://USER:PASSWORD@HOST/NAME, or leave DATABASE_URL unset for SQLite.",
        )
    from postmarket.matching.store import postgresql

    connection = postgresql.PostgresqlConnection(postgresql.connect(url))
    try:
        if not create and not connection.has_table("store_state"):
            raise _no_data(connection.place)
        _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_store(path: Path, *, create: bool = False) -> Connection:
    """
    A connection to the store in the SQLite file at `path`.

    Raises StoreError when there is none (and `create` is false), when the file is no store or damaged, or when another
    version of postmarket made it: then it is left as it was.
    """
    if not create and not path.exists():
        raise _no_data(str(path))
    try:
        opened = sqlite.connect(path)
        try:
            connection = SqliteConnection(opened)
            _check(connection)
            sqlite.prepare(opened)
            _make_tables(connection)
        except BaseException:
            opened.close()
            raise
    except StoreError as error:
        raise error.at(str(path)) if not error.where else error from error.__cause__
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter: SQLite quotes a damaged table's name
        raise StoreError(
            "The vulnerability store cannot be opened",
            where=str(path),
            why=str(error),
            next_step="Check that it is a postmarket store in a writable folder. If it is damaged: " + LOAD_AGAIN,
        ) from error
    return connection


def wrap(connection: object) -> Connection:
    """
    The store on a DB-API connection that somebody else opened and closes: sqlite3's or psycopg's own.

    It takes part in the transaction that is open there, if any: then `writing` is a savepoint in it, and what it wrote
    stays or goes with it. `create_tables` makes the tables where they may be missing. Raises TypeError for others.
    """
    if isinstance(connection, sqlite3.Connection):
        return SqliteConnection(connection)
    import psycopg

    if isinstance(connection, psycopg.Connection):
        from postmarket.matching.store.postgresql import PostgresqlConnection

        return PostgresqlConnection(connection)
    raise TypeError(f"a connection of sqlite3 or psycopg is needed, not {type(connection).__name__}")


def create_tables(connection: Connection) -> None:
    """
    Make the store's tables where there are none, whatever else the database holds; nothing when they are there.

    Raises StoreError when those of another version are there.
    """
    if _is_current(connection):
        return
    with connection.writing():
        if connection.has_table("store_state"):
            return  # another process made them meanwhile
        for statement in statements("schema.sql", connection.dialect):
            connection.execute(statement)


def make_indexes(connection: Connection) -> None:
    """Make the indexes a reader needs, where they are missing."""
    for statement in statements("indexes.sql", connection.dialect):
        connection.execute(statement)


def generation(connection: Connection) -> int:
    """The generation readers see now; 0 is the empty store. Raises StoreError when the store does not say it."""
    return state(connection, "generation")


def state(connection: Connection, name: str) -> int:
    """One number of `store_state`. Raises StoreError when it is missing."""
    row = connection.execute("SELECT value FROM store_state WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise damaged(connection, f"it has no {name}")
    return int(row[0])


def damaged(connection: Connection, why: str) -> StoreError:
    """The error for a store in which something is missing that was written with the rest."""
    return StoreError(
        "The vulnerability store is damaged", where=connection.place, why=why, next_step=connection.way_out
    )


def _no_data(where: str) -> StoreError:
    return StoreError(
        "There is no vulnerability data yet",
        where=where,
        next_step="Load some: postmarket feeds load nvd PATH, or postmarket feeds sync.",
    )


def _make_tables(connection: Connection) -> None:
    """Make the tables, but not in a database that is somebody else's."""
    _check(connection)
    create_tables(connection)


def _check(connection: Connection) -> None:
    """Raise StoreError for a database that is not empty and neither a store of SCHEMA_VERSION nor meant to be one."""
    if _is_current(connection) or connection.is_empty() or connection.has_table(SYSTEM_OF_RECORD):
        return
    raise StoreError("This database is no vulnerability store", where=connection.place, next_step=connection.way_out)


def _is_current(connection: Connection) -> bool:
    """Whether the tables are there. Raises StoreError when another version of postmarket made them."""
    if not connection.has_table("store_state"):
        return False
    row = connection.execute("SELECT value FROM store_state WHERE name = 'schema'").fetchone()
    version = row and row[0]
    if version == SCHEMA_VERSION:
        return True
    newer = isinstance(version, int) and version > SCHEMA_VERSION
    raise StoreError(
        f"The vulnerability store was made by {'a newer' if newer else 'an older'} postmarket",
        where=connection.place,
        why=f"it has schema {version}, this postmarket reads and writes {SCHEMA_VERSION}",
        next_step=f"{'Upgrade postmarket, or: ' if newer else ''}{connection.way_out}",
    )
