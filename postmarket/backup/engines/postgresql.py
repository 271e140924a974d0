"""
PostgreSQL: every table by COPY, in one snapshot; put back into tables that our own migrations made.

No other program is needed, and none whose version would have to fit the server's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from psycopg import sql

from postmarket.backup.errors import NoBackup
from postmarket.backup.names import DATABASE, of_table, table_of

if TYPE_CHECKING:
    from postmarket.backup.reading import Backup

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
TABLES = """
    SELECT relname, array_agg(attname ORDER BY attnum)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relkind = 'r' AND relpersistence = 'p' AND pg_table_is_visible(pg_class.oid)
      AND relnamespace = current_schema()::regnamespace
      AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    GROUP BY relname ORDER BY relname
"""
SIZE = """
    SELECT coalesce(sum(pg_table_size(oid)), 0) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
SESSIONS = "django_session"
"""Whoever finds a backup must not be able to go on as somebody who was signed in: only its columns are kept."""


class PostgresqlSnapshot:
    """See `interface.Snapshot`; lives as long as its transaction."""

    def __init__(self) -> None:
        self._tables = {str(name): list(columns) for name, columns in self.ask(TABLES)}
        ((self.size,),) = self.ask(SIZE)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one question."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def has_table(self, name: str) -> bool:
        """Whether there was a table of that name."""
        return name in self._tables

    def members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Each table: a line of its columns, then its rows as COPY writes them."""
        for table, columns in self._tables.items():
            yield of_table(table), _rows(table, columns)


@contextmanager
def snapshot() -> Iterator[PostgresqlSnapshot]:
    """The database as of now; writers go on."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_MOMENT)
        yield PostgresqlSnapshot()


def restore(backup: Backup) -> None:
    """
    Fill the tables, which migrations have just made, with the rows of `backup`; call inside a transaction.

    Guards stand down while the rows our migrations wrote make place for those of the backup, and `records verify`
    sees whether they stand again. Raises NoBackup when the rows do not fit the tables.
    """
    there = {str(name): list(columns) for name, columns in _ask(TABLES)}
    unknown = sorted({table_of(name) for name in backup.names(DATABASE)} - set(there))
    if unknown:
        raise NoBackup(f"this postmarket has no table {unknown[0]}")
    try:
        _each("ALTER TABLE {} DISABLE TRIGGER USER", there)
        _each("DELETE FROM {}", there)
        for name in backup.names(DATABASE):
            _fill(backup, name, there[table_of(name)])
        with connection.cursor() as cursor:
            # Foreign keys are looked at now, since a table with checks to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _each("ALTER TABLE {} ENABLE TRIGGER USER", there)
            for statement in connection.ops.sequence_reset_sql(no_style(), _models(there)):
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise NoBackup(f"its rows do not fit: {' '.join(str(error).split())[:200]}") from error


def _fill(backup: Backup, name: str, columns: Sequence[str]) -> None:
    table, content = table_of(name), backup.unpacked(name)
    head = b""
    for block in content:
        head += block
        if b"\n" in head:
            break
    line, _, rest = head.partition(b"\n")
    named = line.decode("utf-8", "replace").split("\t")
    if not set(named) <= set(columns) or len(set(named)) != len(named):
        raise NoBackup(f"its table {table} has other columns than this postmarket's")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, named))
    )
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rest)
        for block in content:
            copy.write(block)


def _rows(table: str, columns: Sequence[str]) -> Iterator[bytes]:
    yield "\t".join(columns).encode() + b"\n"
    if table == SESSIONS:
        return
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            yield bytes(block)


def _each(statement: str, tables: Iterable[str]) -> None:
    with connection.connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(table)))


def _ask(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def _models(tables: Iterable[str]) -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in set(tables)]
