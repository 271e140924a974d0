"""One load at a time in a home: its evidence folder has one writer, and so has its SQLite file."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from postmarket.matching.errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "feeds.lock"


@contextmanager
def only_one_in(home: Path) -> Iterator[None]:
    """
    Hold the home's lock; the operating system takes it from a process that ends, however it ends.

    Raises StoreBusy when another process holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise another_load(str(home)) from error
        yield


def somebody_is_in(home: Path) -> bool:
    """Whether a process holds the home's lock now."""
    try:
        with (home / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def another_load(where: str) -> StoreBusy:
    """The error for a second load at the same time."""
    return StoreBusy("Another load is running", where=where, next_step="Wait until it ends, then run this again.")
