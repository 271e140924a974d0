"""The store in a PostgreSQL database, through psycopg: imported only when there is one."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row
from psycopg.types.string import StrDumperUnknown

from postmarket.matching.errors import StoreBusy, StoreError
from postmarket.matching.store.dialects import POSTGRESQL, tables
from postmarket.matching.store.locks import another_load, only_one_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CONNECT_TIMEOUT_SECONDS = 10
SESSION = ("SET jit = off", "SET lock_timeout = '10s'")
"""Our statements are many and small, or one join that compiling makes slower; nobody waits for a lock for ever."""
FOR_WIDE_JOINS = (
    "SET LOCAL jit = off",
    "SET LOCAL enable_memoize = off",
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL max_parallel_workers_per_gather = 4",
)
"""See docs/adr/0041-two-engines.md for what each of them was worth."""
LOADER, WRITER = 7_301, 7_302
"""First half of an advisory lock's key; the second is the schema, so that two stores in one database are two."""
BUSY = (
    errors.LockNotAvailable,
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.QueryCanceled,
)
ALONE = ("BEGIN", "COMMIT", ("ROLLBACK",))
WITHIN = ("SAVEPOINT store", "RELEASE store", ("ROLLBACK TO store", "RELEASE store"))
"""How a transaction begins, ends well, and is undone."""
LOAD_AGAIN = (
    "Name a new database in DATABASE_URL, set POSTMARKET_HOME to a new folder, and load the feeds again there; "
    "this one is left as it is."
)
MEND = f"Check that the server runs, its disk's space and your rights. If the store is damaged: {LOAD_AGAIN}"


class _Text(StrDumperUnknown):
    """Text without NUL, which PostgreSQL cannot hold: what is asked for changes as what was written did."""

    def dump(self, obj: str) -> Any:
        """The same with U+FFFD in its place."""
        return super().dump(obj.replace("\0", "\ufffd"))


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection in autocommit mode: transactions are begun explicitly. Raises psycopg.Error."""
    connection = psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        client_encoding="utf8",
        application_name="postmarket",
    )
    for statement in SESSION:
        connection.execute(statement)
    return connection


class PostgresqlConnection:
    """See `engine.Connection`."""

    dialect = POSTGRESQL
    way_out = LOAD_AGAIN

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._loads = False

    @property
    def place(self) -> str:
        """The server's address and the database, without the password."""
        info = self._connection.info
        return f"postgresql://{info.host}:{info.port}/{quote(info.dbname)}"

    def execute(self, sql: str, values: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        """Run one statement; its rows are here when it returns."""
        with self._in_our_words():
            return self._cursor().execute(_marked(sql), values or None)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of `rows`, without waiting for one after the other."""
        with self._in_our_words():
            self._cursor().executemany(_marked(sql), rows)

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add whole rows by COPY."""
        if not rows:
            return
        with self._in_our_words(), self._cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def replace(self, table: str, select: str, values: Sequence[object], *, columns: Sequence[str]) -> None:
        """
        Find the rows apart, since only there PostgreSQL works in parallel; then change what differs.

        An emptied and filled table would leave as many dead rows as it has, and TRUNCATE would lock readers out.
        """
        listed = ", ".join(columns)
        same = " AND ".join(f"f.{column} = t.{column}" for column in columns)
        self.execute(f"CREATE TEMP TABLE found ({listed}) AS {select}", values)
        self.execute("ANALYZE found")
        self.execute(f"DELETE FROM {table} t WHERE NOT EXISTS (SELECT FROM found f WHERE {same})")  # noqa: S608
        self.execute(
            f"INSERT INTO {table} SELECT {listed} FROM found f"  # noqa: S608 - our own names
            f" WHERE NOT EXISTS (SELECT FROM {table} t WHERE {same}) ORDER BY {listed}"
        )
        self.execute("DROP TABLE found")

    def join_widely(self) -> None:
        """Set what the planner takes for granted about small statements aside, until the transaction ends."""
        for statement in FOR_WIDE_JOINS:
            self.execute(statement)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that waits for the store's other writer first; a savepoint in one that is open already."""
        begin, end, undo = WITHIN if self._inside else ALONE
        self.execute(begin)
        try:
            self._lock("pg_advisory_xact_lock", WRITER)
            yield
        except BaseException:
            if self._connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
                for statement in undo:
                    self.execute(statement)
            raise
        self.execute(end)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot; in a transaction that is open already, what that one sees."""
        inside = self._inside
        if inside:
            yield
            return
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try:
            yield
        finally:
            if not self._connection.closed and self._inside:
                self.execute("ROLLBACK")

    @contextmanager
    def only_loader(self, home: Path) -> Iterator[None]:
        """Hold an advisory lock, which the server takes from a session that ends; and the home's, for its evidence."""
        with only_one_in(home):
            if self._loads or not self._lock("pg_try_advisory_lock", LOADER):
                raise another_load(self.place)
            self._loads = True
            try:
                yield
            finally:
                self._loads = False
                if not self._connection.closed:
                    self._lock("pg_advisory_unlock", LOADER)

    def is_loading(self, home: Path) -> bool:
        """Whether a session, on whatever machine, holds the loader's lock."""
        found = self.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = ?"
            " AND objid = hashtext(current_schema())::oid"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (LOADER,),
        )
        return found.fetchone() is not None

    def has_table(self, name: str) -> bool:
        """Whether there is a table of that name in the schema."""
        row: Any = self.execute("SELECT to_regclass(?) IS NOT NULL", (name,)).fetchone()
        return bool(row[0])

    def is_empty(self) -> bool:
        """Whether the schema has no table."""
        found = self.execute("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1")
        return found.fetchone() is None

    def refresh_statistics(self) -> None:
        """Sample the store's tables; outside a transaction also note which rows all see: joins then read indexes."""
        how = "ANALYZE" if self._inside else "VACUUM (ANALYZE)"
        self.execute(f"{how} {', '.join(tables())}")

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    @property
    def _inside(self) -> bool:
        """Whether a transaction is open, or whoever opened the connection lets one begin with the first statement."""
        status = self._connection.info.transaction_status
        return not self._connection.autocommit or status is not TransactionStatus.IDLE

    def _lock(self, function: str, kind: int) -> bool:
        row: Any = self.execute(f"SELECT {function}(?, hashtext(current_schema()))", (kind,)).fetchone()
        return bool(row[0])

    def _cursor(self) -> psycopg.Cursor[Any]:
        """A cursor of the plain kind, whatever kind the connection was told to make."""
        cursor: psycopg.Cursor[Any] = psycopg.Cursor(self._connection, row_factory=tuple_row)
        cursor.format = psycopg.pq.Format.BINARY
        cursor.adapters.register_dumper(str, _Text)
        return cursor

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """PostgreSQL's errors as ours, which name the database."""
        try:
            yield
        except psycopg.Error as error:
            where, why = self.place, " ".join(str(error).split())
            if isinstance(error, BUSY):
                step = "Another program writes to it: try again."
                raise StoreBusy("The vulnerability store is busy", where=where, why=why, next_step=step) from error
            raise StoreError("The vulnerability store cannot be used", where=where, why=why, next_step=MEND) from error


@lru_cache(maxsize=256)
def _marked(sql: str) -> bytes:
    """`sql` with psycopg's marks for values; none of ours has a `?` or `%` that means something else."""
    return sql.replace("%", "%%").replace("?", "%s").encode()
