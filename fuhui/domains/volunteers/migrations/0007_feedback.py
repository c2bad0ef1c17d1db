"""What those served say of a service."""

import django.db.models.deletion
from django.db import migrations, models

import fuhui.domains.volunteers.rules.feedback
import fuhui.shared.identifiers
import fuhui.shared.tenancy.models
from fuhui.domains.volunteers.migrations._feedback_walls import FEEDBACK, FEEDBACK_BACK
from fuhui.shared.tenancy.walls import tenant_table


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('volunteers', '0006_bank_merge'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('stars', models.PositiveSmallIntegerField(verbose_name='星')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='评价')),
                ('may_show', models.BooleanField(default=False, verbose_name='同意给志愿者看')),
                ('way', models.CharField(choices=[(fuhui.domains.volunteers.rules.feedback.Way['SELF'], '本人写的'), (fuhui.domains.volunteers.rules.feedback.Way['PHONE'], '电话回访'), (fuhui.domains.volunteers.rules.feedback.Way['DESK'], '当面说的')], max_length=5, verbose_name='怎么说的')),
                ('said_at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('entered_by', models.CharField(max_length=60)),
                ('entered_by_name', models.CharField(blank=True, max_length=60, verbose_name='记录人')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='处理情况')),
                ('answered_by_name', models.CharField(blank=True, max_length=60, verbose_name='处理人')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('person', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='得到服务的人')),
                ('request', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='volunteers.bankrequest', verbose_name='求助')),
                ('shift', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='volunteers.shift', verbose_name='班次')),
            ],
            options={
                'ordering': ('-said_at', '-id'),
                'indexes': [models.Index(fields=['community_id', '-said_at'], name='volunteers_feedback_latest')],
                'constraints': [models.UniqueConstraint(fields=('community_id', 'shift', 'person'), name='volunteers_feedback_shift_once'), models.UniqueConstraint(fields=('community_id', 'request'), name='volunteers_feedback_request_once'), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('request__isnull', True), ('shift__isnull', False)), models.Q(('request__isnull', False), ('shift__isnull', True)), _connector='OR'), name='volunteers_feedback_of'), models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='volunteers_feedback_stars'), models.CheckConstraint(condition=models.Q(('way__in', ['self', 'phone', 'desk'])), name='volunteers_feedback_way'), models.CheckConstraint(condition=models.Q(('may_show', False), models.Q(('words', ''), _negated=True), _connector='OR'), name='volunteers_feedback_shown'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='volunteers_feedback_answered')],
            },
        ),
        *tenant_table("volunteers_feedback", {
            "shift_id": "volunteers_shift", "request_id": "volunteers_bank_request", "person_id": "people_person",
        }),
        migrations.RunSQL(FEEDBACK, FEEDBACK_BACK),
    ]
