"""The vulnerability store in postmarket's home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.config.home import STORE, home

if TYPE_CHECKING:
    import sqlite3


def store(*, create: bool = False) -> sqlite3.Connection:
    """The vulnerability store in the home. Raises StoreError when there is none and `create` is false."""
    from postmarket.matching.store.connection import open_store

    folder = home()
    if create:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_store(folder / STORE, create=create)
