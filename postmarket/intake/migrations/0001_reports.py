"""Reports, their files, and the numbers people call them by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inventory", "0005_support_and_aliases"),
        ("records", "0003_replacing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["series", "year"],
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="intake_counter_once")],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("kind", models.CharField(default="researcher", max_length=20)),
                ("organisation", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=200)),
                ("vulnerability", models.TextField(blank=True)),
                ("harm_reported", models.BooleanField(null=True)),
                ("state", models.CharField(default="received", max_length=20)),
                ("known_since", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("closed_why", models.TextField(blank=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.privatedatum"
                    ),
                ),
                ("devices", models.ManyToManyField(blank=True, related_name="reports", to="inventory.device")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.privatedatum",
                    ),
                ),
            ],
            options={
                "ordering": ["-known_since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.evidence"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="intake.report"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
