"""Documents stand beside the photos of a case."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('cases', '0002_open_unplaced')]

    operations = [
        migrations.AlterField(
            model_name='casephoto',
            name='moment',
            field=models.CharField(
                choices=[
                    ('before', '办理前'), ('after', '办理后'), ('evidence', '过程'), ('document', '文件'),
                    ('resident', '居民文件'),
                ],
                default='before', max_length=8,
            ),
        ),
    ]
