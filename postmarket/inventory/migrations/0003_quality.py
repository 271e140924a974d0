"""How good SBOMs were when they were read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_store")]

    operations = [
        migrations.AddField(
            model_name="componentidentity",
            name="kind",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.CreateModel(
            name="SbomQuality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("profile", models.CharField(max_length=40)),
                ("score", models.FloatField()),
                ("errors", models.PositiveIntegerField()),
                ("warnings", models.PositiveIntegerField()),
                ("unpinned", models.PositiveIntegerField()),
                ("rules", models.JSONField(default=dict)),
                (
                    "sbom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="qualities", to="inventory.sbom"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "SBOM qualities",
                "ordering": ["sbom_id", "profile"],
                "constraints": [
                    models.UniqueConstraint(fields=("sbom", "profile"), name="inventory_quality_once_per_profile")
                ],
            },
        ),
    ]
