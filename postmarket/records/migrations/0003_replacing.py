"""SQLite's INSERT OR REPLACE deletes without firing a trigger of deletion: guards against it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import migrations

from postmarket.records.guards import raise_guards

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def guard(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Raise the guards; PostgreSQL's ON CONFLICT fires those of updating, so it needs none."""
    raise_guards(editor.connection, "replacing")


class Migration(migrations.Migration):
    """Nothing undoes it: what is kept stays."""

    dependencies: ClassVar = [
        ("records", "0002_kept"),
    ]

    operations: ClassVar = [
        migrations.RunPython(guard),
    ]
