"""Stores for tests: SQLite files, or schemas in the PostgreSQL that `python -m tests.postgresql` names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from postmarket.matching.store.engine import Connection
from postmarket.matching.store.sqlite import SqliteConnection

Stores = Callable[[Path], AbstractContextManager[str]]
"""Gives the address of a new store, which may lie in the folder."""


def postgresql() -> str:
    """The address of the PostgreSQL that tests may use; empty for none."""
    address = os.environ.get("DATABASE_URL", "")
    return address if address.startswith("postgres") else ""


@contextmanager
def new_store(folder: Path) -> Iterator[str]:
    """The address of a store that is not there yet, on the engine that is tested; it goes afterwards."""
    if postgresql():
        with new_schema() as address:
            yield address
    else:
        yield f"sqlite:///{folder / 'postmarket.sqlite3'}"


@contextmanager
def new_schema() -> Iterator[str]:
    """The address of an empty schema of its own in the PostgreSQL that tests may use."""
    import psycopg

    name = f"store_{uuid4().hex}"
    with psycopg.connect(postgresql(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        try:
            yield f"{postgresql()}?options={quote(f'-c search_path={name}')}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def no_patience(connection: Connection) -> None:
    """Wait one millisecond for what another holds."""
    lite = isinstance(connection, SqliteConnection)
    connection.execute("PRAGMA busy_timeout = 1" if lite else "SET lock_timeout = '1ms'")


class Watched:
    """A connection that notes each statement, and each transaction that ended well as "committed"."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Any:
        """Whatever else a connection can."""
        return getattr(self._connection, name)

    def execute(self, sql: str, values: Sequence[object] = ()) -> Any:
        """Run one statement."""
        self.done.append(sql)
        return self._connection.execute(sql, values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction."""
        with self._connection.writing():
            yield
        self.done.append("committed")
