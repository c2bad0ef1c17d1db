"""The names of the office types are longer than those of pictures."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('files', '0001_initial')]

    operations = [
        migrations.AlterField(
            model_name='stored', name='content_type', field=models.CharField(max_length=80, verbose_name='类型'),
        ),
    ]
