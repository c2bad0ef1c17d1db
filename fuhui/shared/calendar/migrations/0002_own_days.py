"""What a community adds to the national table of work days."""

from django.db import migrations, models

import fuhui.shared.identifiers
from fuhui.shared.tenancy.walls import tenant_table

# A change of a community's own days is a change of the calendar: processes read again.
CHANGED = """
CREATE TRIGGER calendar_own_day_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON calendar_own_day
  FOR EACH STATEMENT EXECUTE FUNCTION calendar_changed();
"""


class Migration(migrations.Migration):

    dependencies = [('calendar', '0001_initial'), ('places', '0001_initial')]

    operations = [
        migrations.CreateModel(
            name='OwnDay',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('date', models.DateField(verbose_name='日期')),
                ('is_working', models.BooleanField(verbose_name='上班')),
                ('name', models.CharField(max_length=30, verbose_name='原因')),
            ],
            options={
                'verbose_name': '本社区工作日调整',
                'db_table': 'calendar_own_day',
                'ordering': ('date',),
                'constraints': [
                    models.UniqueConstraint(fields=('community_id', 'date'), name='calendar_own_day_once'),
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='calendar_own_day_has_reason'),
                ],
            },
        ),
        *tenant_table('calendar_own_day'),
        migrations.RunSQL(CHANGED, 'DROP TRIGGER calendar_own_day_changed ON calendar_own_day'),
    ]
