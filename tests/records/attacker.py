"""Somebody with the database's password who knows how records work: drops the guards, changes, raises them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from postmarket.records import chain, heads
from postmarket.records.guards import STEPS, raise_guards
from postmarket.records.keys import signing_key
from postmarket.records.models import Entry, Head
from postmarket.records.problems import Fault
from postmarket.records.verifying import Verification
from tests.records.builders import NOON
from tests.records.flushing.guards import drop_guards

Found = tuple[Fault, int | None, int | None]
COLUMNS = [str(field.column) for field in Entry._meta.concrete_fields]


@contextmanager
def unguarded() -> Iterator[None]:
    """Nothing is guarded inside, and afterwards it looks as if it had always been."""
    drop_guards(connection, functions=True)
    yield
    for step in STEPS:
        raise_guards(connection, step)


def execute(sql: str, *parameters: Any) -> None:
    """Change something straight in the database, unguarded."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def rows() -> list[list[Any]]:
    """All entries as the table holds them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM records_entry ORDER BY number")  # noqa: S608
        return [list(row) for row in cursor.fetchall()]


def write(changed: Sequence[Sequence[Any]]) -> None:
    """Let the table hold exactly these entries."""
    marks = ", ".join(["%s"] * len(COLUMNS))
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_entry")
        for row in changed:
            cursor.execute(f"INSERT INTO records_entry ({', '.join(COLUMNS)}) VALUES ({marks})", list(row))  # noqa: S608


def head_row() -> tuple[Any, ...]:
    """The head as the table holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, number, hash, at, key, signature FROM records_head")
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def put_head(row: Sequence[Any]) -> None:
    """Let the head be that."""
    execute("UPDATE records_head SET chain=%s, number=%s, hash=%s, at=%s, key=%s, signature=%s", *row)


def forged(row: Sequence[Any], previous: bytes, **said: object) -> list[Any]:
    """The entry saying something else, with a hash that fits."""
    content = json.dumps(json.loads(bytes(row[1])) | said, separators=(",", ":"), sort_keys=True).encode()
    return [row[0], content, previous, chain.link(previous, content), *row[4:]]


def rewritten(old: Sequence[Sequence[Any]], start: int) -> list[list[Any]]:
    """Every entry from the `start`-th on, counted from 0, with another reason; links and hashes fit."""
    new = [list(row) for row in old[:start]]
    previous = bytes(new[-1][3]) if new else chain.genesis(Head.objects.get().chain)
    for row in old[start:]:
        new.append(forged(row, previous, why="There was no other."))
        previous = bytes(new[-1][3])
    return new


def sign_head(number: int, hash_: bytes) -> None:
    """Sign the head anew with the stolen key."""
    key = signing_key(settings.POSTMARKET_HOME)
    head = heads.sign(key, chain=Head.objects.get().chain, number=number, hash_=hash_, at=NOON)
    with unguarded():
        Head.objects.update(number=number, hash=hash_, at=NOON, key=head.key, signature=head.signature)


def found(*, now: datetime = NOON, **how: Any) -> list[Found]:
    """What verifying finds: the fault, and the entries it names."""
    return [(one.fault, one.first, one.last) for one in Verification(now=now, **how).problems()]
