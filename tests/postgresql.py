"""
A throwaway PostgreSQL for tests: `python -m tests.postgresql COMMAND…` runs the command with `DATABASE_URL` set to it.

It listens on loopback only, belongs to a user that is not root, and is gone afterwards. Without PostgreSQL it says so
in one line and ends well, but not where `CI` is set: there nothing may be skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
USERS = ("postgres", "nobody")
SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name)) if DEBIAN.is_dir() else []
    for folder in reversed(folders):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def server(folder: Path, settings: Sequence[str] = SETTINGS) -> Iterator[str]:
    """A running server of `folder`'s programs, as it comes but for `settings`; its address."""
    user = _user()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="postmarket-postgresql-", ignore_cleanup_errors=True) as place:
        if user is not None:
            shutil.chown(place, user)
        data = f"{place}/data"

        def run(*command: str) -> None:
            subprocess.run(
                command,
                check=True,
                user=user,
                group=user and pwd.getpwnam(user).pw_gid,
                stdout=subprocess.DEVNULL,
                cwd=place,
            )

        run(str(folder / "initdb"), "-D", data, "-U", "postmarket", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place}"
        options += "".join(f" -c {setting}" for setting in settings)
        run(str(folder / "pg_ctl"), "-D", data, "-o", options, "-l", f"{place}/log", "-w", "start")
        try:
            yield f"postgresql://postmarket@127.0.0.1:{port}/postgres"
        finally:
            run(str(folder / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")


def end_other_sessions() -> None:
    """End every session in Django's database but this one; nothing on another engine."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(user for user in USERS if user in names)


def main(command: Sequence[str]) -> int:
    """Run `command` beside a server; its exit code."""
    folder = programs()
    if folder is None:
        sys.stdout.write(
            "skipped: the tests on PostgreSQL, since there is none here (Debian: apt-get install postgresql)\n"
        )
        return 1 if os.environ.get("CI") else 0
    with server(folder) as address:
        return subprocess.run(command, check=False, env=os.environ | {"DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
