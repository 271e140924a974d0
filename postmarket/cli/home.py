"""The vulnerability store that the commands use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from postmarket.config.home import STORE, home

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection


def store(*, create: bool = False) -> Connection:
    """
    The vulnerability store: in the database that DATABASE_URL names, else in the home.

    Raises StoreError when there is none and `create` is false.
    """
    from postmarket.matching.store.connection import open_address, open_store

    address = os.environ.get("DATABASE_URL")
    if address:
        return open_address(address, create=create)
    folder = home()
    if create:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_store(folder / STORE, create=create)
