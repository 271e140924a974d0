"""Making a backup of this site, while it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from postmarket import __version__
from postmarket.backup import contents
from postmarket.backup.engines import sqlite
from postmarket.backup.errors import BackupError
from postmarket.backup.interface import FORMAT, SEALED, Manifest
from postmarket.backup.sealing import check_passphrase, seal
from postmarket.backup.writing import blocks_of, written
from postmarket.records.interface import Actor, ActorKind, Subject
from postmarket.records.trail import act

if TYPE_CHECKING:
    from postmarket.backup.engines.interface import Snapshot
    from postmarket.backup.interface import Watcher
    from postmarket.backup.writing import Writer

COMMAND_LINE = Actor(id="command-line", name="Command line of the server", kind=ActorKind.MACHINE)
MADE = "backup.made"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup: its manifest, the SHA-256 of that, and the size of the file in bytes."""

    manifest: Manifest
    sha256: str
    bytes: int


def make_backup(path: Path, *, passphrase: str | None, watcher: Watcher, now: datetime) -> Made:
    """
    Back this site up to the new file `path`, and record that it was done.

    The order makes it consistent: anchors, then the database at one moment, then evidence and keys. So no anchor names
    an entry that the database has not, and every file and key that an entry needs is there. With `passphrase` the keys
    are in it, sealed; None leaves them out. Raises BackupError, WrongKeys, OSError, django.db.Error.
    """
    home, anchor_folder = Path(settings.POSTMARKET_HOME), Path(settings.ANCHOR_FOLDER)
    if passphrase is not None:
        check_passphrase(passphrase)
    with written(path, watcher) as writer:
        for name, file in contents.anchors(anchor_folder):
            writer.add(name, blocks_of(file))
        with _snapshot(path) as snapshot:
            facts = _facts(snapshot)
            files = list(contents.evidence(home))
            watcher.total(snapshot.size + sum(file.stat().st_size for _, file in files))
            for name, content in snapshot.members():
                writer.add_packed(name, content)
        for name, file in (*contents.evidence(home), *contents.public_keys(home), *contents.policy(home)):
            writer.add(name, blocks_of(file))
        if passphrase is not None:
            writer.add(SEALED, [seal(contents.secrets(home), passphrase)])
        manifest = _manifest(writer, facts, keys=passphrase is not None, now=now)
        encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        writer.finish(encoded)
    made = Made(manifest, hashlib.sha256(encoded).hexdigest(), path.stat().st_size)
    _record(made, now=now)
    return made


@dataclass(frozen=True, slots=True)
class _Facts:
    migrations: dict[str, tuple[str, ...]]
    store: int
    chain: str
    entries: int
    head: bytes


@contextmanager
def _snapshot(path: Path) -> Iterator[Snapshot]:
    """The database of this site, as of now; on SQLite a copy beside `path`, where there must be room anyway."""
    if connection.vendor == "sqlite":
        scratch = path.with_name(f".{path.name}.database.part")
        with sqlite.snapshot(Path(connection.settings_dict["NAME"]), scratch=scratch) as copy:
            yield copy
        return
    from postmarket.backup.engines import postgresql

    with postgresql.snapshot() as moment:
        yield moment


def _facts(snapshot: Snapshot) -> _Facts:
    """What the manifest says of the database. Raises BackupError when it holds no site."""
    if not snapshot.has_table("records_head"):
        raise BackupError(
            "There is nothing to back up",
            where=connection.display_name,
            why="the database holds no site",
            next_step="Check POSTMARKET_HOME and DATABASE_URL.",
        )
    applied: dict[str, tuple[str, ...]] = {}
    for app, name in snapshot.ask("SELECT app, name FROM django_migrations ORDER BY app, name"):
        applied[app] = (*applied.get(app, ()), name)
    store = (
        snapshot.ask("SELECT value FROM store_state WHERE name = 'schema'") if snapshot.has_table("store_state") else []
    )
    ((chain, number, head),) = snapshot.ask("SELECT chain, number, hash FROM records_head") or [("", 0, b"")]
    return _Facts(applied, int(store[0][0]) if store else 0, str(chain), int(number), bytes(head))


def _manifest(writer: Writer, facts: _Facts, *, keys: bool, now: datetime) -> Manifest:
    return Manifest(
        format=FORMAT,
        made_at=now,
        postmarket=__version__,
        engine=connection.vendor,
        migrations=facts.migrations,
        store=facts.store,
        chain=facts.chain,
        entries=facts.entries,
        head=facts.head.hex(),
        keys=keys,
        settings=contents.settings(),
        unsaid=contents.unsaid(),
        members=tuple(writer.members),
    )


def _record(made: Made, *, now: datetime) -> None:
    """Note it, where the tables are this version's: a backup before an upgrade must not need the upgrade."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with act(actor=COMMAND_LINE, at=now, why="A backup was made with postmarket backup.") as doing:
        doing.note(
            MADE,
            subject=Subject("backup", made.sha256),
            detail={"entries": made.manifest.entries, "keys": made.manifest.keys, "bytes": made.bytes},
        )
