"""`postmarket backup` and `postmarket restore`: the whole site as one file, and back."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from postmarket.backup.errors import BackupError, WrongKeys
from postmarket.cli.exit_codes import Exit
from postmarket.cli.progress import LoadBar
from postmarket.config.home import home
from postmarket.config.site import start_site

if TYPE_CHECKING:
    from postmarket.backup.reading import Backup
    from postmarket.backup.restoring import Restored
    from postmarket.backup.staging import Staging

MOST_PROBLEMS = 20
LONGEST_PASSPHRASE_BYTES = 4096


class NoDatabase(BackupError):
    """The database cannot be used."""

    code = "backup-database"

    def __init__(self, why: Exception) -> None:
        super().__init__(
            "The database cannot be used",
            why=" ".join(str(why).split()),
            next_step="Start it, or correct DATABASE_URL; nothing was changed.",
        )


def backup(path: Path, *, passphrase_file: Path | None, without_keys: bool) -> Exit:
    """Back the site up to `path`, while it runs. Raises BackupError, OSError."""
    passphrase = None if without_keys else _passphrase(passphrase_file, twice=True)
    from django.db import Error as DatabaseTrouble

    start_site(migrate=False)
    from postmarket.backup.making import make_backup

    try:
        with LoadBar("Backing up") as bar:
            made = make_backup(path.absolute(), passphrase=passphrase, watcher=bar, now=datetime.now(UTC))
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error
    manifest = made.manifest
    _say(f"{path}: {made.bytes:,} bytes, {manifest.entries:,} records, {len(manifest.members):,} files.")
    _say(f"SHA-256 of its manifest: {made.sha256}")
    where = (
        "The keys are in it, sealed by the passphrase: keep that apart from the file."
        if manifest.keys
        else "The keys are not in it: back up the folder keys of the home yourself."
    )
    _say(f"{where} The rest is not sealed and holds personal data: guard it like the database.")
    return Exit.OK


def restore(path: Path, *, passphrase_file: Path | None, without_keys: bool) -> Exit:
    """
    Restore `path` into an empty home and an empty database, and verify its records.

    Raises BackupError, OSError: then nothing was changed.
    """
    from postmarket.backup.reading import opened
    from postmarket.backup.staging import Staging, check_empty

    place = home().absolute()
    check_empty(place)
    with LoadBar("Checking") as bar, opened(path, bar) as found:
        staging = Staging(place, _embedded(path, found.manifest.engine, place))
        passphrase = None
        if found.manifest.keys and not without_keys:
            passphrase = _passphrase(passphrase_file, twice=False)
        try:
            staging.begin()
            staging.fill(found, passphrase=passphrase)
            restored = _bring_in(found, staging, keys=passphrase is not None)
        except BaseException:
            staging.undo()
            raise
    _tell(path, found, place, keys=passphrase is not None)
    return _verdict(restored)


def _bring_in(found: Backup, staging: Staging, *, keys: bool) -> Restored:
    """The database, with Django living in the staged home."""
    os.environ["POSTMARKET_HOME"] = str(staging.folder)
    if staging.database_file is not None:
        from postmarket.backup.engines import sqlite

        sqlite.restore(found, to=staging.database_file)
        os.environ["DATABASE_URL"] = f"sqlite:///{staging.database_file}"
    from django.db import Error as DatabaseTrouble

    start_site(migrate=False)
    from postmarket.backup.restoring import fill_and_verify

    try:
        return fill_and_verify(found, digest=found.digest, keys=keys, place=staging.place, now=datetime.now(UTC))
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error


def _embedded(path: Path, engine: str, place: Path) -> Path | None:
    """
    Where the embedded database belongs; None on a server.

    Raises BackupError when the database that is named is of another engine than the backup's.
    """
    from postmarket.config.database import database

    entry = database(os.environ.get("DATABASE_URL"), home=place)
    is_embedded = entry["ENGINE"].endswith("sqlite3")
    if is_embedded == (engine == "sqlite"):
        return Path(entry["NAME"]) if is_embedded else None
    ways = {
        "sqlite": "Leave DATABASE_URL unset to restore it.",
        "postgresql": "Name an empty PostgreSQL database in DATABASE_URL to restore it.",
    }
    raise BackupError(
        f"This backup is of a site on {'SQLite' if engine == 'sqlite' else 'PostgreSQL'}",
        where=str(path),
        why="the database that is named here is of another kind",
        next_step=ways.get(engine, "Use the postmarket that made it."),
    )


def _passphrase(file: Path | None, *, twice: bool) -> str:
    """
    The passphrase: the first line of a file, or asked for on a terminal.

    Raises WrongKeys without either: keys are left out by choice only.
    """
    if file is not None:
        with file.open("rb") as stream:
            line = stream.read(LONGEST_PASSPHRASE_BYTES).partition(b"\n")[0]
        return line.decode("utf-8", "surrogateescape").rstrip("\r")
    if not sys.stdin.isatty():
        raise WrongKeys(
            "Nothing says what becomes of the keys",
            next_step="Give --passphrase-file FILE to have them sealed, or --without-keys to leave them out.",
        )
    given = getpass.getpass("Passphrase for the keys: ")
    if twice and getpass.getpass("The same again: ") != given:
        raise WrongKeys("The two are not the same", next_step="Run the command again.")
    return given


def _tell(path: Path, found: Backup, place: Path, *, keys: bool) -> None:
    manifest = found.manifest
    _say(f"{path}: restored to {place}, as the site was at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    if not keys:
        _say(
            "The secret keys were not restored: put the folder keys back before the site starts, or it makes new ones;"
        )
        _say("then second factors and links sent before no longer work.")
    if manifest.settings:
        _say("Set again: " + " ".join(f"{name}={value!r}" for name, value in sorted(manifest.settings.items())))
    if manifest.unsaid:
        _say(f"Were set as well, to what a backup does not repeat: {', '.join(manifest.unsaid)}")


def _verdict(restored: Restored) -> Exit:
    """What the verification found, as the last lines."""
    for problem in restored.problems[:MOST_PROBLEMS]:
        _say(f"  {problem.line()}")
    if len(restored.problems) > MOST_PROBLEMS:
        _say(f"  and {len(restored.problems) - MOST_PROBLEMS:,} more: postmarket records verify")
    if restored.problems:
        count = len(restored.problems)
        _say(f"Verified {restored.seen.entries:,} records: they are not whole, {count:,} problems above.")
        return Exit.ALTERED
    _say(f"Verified {restored.seen.entries:,} records: all whole.")
    return Exit.OK


def _say(line: str) -> None:
    from postmarket.errors import visible

    sys.stdout.write(f"{visible(line)}\n")
