"""Devices, versions, SBOMs, components, suppliers and units."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("records", "0002_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ComponentIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("name", models.TextField()),
                ("version", models.TextField(blank=True)),
                ("supplier", models.TextField(blank=True)),
                ("purl", models.TextField(blank=True)),
                ("cpes", models.JSONField(default=list)),
                ("match_id", models.BigIntegerField(db_index=True, null=True)),
            ],
            options={
                "verbose_name_plural": "component identities",
                "ordering": ["name", "version", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("security_contact", models.CharField(blank=True, max_length=200)),
                ("response_terms", models.TextField(blank=True)),
                ("risk_reviewed_on", models.DateField(blank=True, null=True)),
                ("notes", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("manufacturer", models.CharField(blank=True, max_length=200)),
                ("model_numbers", models.JSONField(default=list)),
                ("product_code", models.CharField(blank=True, max_length=3)),
                ("device_class", models.CharField(default="unknown", max_length=20)),
                ("submission_type", models.CharField(default="unknown", max_length=20)),
                ("submission_number", models.CharField(blank=True, max_length=200)),
                ("submission_date", models.DateField(blank=True, null=True)),
                ("device_type", models.CharField(default="unknown", max_length=200)),
                ("intended_use", models.TextField(blank=True)),
                ("essential_performance", models.TextField(blank=True)),
                ("markets", models.JSONField(default=list)),
                ("support_stage", models.CharField(default="unknown", max_length=20)),
                ("end_of_support", models.DateField(blank=True, null=True)),
                ("roles", models.JSONField(default=list)),
                ("profile", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="accounts.deviceline",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Determination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("software", models.CharField(default="unknown", max_length=10)),
                ("internet", models.CharField(default="unknown", max_length=10)),
                ("vulnerable", models.CharField(default="unknown", max_length=10)),
                ("features", models.JSONField(default=list)),
                ("exemption", models.TextField(blank=True)),
                ("rationale", models.TextField()),
                ("drafted_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.signature"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="determinations",
                        to="inventory.device",
                    ),
                ),
            ],
            options={
                "ordering": ["-drafted_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DeviceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=200)),
                ("state", models.CharField(default="development", max_length=20)),
                ("released_on", models.DateField(blank=True, null=True)),
                ("support_stage", models.CharField(blank=True, default="unknown", max_length=20)),
                ("end_of_support", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("shipped_at", models.DateTimeField(null=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="inventory.device"
                    ),
                ),
                (
                    "shipped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["device__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Build",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=200)),
                ("built_at", models.DateTimeField()),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="builds", to="inventory.deviceversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-built_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FieldedUnits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("units", models.PositiveIntegerField()),
                ("counted_on", models.DateField()),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fielded",
                        to="inventory.customer",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fielded",
                        to="inventory.deviceversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "fielded units",
                "ordering": ["version_id", "customer__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(default="unknown", max_length=20)),
                ("role_why", models.TextField(blank=True)),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="inventory.componentidentity",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="inventory.deviceversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version_id", "identity_id"],
            },
        ),
        migrations.CreateModel(
            name="Sbom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("state", models.CharField(default="received", max_length=20)),
                ("is_current", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField()),
                ("received_from", models.CharField(max_length=200)),
                ("read_at", models.DateTimeField(null=True)),
                ("refused_why", models.TextField(blank=True)),
                ("format", models.CharField(blank=True, max_length=40)),
                ("spec_version", models.CharField(blank=True, max_length=20)),
                ("serial", models.CharField(blank=True, max_length=200)),
                ("subject_name", models.TextField(blank=True)),
                ("subject_version", models.TextField(blank=True)),
                ("subject_sha256", models.CharField(blank=True, max_length=64)),
                ("made_on", models.DateField(null=True)),
                ("component_count", models.PositiveIntegerField(default=0)),
                ("content", models.BinaryField(null=True)),
                (
                    "build",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sboms",
                        to="inventory.build",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.evidence"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sboms", to="inventory.deviceversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField(default=0)),
                ("ref", models.TextField(blank=True)),
                ("parent", models.TextField(blank=True)),
                ("name", models.TextField()),
                ("version_text", models.TextField(blank=True)),
                ("supplier", models.TextField(blank=True)),
                ("purl", models.TextField(blank=True)),
                ("kind", models.CharField(blank=True, max_length=60)),
                ("component_class", models.CharField(default="unknown", max_length=20)),
                ("support_level", models.CharField(default="unknown", max_length=30)),
                ("end_of_support", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="inventory.componentidentity",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="inventory.deviceversion",
                    ),
                ),
                (
                    "sbom",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="inventory.sbom",
                    ),
                ),
            ],
            options={
                "ordering": ["sbom_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SupplierName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folded", models.CharField(max_length=200, unique=True)),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="inventory.supplier"
                    ),
                ),
            ],
            options={
                "ordering": ["folded"],
            },
        ),
        migrations.CreateModel(
            name="UdiDi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("di", models.CharField(max_length=40, unique=True)),
                ("agency", models.CharField(default="unknown", max_length=20)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="udi_dis", to="inventory.device"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="deviceversion",
            index=models.Index(fields=["state", "device"], name="inventory_version_by_state"),
        ),
        migrations.AddConstraint(
            model_name="deviceversion",
            constraint=models.UniqueConstraint(fields=("device", "label"), name="inventory_version_once_per_device"),
        ),
        migrations.AddConstraint(
            model_name="build",
            constraint=models.UniqueConstraint(fields=("version", "label"), name="inventory_build_once_per_version"),
        ),
        migrations.AddConstraint(
            model_name="fieldedunits",
            constraint=models.UniqueConstraint(
                fields=("version", "customer"), name="inventory_units_once_per_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldedunits",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer", None)),
                fields=("version",),
                name="inventory_units_once_without_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["identity", "version"], name="inventory_listing_by_identity"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(fields=("version", "identity"), name="inventory_listing_once"),
        ),
        migrations.AddConstraint(
            model_name="sbom",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("version",), name="inventory_one_current_sbom"
            ),
        ),
        migrations.AddIndex(
            model_name="component",
            index=models.Index(fields=["version", "sbom"], name="inventory_component_by_place"),
        ),
    ]
