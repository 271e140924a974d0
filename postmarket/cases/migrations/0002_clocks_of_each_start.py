"""Whether every start event has a clock of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="each",
            field=models.BooleanField(default=False),
        ),
    ]
