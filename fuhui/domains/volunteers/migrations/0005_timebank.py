"""The time bank."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import fuhui.domains.volunteers.rules.timebank
import fuhui.shared.identifiers
import fuhui.shared.tenancy.models
from fuhui.domains.volunteers.migrations._bank_walls import BANK, BANK_BACK
from fuhui.shared.tenancy.walls import tenant_table


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
        ('volunteers', '0004_certificates'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('holder', models.CharField(choices=[(fuhui.domains.volunteers.rules.timebank.Holder['PERSON'], '个人'), (fuhui.domains.volunteers.rules.timebank.Holder['HOUSEHOLD'], '家庭'), (fuhui.domains.volunteers.rules.timebank.Holder['POOL'], '捐赠池'), (fuhui.domains.volunteers.rules.timebank.Holder['ISSUE'], '发放账户')], max_length=10, verbose_name='账户')),
                ('balance', models.IntegerField(default=0, editable=False, verbose_name='余额（分钟）')),
                ('floor', models.IntegerField(default=0, verbose_name='可透支到（分钟）')),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('household', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household', verbose_name='户')),
                ('person', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='居民')),
            ],
            options={
                'db_table': 'volunteers_bank_account',
            },
        ),
        migrations.CreateModel(
            name='BankEntry',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[(fuhui.domains.volunteers.rules.timebank.Kind['EARN'], '服务存入'), (fuhui.domains.volunteers.rules.timebank.Kind['SPEND'], '得到服务'), (fuhui.domains.volunteers.rules.timebank.Kind['GIFT'], '赠送'), (fuhui.domains.volunteers.rules.timebank.Kind['DONATE'], '捐入捐赠池'), (fuhui.domains.volunteers.rules.timebank.Kind['SURPLUS'], '超出上限转入捐赠池'), (fuhui.domains.volunteers.rules.timebank.Kind['DRAW'], '捐赠池帮扶'), (fuhui.domains.volunteers.rules.timebank.Kind['REVERSE'], '冲正')], max_length=10, verbose_name='种类')),
                ('words', models.CharField(max_length=100, verbose_name='说明')),
                ('key', models.CharField(max_length=120)),
                ('at', models.DateTimeField(db_default=models.Func(function='transaction_timestamp'), editable=False, verbose_name='时间')),
                ('by', models.CharField(max_length=60)),
                ('by_name', models.CharField(blank=True, max_length=60)),
                ('part', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.servicepart')),
                ('record', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.servicerecord', verbose_name='服务记录')),
                ('reverses', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='volunteers.bankentry', verbose_name='冲正了哪一笔')),
            ],
            options={
                'db_table': 'volunteers_bank_entry',
            },
        ),
        migrations.CreateModel(
            name='BankPosting',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('minutes', models.IntegerField(verbose_name='分钟')),
                ('account', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='volunteers.bankaccount')),
                ('entry', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='volunteers.bankentry')),
            ],
            options={
                'db_table': 'volunteers_bank_posting',
            },
        ),
        migrations.CreateModel(
            name='BankRepresentative',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('relation', models.CharField(max_length=20, verbose_name='关系')),
                ('since', models.DateField(verbose_name='从')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='到')),
                ('named_by', models.CharField(max_length=60)),
                ('account', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='representatives', to='volunteers.bankaccount')),
                ('person', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='代办人')),
            ],
            options={
                'db_table': 'volunteers_bank_representative',
            },
        ),
        migrations.CreateModel(
            name='BankRequest',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('words', models.CharField(max_length=100, verbose_name='要帮什么')),
                ('kind', models.CharField(max_length=61, verbose_name='服务项目')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='大约多久（分钟）')),
                ('wanted_on', models.DateField(verbose_name='哪一天')),
                ('state', models.CharField(choices=[(fuhui.domains.volunteers.rules.timebank.Asked['OPEN'], '等人接'), (fuhui.domains.volunteers.rules.timebank.Asked['ACCEPTED'], '有人接了'), (fuhui.domains.volunteers.rules.timebank.Asked['DONE'], '已完成'), (fuhui.domains.volunteers.rules.timebank.Asked['CANCELLED'], '已取消')], default=fuhui.domains.volunteers.rules.timebank.Asked['OPEN'], max_length=10, verbose_name='状态')),
                ('asked_by', models.CharField(max_length=60)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('account', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='volunteers.bankaccount')),
                ('entry', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.bankentry')),
                ('volunteer', fuhui.shared.tenancy.models.TenantKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.volunteer', verbose_name='志愿者')),
            ],
            options={
                'db_table': 'volunteers_bank_request',
                'ordering': ('wanted_on', 'id'),
            },
        ),
        migrations.CreateModel(
            name='BankSettings',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('is_open', models.BooleanField(default=False, verbose_name='已开办')),
                ('cap', models.PositiveIntegerField(default=6000, verbose_name='余额上限（分钟）')),
                ('floor', models.IntegerField(default=0, verbose_name='可透支到（分钟）')),
                ('rate', models.PositiveSmallIntegerField(default=100, verbose_name='存入比例（%）')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=61), blank=True, default=list, size=None, verbose_name='哪些服务存入')),
                ('changed_by', models.CharField(max_length=60)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'db_table': 'volunteers_bank_settings',
                'constraints': [models.UniqueConstraint(fields=('community_id',), name='volunteers_bank_settings_once'), models.CheckConstraint(condition=models.Q(('floor__lte', 0), ('rate__gte', 1), ('rate__lte', 200)), name='volunteers_bank_settings_sound')],
            },
        ),
        migrations.AddIndex(
            model_name='bankaccount',
            index=models.Index(fields=['community_id', '-balance'], name='volunteers_bank_by_balance'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(fields=('community_id', 'person'), name='volunteers_bank_person_once'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(fields=('community_id', 'household'), name='volunteers_bank_household_once'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('holder__in', ['pool', 'issue'])), fields=('community_id', 'holder'), name='volunteers_bank_system_once'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('holder', 'person'), ('household__isnull', True), ('person__isnull', False)), models.Q(('holder', 'household'), ('household__isnull', False), ('person__isnull', True)), models.Q(('holder__in', ['pool', 'issue']), ('household__isnull', True), ('person__isnull', True)), _connector='OR'), name='volunteers_bank_holder'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('holder', 'issue'), ('balance__gte', models.F('floor')), _connector='OR'), name='volunteers_bank_floor'),
        ),
        migrations.AddIndex(
            model_name='bankentry',
            index=models.Index(condition=models.Q(('record__isnull', False)), fields=['community_id', 'record'], name='volunteers_bank_of_record'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.UniqueConstraint(fields=('community_id', 'key'), name='volunteers_bank_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.UniqueConstraint(fields=('community_id', 'part'), name='volunteers_bank_part_once'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.UniqueConstraint(fields=('community_id', 'reverses'), name='volunteers_bank_reversed_once'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['earn', 'spend', 'gift', 'donate', 'surplus', 'draw', 'reverse'])), name='volunteers_bank_kind'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reverse'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'reverse'), _negated=True), ('reverses__isnull', True)), _connector='OR'), name='volunteers_bank_reverse_kind'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('part__isnull', True), models.Q(('kind', 'earn'), ('record__isnull', False)), _connector='OR'), name='volunteers_bank_earn_part'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('words', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='volunteers_bank_said'),
        ),
        migrations.AddIndex(
            model_name='bankposting',
            index=models.Index(fields=['community_id', 'account', '-id'], name='volunteers_bank_statement'),
        ),
        migrations.AddConstraint(
            model_name='bankposting',
            constraint=models.UniqueConstraint(fields=('community_id', 'entry', 'account'), name='volunteers_bank_posting_once'),
        ),
        migrations.AddConstraint(
            model_name='bankposting',
            constraint=models.CheckConstraint(condition=models.Q(('minutes', 0), _negated=True), name='volunteers_bank_posting_some'),
        ),
        migrations.AddConstraint(
            model_name='bankrepresentative',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('community_id', 'account', 'person'), name='volunteers_bank_representative_once'),
        ),
        migrations.AddConstraint(
            model_name='bankrepresentative',
            constraint=models.CheckConstraint(condition=models.Q(('relation', ''), _negated=True), name='volunteers_bank_relation'),
        ),
        migrations.AddIndex(
            model_name='bankrequest',
            index=models.Index(fields=['community_id', 'state', 'wanted_on'], name='volunteers_bank_requests'),
        ),
        migrations.AddConstraint(
            model_name='bankrequest',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='volunteers_bank_request_minutes'),
        ),
        migrations.AddConstraint(
            model_name='bankrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', True), ('state', 'open'), ('volunteer__isnull', True)), models.Q(('entry__isnull', True), ('state', 'accepted'), ('volunteer__isnull', False)), models.Q(('closed_at__isnull', False), ('entry__isnull', False), ('state', 'done'), ('volunteer__isnull', False)), models.Q(('closed_at__isnull', False), ('entry__isnull', True), ('state', 'cancelled')), _connector='OR'), name='volunteers_bank_request_state'),
        ),
        migrations.AddConstraint(
            model_name='bankrequest',
            constraint=models.UniqueConstraint(fields=('community_id', 'entry'), name='volunteers_bank_request_entry'),
        ),
        *tenant_table("volunteers_bank_settings"),
        *tenant_table("volunteers_bank_account", {"person_id": "people_person", "household_id": "people_household"}),
        *tenant_table("volunteers_bank_entry", {
            "part_id": "ledger_part", "record_id": "ledger_record", "reverses_id": "volunteers_bank_entry",
        }, append_only=True),
        *tenant_table("volunteers_bank_posting", {
            "entry_id": "volunteers_bank_entry", "account_id": "volunteers_bank_account",
        }, append_only=True),
        *tenant_table("volunteers_bank_request", {
            "account_id": "volunteers_bank_account", "volunteer_id": "volunteers_volunteer",
            "entry_id": "volunteers_bank_entry",
        }),
        *tenant_table("volunteers_bank_representative", {
            "account_id": "volunteers_bank_account", "person_id": "people_person",
        }),
        migrations.RunSQL(BANK, BANK_BACK),
    ]
