"""Who came to a shift, what was approved, and who objected."""

import django.db.models.deletion
from django.db import migrations, models

import fuhui.shared.identifiers
import fuhui.shared.tenancy.models
from fuhui.shared.tenancy.walls import tenant_table


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('volunteers', '0002_shifts'),
    ]

    operations = [
        migrations.AddField(
            model_name='shift',
            name='served',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='服务对象人数'),
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('state', models.CharField(choices=[('present', '已到'), ('no_show', '未到')], default='present', max_length=8, verbose_name='到场')),
                ('came_at', models.DateTimeField(blank=True, null=True, verbose_name='签到')),
                ('came_heard_at', models.DateTimeField(blank=True, null=True, verbose_name='签到收到')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='签退')),
                ('left_heard_at', models.DateTimeField(blank=True, null=True, verbose_name='签退收到')),
                ('needs_review', models.CharField(blank=True, max_length=60, verbose_name='要核对')),
                ('planned', models.PositiveSmallIntegerField(verbose_name='计划分钟')),
                ('checked', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='签到分钟')),
                ('approved', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='认定分钟')),
                ('approved_why', models.CharField(blank=True, max_length=200, verbose_name='认定说明')),
                ('approved_by', models.CharField(blank=True, max_length=60)),
                ('approved_person_id', models.UUIDField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('notice_until', models.DateField(blank=True, null=True, verbose_name='公示到')),
                ('booked_at', models.DateTimeField(blank=True, null=True, verbose_name='记入台账')),
                ('absent_why', models.CharField(blank=True, max_length=200, verbose_name='未到情况')),
                ('appeal', models.CharField(blank=True, max_length=300, verbose_name='本人说明')),
                ('appealed_at', models.DateTimeField(blank=True, null=True)),
                ('appeal_answer', models.CharField(blank=True, max_length=300, verbose_name='对说明的答复')),
                ('person', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='居民')),
                ('shift', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='volunteers.shift', verbose_name='班次')),
                ('sign_up', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='volunteers.signup', verbose_name='报名')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('words', models.CharField(max_length=300, verbose_name='说明')),
                ('contact', models.CharField(blank=True, max_length=60, verbose_name='联系方式')),
                ('said_by', models.CharField(max_length=60)),
                ('said_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', '待核实'), ('upheld', '属实'), ('dismissed', '不属实')], default='open', max_length=10, verbose_name='结论')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='答复')),
                ('answered_by', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('attendance', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='volunteers.attendance')),
            ],
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('client_uuid', models.UUIDField()),
                ('outcome', models.CharField(max_length=14)),
                ('actor', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('person', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('shift', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='volunteers.shift')),
            ],
        ),
        migrations.AddIndex(
            model_name='attendance',
            index=models.Index(fields=['community_id', 'shift'], name='volunteers_attendance_of'),
        ),
        migrations.AddIndex(
            model_name='attendance',
            index=models.Index(fields=['community_id', 'person'], name='volunteers_attendance_who'),
        ),
        migrations.AddIndex(
            model_name='attendance',
            index=models.Index(condition=models.Q(('approved__isnull', False), ('booked_at__isnull', True)), fields=['community_id', 'notice_until'], name='volunteers_attendance_due'),
        ),
        migrations.AddIndex(
            model_name='attendance',
            index=models.Index(condition=models.Q(('came_at__isnull', False), ('left_at__isnull', True)), fields=['community_id', 'came_at'], name='volunteers_attendance_open'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('community_id', 'sign_up'), name='volunteers_attendance_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('left_at__isnull', True), models.Q(('came_at__isnull', False), ('left_at__gte', models.F('came_at'))), _connector='OR'), name='volunteers_attendance_order'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('absent_why', ''), ('came_at__isnull', False), ('state', 'present')), models.Q(('came_at__isnull', True), ('state', 'no_show'), models.Q(('absent_why', ''), _negated=True)), _connector='OR'), name='volunteers_attendance_absent'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved__isnull', True), ('approved__lte', 1440), _connector='OR'), models.Q(('checked__isnull', True), ('checked__lte', 1440), _connector='OR')), name='volunteers_attendance_day'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved__isnull', True), ('approved_by', ''), ('notice_until__isnull', True)), models.Q(('approved__isnull', False), ('approved_at__isnull', False), ('notice_until__isnull', False), models.Q(('approved_by', ''), _negated=True)), _connector='OR'), name='volunteers_attendance_approved'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('approved_person_id__isnull', True), models.Q(('approved_person_id', models.F('person')), _negated=True), _connector='OR'), name='volunteers_attendance_other_approves'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('booked_at__isnull', True), models.Q(('approved__isnull', False), ('state', 'present')), _connector='OR'), name='volunteers_attendance_booked'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['community_id', 'state'], name='volunteers_objection_open'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='volunteers_objection_words'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='volunteers_objection_answered'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(fields=['community_id', 'shift'], name='volunteers_scan_of'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.UniqueConstraint(fields=('community_id', 'client_uuid'), name='volunteers_scan_once'),
        ),
        *tenant_table("volunteers_attendance", {
            "sign_up_id": "volunteers_sign_up", "shift_id": "volunteers_shift", "person_id": "people_person",
        }),
        *tenant_table("volunteers_scan", {"shift_id": "volunteers_shift", "person_id": "people_person"},
                      append_only=True),
        *tenant_table("volunteers_objection", {"attendance_id": "volunteers_attendance"}),
    ]
