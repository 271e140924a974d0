"""What shows that a clock was stopped."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_clocks_of_each_start"),
        ("records", "0003_replacing"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="evidence",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.evidence"
            ),
        ),
    ]
