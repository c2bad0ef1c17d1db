"""Open cases without a known building, by category: what a new case at a building is compared with besides."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["community_id", "category", "id"],
                name="cases_open_unplaced",
                condition=models.Q(is_open=True, building__isnull=True),
            ),
        ),
    ]
