"""
The words in which SQLite and PostgreSQL differ: one table, used by the SQL files and by temporary tables.

TEXT compares as bytes on both: that is SQLite's default and PostgreSQL's collation "C".
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator


class Dialect(msgspec.Struct, frozen=True):
    """What stands for `{text}`, `{bytes}` and so on."""

    text: str
    bytes: str
    id: str
    """A 64-bit primary key; ids are given out by whoever writes."""
    clustered: str
    """After a table that is read by its primary key."""
    covering: str
    """After an index on criteria: with these columns the join needs no table. SQLite's has the key in it anyhow."""
    empty: str
    """Take every row out of a temporary table, and the room it took."""


SQLITE = Dialect(
    text="TEXT",
    bytes="BLOB",
    id="INTEGER PRIMARY KEY",
    clustered=" WITHOUT ROWID",
    covering="",
    empty="DELETE FROM",
)
POSTGRESQL = Dialect(
    text='TEXT COLLATE "C"',
    bytes="BYTEA",
    id="BIGINT PRIMARY KEY",
    clustered="",
    covering=" INCLUDE (record_id, position)",
    empty="TRUNCATE",
)


@lru_cache(maxsize=64)
def worded(sql: str, dialect: Dialect) -> str:
    """`sql` with the words of `dialect`."""
    for word in Dialect.__struct_fields__:
        sql = sql.replace(f"{{{word}}}", getattr(dialect, word))
    return sql


def statements(name: str, dialect: Dialect) -> Iterator[str]:
    """The statements of a packaged SQL file."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    for statement in worded(code, dialect).split(";"):
        if statement.strip():
            yield statement.strip()


def tables() -> list[str]:
    """The names of the store's tables."""
    return [
        statement.split()[2] for statement in statements("schema.sql", SQLITE) if statement.startswith("CREATE TABLE")
    ]
