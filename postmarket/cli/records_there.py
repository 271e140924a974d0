"""The records as a command finds them: there, and reachable, or said to be neither."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from postmarket.cli.serving.errors import NoDatabase
from postmarket.config.site import start_site
from postmarket.errors import PostmarketError


class NoRecords(PostmarketError):
    """There is nothing to look at."""

    code = "no-records"

    def __init__(self) -> None:
        super().__init__(
            "There are no records here",
            why="the database holds no table of them",
            next_step="Check POSTMARKET_HOME and DATABASE_URL; postmarket serve begins a new site.",
        )


class OtherVersion(PostmarketError):
    """The tables are not those this version writes."""

    code = "records-version"

    def __init__(self) -> None:
        super().__init__(
            "The tables here are of an earlier version",
            why="this version knows guards and columns that they may not have",
            next_step="Start the site once, postmarket serve, or use the version that runs it.",
        )


@contextmanager
def records_there(*, whole: bool = False) -> Iterator[None]:
    """
    Look at records inside; no table is made or brought up to date: who verifies changes nothing.

    `whole` says that more than records is looked at, so that every room's tables must be this version's.
    Raises NoRecords, OtherVersion, NoDatabase.
    """
    from django.db import Error as DatabaseTrouble

    start_site(migrate=False)
    from django.db import connection

    from postmarket.records.models import Entry

    try:
        if not _exists() or Entry._meta.db_table not in connection.introspection.table_names():
            raise NoRecords
        if _unapplied(whole=whole):
            raise OtherVersion
        yield
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error


def _unapplied(*, whole: bool) -> bool:
    """Whether a change of the tables has not been made here yet."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    known = {key for key in loader.disk_migrations or {} if whole or key[0] == "records"}
    return not known.issubset(loader.applied_migrations or {})


def _exists() -> bool:
    """Whether the embedded database's file is there: connecting would make one."""
    from pathlib import Path

    from django.db import connection

    return connection.vendor != "sqlite" or Path(str(connection.settings_dict["NAME"])).exists()
