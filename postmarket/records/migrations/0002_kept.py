"""Evidence, private data and signatures, and the triggers that guard them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from postmarket.records.guards import raise_guards

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def guard(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Raise the guards."""
    raise_guards(editor.connection, "kept")


class Migration(migrations.Migration):
    """Nothing undoes it: what is kept stays."""

    dependencies: ClassVar = [
        ("records", "0001_trail"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("bytes", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=200)),
                ("source", models.TextField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["kept_at", "sha256"],
            },
        ),
        migrations.CreateModel(
            name="PrivateDatum",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("media_type", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("salt", models.BinaryField(max_length=32, null=True)),
                ("content", models.BinaryField(null=True)),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "private data",
                "ordering": ["kept_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("signer_id", models.CharField(max_length=200)),
                ("printed_name", models.CharField(max_length=200)),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("authored", "authored"),
                            ("reviewed", "reviewed"),
                            ("approved", "approved"),
                            ("responsible", "responsible"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("site_zone", models.CharField(max_length=64)),
                ("factors", models.CharField(max_length=200)),
                ("authenticated_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SignedTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("subject_kind", models.CharField(max_length=200)),
                ("subject_id", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="records.signature"
                    ),
                ),
            ],
            options={
                "ordering": ["signature_id", "position"],
                "indexes": [models.Index(fields=["subject_kind", "subject_id"], name="records_target_by_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("signature", "position"), name="records_target_has_its_place")
                ],
            },
        ),
        migrations.RunPython(guard),
    ]
