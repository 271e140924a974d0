"""
Many rows at once, without a model object for each.

An SBOM of 30,000 components is three tables of so many rows, written while nothing else may be: Django's own
`bulk_create` takes four times as long, most of it in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]], *, unless_there: bool = False
) -> None:
    """
    Insert rows of `model`, each with the values of the fields called `names`, as Python has them.

    Fields that are not named must have a default in the database or take NULL. With `unless_there`, a row that is there
    already by some unique key is passed over.
    """
    fields = [field for name in names if isinstance(field := model._meta.get_field(name), models.Field)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    end = " ON CONFLICT DO NOTHING" if unless_there else ""
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}){end}"  # noqa: S608 - names of our own models
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_written(fields, row) for row in rows])


def _written(fields: Sequence[models.Field[Any, Any]], row: Sequence[object]) -> list[Any]:
    """A row as the database takes it; text and whole numbers are so already."""
    return [
        value if isinstance(value, str | int | None) else field.get_db_prep_save(value, connection)
        for field, value in zip(fields, row, strict=True)
    ]
