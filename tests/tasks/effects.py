"""A table in which handlers leave what they did, to be counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def table() -> Iterator[None]:
    """The table, while a test needs it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effect (key text)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE effect")


def add(key: str) -> None:
    """Leave one."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect VALUES (%s)", [key])


def add_once(key: str) -> None:
    """Leave one unless it is there: what a handler that is idempotent by its key does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO effect SELECT %s WHERE NOT EXISTS (SELECT 1 FROM effect WHERE key = %s)", [key, key]
        )


def left() -> list[str]:
    """All that were left, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM effect ORDER BY key")
        return [key for (key,) in cursor.fetchall()]


def clear() -> None:
    """Begin anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM effect")
