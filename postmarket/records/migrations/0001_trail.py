"""The trail: its entries and its head, the triggers that guard them, and the beginning of the chain."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import migrations, models

from postmarket.records.chain import genesis
from postmarket.records.guards import raise_guards

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Name the chain, put its empty head in place, and raise the guards."""
    name = uuid.uuid4().hex
    apps.get_model("records", "Head").objects.create(chain=name, number=0, hash=genesis(name), signature=b"")
    raise_guards(editor.connection, "trail")


class Migration(migrations.Migration):
    """Nothing undoes it: what is recorded stays."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
                ("previous", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                ("kind", models.CharField(max_length=200)),
                ("subject_kind", models.CharField(max_length=200)),
                ("subject_id", models.CharField(max_length=200)),
                ("actor_kind", models.CharField(max_length=200)),
                ("actor_id", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("states", models.BooleanField()),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id", "number"], name="records_entry_by_subject"),
                    models.Index(fields=["kind", "subject_id"], name="records_entry_by_kind"),
                    models.Index(fields=["actor_id", "number"], name="records_entry_by_actor"),
                    models.Index(fields=["at"], name="records_entry_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("chain", models.CharField(max_length=64)),
                ("number", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField(null=True)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("signature", models.BinaryField(max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="records_head_is_one_row")],
            },
        ),
        migrations.RunPython(begin),
    ]
