"""Django's `flush`, which tests with real commits run when they end, where it meets records."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connection

from postmarket.records.appending import begin_chain
from postmarket.records.guards import STEPS, raise_guards
from tests.records.flushing.guards import drop_guards


class Command(flush.Command):
    """Empty every table, then begin a new chain under its guards, as a new installation has it."""

    def handle(self, **options: Any) -> None:
        """Drop the guards, flush, and raise them again."""
        drop_guards(connection, functions=True)
        super().handle(**options)
        begin_chain()
        for step in STEPS:
            raise_guards(connection, step)
