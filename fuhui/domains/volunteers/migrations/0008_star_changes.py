"""How the table of stars came to be."""

import django.contrib.postgres.fields
from django.db import migrations, models

import fuhui.shared.identifiers
from fuhui.shared.tenancy.walls import tenant_table


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0007_feedback'),
    ]

    operations = [
        migrations.CreateModel(
            name='StarChange',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('hours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=5, verbose_name='一到五星的小时数')),
                ('changed', models.PositiveIntegerField(verbose_name='星级变了的志愿者')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('by', models.CharField(max_length=60)),
                ('by_name', models.CharField(blank=True, max_length=60, verbose_name='谁改的')),
            ],
            options={
                'db_table': 'volunteers_star_change',
                'ordering': ('-at', '-id'),
                'indexes': [models.Index(fields=['community_id', '-at'], name='volunteers_star_changes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('hours__len', 5)), name='volunteers_star_change_five')],
            },
        ),
        *tenant_table("volunteers_star_change", append_only=True),
    ]
