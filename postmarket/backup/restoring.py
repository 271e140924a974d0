"""
Restoring a backup: all of it, checked, or nothing.

In this order: the archive is checked byte by byte (`reading.opened`), the home is written beside its place (`staging`),
the database is brought in and up to date, the records are held against all of it, a record says that it was a restore,
and the home moves to its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from postmarket.backup.errors import BackupError, NoBackup, NotEmpty
from postmarket.backup.making import COMMAND_LINE
from postmarket.matching.store.connection import SCHEMA_VERSION, create_tables, make_indexes, wrap
from postmarket.records.interface import Subject
from postmarket.records.trail import act
from postmarket.records.verifying import Verification, Verified

if TYPE_CHECKING:
    from postmarket.backup.interface import Manifest
    from postmarket.backup.reading import Backup
    from postmarket.records.problems import Problem

RESTORED = "backup.restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: what the verification of the records looked at, and all it found."""

    seen: Verified
    problems: tuple[Problem, ...]


def check_database_is_empty() -> None:
    """Raise NotEmpty when the database that is named holds any table."""
    tables = connection.introspection.table_names()
    if tables:
        raise NotEmpty(
            "A backup is restored into an empty database only",
            where=connection.display_name,
            why=f"it has {len(tables)} tables",
            next_step="Name a new database in DATABASE_URL; nothing was changed.",
        )


def fill_and_verify(backup: Backup, *, digest: str, keys: bool, place: Callable[[], None], now: datetime) -> Restored:
    """
    Bring the database in, verify the records, and `place` the home; Django's home is the staged one.

    On SQLite Django's database is the staged file; on PostgreSQL all of it is one transaction. `digest` is the SHA-256
    of the manifest, `keys` whether the secret keys came along. Raises NoBackup, BackupError, django.db.Error, and what
    `place` raises: then nothing is left behind.
    """
    if connection.vendor == "sqlite":
        _check_versions(backup.manifest)
        _bring_up_to_date()
        restored = _verify_and_record(backup.manifest, digest, keys=keys, now=now)
        _close_sqlite()
        place()
        return restored
    with transaction.atomic():
        check_database_is_empty()
        _check_versions(backup.manifest)
        _fill_postgresql(backup)
        _bring_up_to_date()
        restored = _verify_and_record(backup.manifest, digest, keys=keys, now=now)
        place()
    return restored


def _fill_postgresql(backup: Backup) -> None:
    """Tables as they were when the backup was made, then their rows, then the indexes of the vulnerability store."""
    from postmarket.backup.engines import postgresql

    executor = MigrationExecutor(connection)
    executor.migrate(_leaves(backup.manifest, executor))
    if backup.manifest.store:
        create_tables(wrap(connection.connection))
    postgresql.restore(backup)
    if backup.manifest.store:
        make_indexes(wrap(connection.connection))


def _check_versions(manifest: Manifest) -> None:
    """Raise BackupError for a backup that a newer postmarket made, or an older one whose store is another."""
    known = set(MigrationExecutor(connection).loader.graph.nodes)
    newer = [(app, name) for app, names in manifest.migrations.items() for name in names if (app, name) not in known]
    if newer:
        raise BackupError(
            "A newer postmarket made this backup",
            why=f"version {manifest.postmarket}, with tables this one does not know ({newer[0][0]} {newer[0][1]})",
            next_step="Install that version, or a later one, and restore again; nothing was changed.",
        )
    if manifest.store not in {0, SCHEMA_VERSION}:
        raise BackupError(
            "The vulnerability store in this backup is another version's",
            why=f"it has schema {manifest.store}, this postmarket reads and writes {SCHEMA_VERSION}",
            next_step=f"Restore it with postmarket {manifest.postmarket}; nothing was changed.",
        )


def _leaves(manifest: Manifest, executor: MigrationExecutor) -> list[tuple[str, str | None]]:
    """How far each app's tables were when the backup was made."""
    graph = executor.loader.graph
    targets: list[tuple[str, str | None]] = []
    for app, names in manifest.migrations.items():
        applied = {(app, name) for name in names}
        inner = {parent.key for node in applied for parent in graph.node_map[node].parents}
        targets.extend(sorted(applied - inner))
    return targets


def _bring_up_to_date() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    create_tables(wrap(connection.connection))


def _verify_and_record(manifest: Manifest, digest: str, *, keys: bool, now: datetime) -> Restored:
    verification = Verification(now=now)
    problems = tuple(verification.problems())
    if not verification.seen.entries and manifest.entries:
        raise NoBackup("its database has no records")
    if keys:
        # Without the key that signed so far the site makes its own with the first record, and that is for people to do.
        with act(actor=COMMAND_LINE, at=now, why="A backup was restored with postmarket restore.") as doing:
            doing.note(RESTORED, subject=Subject("backup", digest), detail={"made_at": manifest.made_at.isoformat()})
    return Restored(verification.seen, problems)


def _close_sqlite() -> None:
    """One file, and nothing beside it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
