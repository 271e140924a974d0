"""The triggers that forbid changing what is recorded: one SQL file per engine and step, and whether they stand."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from postmarket.records.problems import Fault, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

STEPS = ("trail", "kept", "replacing")
"""The files under `sql/`, in the order in which migrations raise them."""
CATALOGUE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'records_%'",
    "postgresql": """
        SELECT tgname, CASE WHEN tgenabled IN ('O', 'A') THEN pg_get_triggerdef(pg_trigger.oid) ELSE 'switched off' END
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgname LIKE 'records_%' AND pg_table_is_visible(pg_class.oid)
        UNION ALL
        SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'records_%' AND pg_function_is_visible(oid)
    """,
}
"""How each engine names what stands, and what it does."""


def statements(step: str, *, vendor: str) -> list[str]:
    """The SQL statements of one step for one engine (`sqlite` or `postgresql`); an empty line parts them."""
    text = (files("postmarket.records") / "sql" / f"{step}.{vendor}.sql").read_text("utf-8")
    return [statement.strip() for statement in text.split("\n\n") if statement.strip()]


def raise_guards(connection: BaseDatabaseWrapper, step: str) -> None:
    """Create the triggers of one step. Raises django.db.Error when they stand already."""
    with connection.cursor() as cursor:
        for statement in statements(step, vendor=connection.vendor):
            # No parameters: a percent sign in the text is only itself.
            cursor.execute(statement)


def check_guards(connection: BaseDatabaseWrapper) -> Iterator[Problem]:
    """Every trigger that is not there, is switched off, or does something else than we raised."""
    expected: dict[str, str] = {}
    for step in STEPS:
        expected |= {name: text for name, text in map(_named, statements(step, vendor=connection.vendor)) if name}
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        standing = {name: _plain(text) for name, text in cursor.fetchall()}
    for name, text in expected.items():
        if name not in standing:
            yield Problem(Fault.GUARD_MISSING, f"The guard {name} of the database is not there")
        elif standing[name] != text:
            yield Problem(Fault.GUARD_ALTERED, f"The guard {name} of the database is not as it was raised")


def _named(statement: str) -> tuple[str, str]:
    """The name a statement creates a trigger or function under, and its text as the catalogue shows it."""
    found = re.match(r"CREATE (TRIGGER|FUNCTION) (\w+)", statement)
    if found is None:
        return "", ""
    body = statement.split("$$")[1] if found[1] == "FUNCTION" else statement
    return found[2], _plain(body)


def _plain(text: str) -> str:
    """Without the schema PostgreSQL puts before a table's and a function's name, and with single spaces."""
    return " ".join(re.sub(r'\b(ON|FUNCTION) (?:\w+|"[^"]*")\.', r"\1 ", text).split())
