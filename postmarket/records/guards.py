"""The triggers that forbid changing what is recorded: one SQL file per engine and step, and whether they stand."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

STEPS = ("trail",)
"""The files under `sql/`, in the order in which migrations raise them."""


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
