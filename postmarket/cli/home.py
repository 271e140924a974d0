"""Where postmarket keeps its state."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

STORE = "postmarket.sqlite3"


def home() -> Path:
    """`POSTMARKET_HOME`, else the platform's folder for a user's data."""
    named = os.environ.get("POSTMARKET_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("postmarket", appauthor=False)


def store(*, create: bool = False) -> sqlite3.Connection:
    """The vulnerability store in the home. Raises StoreError when there is none and `create` is false."""
    from postmarket.matching.store.connection import open_store

    folder = home()
    if create:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_store(folder / STORE, create=create)
