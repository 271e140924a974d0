"""Django's `flush`, which tests with real commits run when they end, where it meets records."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

from django.core.management.commands import flush
from django.db import connection

from postmarket.records.appending import begin_chain
from postmarket.records.guards import STEPS, raise_guards
from tests.records.flushing.guards import drop_guards

SCHEMA = files("postmarket.matching.store").joinpath("schema.sql").read_text("utf-8")
STORE = re.findall(r"CREATE TABLE (\w+)", SCHEMA)
"""The tables of the vulnerability store, which are no models: Django's own flush leaves them as they are."""
BEGINNING = re.findall(r"^INSERT INTO [^;]+;", SCHEMA, re.MULTILINE)
"""What a new store holds."""


class Command(flush.Command):
    """Empty every table, also the store's, then begin a new chain under its guards, as a new installation has it."""

    def handle(self, **options: Any) -> None:
        """Drop the guards, flush, and raise them again."""
        drop_guards(connection, functions=True)
        super().handle(**options)
        with connection.cursor() as cursor:
            for table in reversed(STORE):
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own schema
            for statement in BEGINNING:
                cursor.execute(statement)
        begin_chain()
        for step in STEPS:
            raise_guards(connection, step)
