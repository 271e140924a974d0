"""Small temporary tables of what a query is about: one join instead of thousands of look-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.matching.store.dialects import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postmarket.matching.store.engine import Connection

TABLES = {
    "wanted_id": "id {id}",
    "wanted_name": "kind {text}, name {text}",
    "wanted_cve": "cve {text}",
    "wanted_digest": "digest {bytes} PRIMARY KEY",
    "wanted_disjoint": "pair {id}",
    "wanted_key": "id BIGINT, product_id BIGINT, version_key {bytes}, exact INTEGER",
    "wanted_product": "id BIGINT, product_id BIGINT",
}


def fill(connection: Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """
    Make the temporary `table` hold exactly `rows`.

    Analysed each time: without its size the planner takes it for large, and reads the whole store beside it.
    """
    dialect = connection.dialect
    connection.execute(worded(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({TABLES[table]})", dialect))
    connection.execute(f"{dialect.empty} {table}")
    connection.insert(table, rows)
    connection.execute(f"ANALYZE {table}")
