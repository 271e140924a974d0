"""
What matching needs of a database, whichever it is.

One implementation per engine: `sqlite.SqliteConnection`, `postgresql.PostgresqlConnection`. SQL is written once, in the
words both understand, with `?` for a value; the few words that differ are in `dialects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from postmarket.matching.store.dialects import Dialect


class Rows(Protocol):
    """What a statement gave: tuples, to be read once."""

    def __iter__(self) -> Iterator[Any]:
        """Row by row."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""


class Connection(Protocol):
    """
    An open store.

    Statements outside `writing` and `reading` stand alone, unless the connection came to us inside a transaction
    (`connection.wrap`): then everything is part of that one. Raises StoreBusy when another program holds what a
    statement needs too long, StoreError when the store cannot be used.
    """

    @property
    def place(self) -> str:
        """Where it is, for messages: the file, or the server's address without its password."""

    @property
    def way_out(self) -> str:
        """What to do when what is there is of no use."""

    @property
    def dialect(self) -> Dialect:
        """The words of its engine."""

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """Run one statement; each `?` in it stands for one of `values`: int, float, str or bytes."""

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement once for each of `rows`."""

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add whole rows, columns in the order of the table, by the engine's fastest way."""

    def replace(self, table: str, select: str, values: Sequence[object], *, columns: Sequence[str]) -> None:
        """
        Make `table`, which has these `columns`, hold exactly what `select` gives; call inside `writing`.

        Readers see the rows before until the transaction ends, and wait for nothing.
        """

    def join_widely(self) -> None:
        """The rest of this transaction joins large tables as a whole: let the planner be fit for that."""

    def writing(self) -> AbstractContextManager[None]:
        """
        One transaction, one writer of the store at a time, that leaves nothing behind when it fails.

        Inside another transaction it is a part of that one, which decides whether it stays.
        """

    def reading(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment, whatever is loaded meanwhile."""

    def only_loader(self, home: Path) -> AbstractContextManager[None]:
        """
        Be the one that loads feeds into this store; over as soon as the process ends, however it ends.

        Raises StoreBusy when somebody else is. `home` is POSTMARKET_HOME.
        """

    def is_loading(self, home: Path) -> bool:
        """Whether some process is loading feeds into this store now: a killed one is not."""

    def has_table(self, name: str) -> bool:
        """Whether there is a table of that name."""

    def is_empty(self) -> bool:
        """Whether there is no table at all."""

    def refresh_statistics(self) -> None:
        """Tell the planner what the tables hold, after a load."""

    def close(self) -> None:
        """Let go of it."""
