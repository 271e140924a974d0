"""An SBOM that says it is about something else waits for a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_support_and_aliases")]

    operations = [
        migrations.AddField(model_name="sbom", name="held_why", field=models.TextField(blank=True)),
        migrations.AddField(model_name="sbom", name="confirmed", field=models.BooleanField(default=False)),
    ]
