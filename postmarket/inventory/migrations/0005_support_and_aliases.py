"""What somebody looked up of support, and the firm's own alias entries."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0004_determinations_and_proposals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="componentidentity",
            name="product",
            field=models.CharField(blank=True, db_index=True, max_length=400),
        ),
        migrations.CreateModel(
            name="AliasEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("names", models.JSONField(default=list)),
                ("purls", models.JSONField(default=list)),
                ("cpes", models.JSONField(default=list)),
                ("vendor", models.CharField(blank=True, max_length=200)),
                ("product", models.CharField(blank=True, max_length=200)),
                ("scheme", models.CharField(blank=True, max_length=40)),
                ("state", models.CharField(default="proposed", max_length=20)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_why", models.TextField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.TextField(blank=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("retired_why", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "alias entries",
                "ordering": ["-proposed_at", "-pk"],
                "indexes": [models.Index(fields=["state"], name="inventory_alias_by_state")],
            },
        ),
        migrations.CreateModel(
            name="SupportStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.TextField(blank=True)),
                ("level", models.CharField(default="unknown", max_length=30)),
                ("ends_on", models.DateField(null=True)),
                ("justification", models.TextField(blank=True)),
                ("source", models.TextField()),
                ("stated_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "identity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support",
                        to="inventory.componentidentity",
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-stated_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("identity",),
                        name="inventory_support_once_per_identity",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("identity", None), ("superseded_at", None)),
                        fields=("product",),
                        name="inventory_support_once_per_product",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("identity", None), ("product", ""), _connector="XOR"),
                        name="inventory_support_of_one_thing",
                    ),
                ],
            },
        ),
    ]
