"""The vulnerability store on Django's own connection: what is written there stays or goes with Django's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from postmarket.matching.store.connection import wrap

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection


def store() -> Connection:
    """The store of this thread. Its tables are there: a migration makes them."""
    connection.ensure_connection()
    return wrap(connection.connection)
