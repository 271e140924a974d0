"""The vulnerability store's tables, by the same SQL that makes them where no site is (docs/adr/0002)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import migrations

from postmarket.matching.store.connection import create_tables, wrap

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the tables; those that a scan or a feed load made before stay as they are, with what they hold."""
    editor.connection.ensure_connection()
    create_tables(wrap(editor.connection.connection))


class Migration(migrations.Migration):
    """Nothing undoes it: what feeds brought stays."""

    dependencies: ClassVar = [("inventory", "0001_inventory")]
    operations: ClassVar = [migrations.RunPython(make, migrations.RunPython.noop)]
