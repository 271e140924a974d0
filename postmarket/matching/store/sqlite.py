"""The store in a SQLite file, WAL mode: the embedded default."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from postmarket.matching.errors import StoreBusy, StoreError
from postmarket.matching.store.dialects import SQLITE
from postmarket.matching.store.locks import only_one_in, somebody_is_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

BUSY_TIMEOUT_MS = 10_000
CACHE_KIB = 16_384
ANALYSED_ROWS = 1_000
"""Rows of each index the planner's statistics are drawn from: enough to choose it, quick on any store."""
LOAD_AGAIN = "Set POSTMARKET_HOME to a new folder and load the feeds again there; this file is left as it is."
"""A new home, since what `feeds sync` remembers of the old one would keep it from fetching everything again."""
ALONE = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
WITHIN = ("SAVEPOINT store", "RELEASE store", ("ROLLBACK TO store", "RELEASE store"))
"""How a transaction begins, ends well, and is undone."""
MEND = f"Check the disk's space and the folder's rights. If the store is damaged: {LOAD_AGAIN}"


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode: transactions are begun explicitly. Raises sqlite3.Error."""
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)


def prepare(connection: sqlite3.Connection) -> None:
    """The manners of a connection of our own; the first writes to a file that was no database."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")


class SqliteConnection:
    """See `engine.Connection`. Statements that stand alone raise SQLite's own errors: no detour on a scan's way."""

    dialect = SQLITE
    way_out = LOAD_AGAIN

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def place(self) -> str:
        """The file; SQLite says it without reading the file."""
        rows = self._connection.execute("PRAGMA database_list").fetchall()
        return next((str(file) for _, name, file in rows if name == "main"), "")

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of `rows`."""
        self._connection.executemany(sql, rows)

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add whole rows."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own table names

    def replace(self, table: str, select: str, values: Sequence[object], *, columns: Sequence[str]) -> None:
        """Empty the table and fill it: readers go on with the pages before."""
        self.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names
        self.execute(f"INSERT INTO {table} {select}", values)

    def join_widely(self) -> None:
        """SQLite has one way."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that takes the write lock at once; a savepoint in the one that is open already."""
        begin, end, undo = WITHIN if self._connection.in_transaction else ALONE
        with self._in_our_words():
            self._connection.execute(begin)
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    for statement in undo:
                        self._connection.execute(statement)
                raise
            self._connection.execute(end)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One read transaction; a part of the one that is open already."""
        with self._in_our_words():
            inside = self._connection.in_transaction
            if inside:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def only_loader(self, home: Path) -> AbstractContextManager[None]:
        """The home's lock is the file's."""
        return only_one_in(home)

    def is_loading(self, home: Path) -> bool:
        """Whether a process holds the lock of the home."""
        return somebody_is_in(home)

    def has_table(self, name: str) -> bool:
        """Whether there is a table of that name."""
        return self.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None

    def is_empty(self) -> bool:
        """Whether there is no table at all."""
        return self.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None

    def refresh_statistics(self) -> None:
        """Sample every index."""
        self.execute(f"PRAGMA analysis_limit = {ANALYSED_ROWS}")
        self.execute("ANALYZE")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """SQLite's errors as ours, which name the file."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            where, why = self.place, str(error)
            if isinstance(error, sqlite3.OperationalError) and "locked" in why:
                step = "Another program writes to it: try again."
                raise StoreBusy("The vulnerability store is busy", where=where, why=why, next_step=step) from error
            raise StoreError("The vulnerability store cannot be used", where=where, why=why, next_step=MEND) from error
