"""Small temporary tables of what a query is about: one join instead of thousands of look-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

TABLES = {
    "wanted_id": "id INTEGER PRIMARY KEY",
    "wanted_name": "kind TEXT, name TEXT",
    "wanted_digest": "digest BLOB PRIMARY KEY",
    "wanted_disjoint": "pair INTEGER PRIMARY KEY",
    "wanted_key": "id INTEGER, product_id INTEGER, version_key BLOB, exact INTEGER",
    "wanted_product": "id INTEGER, product_id INTEGER",
}


def fill(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """
    Make the temporary `table` hold exactly `rows`.

    Analysed each time: without its size the planner takes it for large, and reads the whole store beside it.
    """
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({TABLES[table]})")
    connection.execute(f"DELETE FROM temp.{table}")  # noqa: S608 - our own table names
    marks = ", ".join("?" * (TABLES[table].count(",") + 1))
    connection.executemany(f"INSERT INTO temp.{table} VALUES ({marks})", rows)  # noqa: S608 - our own table names
    connection.execute(f"ANALYZE temp.{table}")
