"""Stars, training, praise, and certificates of service."""

import django.db.models.deletion
from django.db import migrations, models

import fuhui.shared.identifiers
import fuhui.shared.tenancy.models
from fuhui.shared.tenancy.walls import tenant_table

# A certificate is checked by whoever holds it, before any community is in scope: the token finds it, nothing else does.
# What was issued stays as it was issued; only its revocation is added.
DOORS = """
CREATE FUNCTION volunteers_certificate_of_token(token bytea)
  RETURNS TABLE (number text, name text, issued_at timestamptz, revoked_at timestamptz, community text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
  $$ SELECT c.number, c.facts->>'name', c.issued_at, c.revoked_at, c.facts->>'community'
     FROM volunteers_certificate c WHERE c.token_hash = token $$;
CREATE FUNCTION volunteers_certificate_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a certificate is not changed' USING ERRCODE = '23001', CONSTRAINT = 'volunteers_certificate_stays';
END $$;
CREATE TRIGGER volunteers_certificate_stays BEFORE UPDATE ON volunteers_certificate FOR EACH ROW
  WHEN ((NEW.volunteer_id, NEW."order", NEW.number, NEW.token_hash, NEW.facts, NEW.since, NEW.until, NEW.minutes,
    NEW.issued_at, NEW.issued_by) IS DISTINCT FROM (OLD.volunteer_id, OLD."order", OLD.number, OLD.token_hash, OLD.facts,
    OLD.since, OLD.until, OLD.minutes, OLD.issued_at, OLD.issued_by) OR OLD.revoked_at IS NOT NULL)
  EXECUTE FUNCTION volunteers_certificate_stays();
CREATE TRIGGER volunteers_certificate_kept BEFORE DELETE ON volunteers_certificate FOR EACH ROW
  EXECUTE FUNCTION volunteers_certificate_stays();
"""
DOORS_BACK = """
DROP TRIGGER volunteers_certificate_kept ON volunteers_certificate;
DROP TRIGGER volunteers_certificate_stays ON volunteers_certificate;
DROP FUNCTION volunteers_certificate_stays();
DROP FUNCTION volunteers_certificate_of_token(bytea);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0003_attendance'),
    ]

    operations = [
        migrations.CreateModel(
            name='StarLevel',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('stars', models.PositiveSmallIntegerField(verbose_name='星级')),
                ('hours', models.PositiveIntegerField(verbose_name='满多少小时')),
            ],
            options={
                'ordering': ('stars',),
                'constraints': [models.UniqueConstraint(fields=('community_id', 'stars'), name='volunteers_star_once'), models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('stars__gte', 1), ('stars__lte', 5)), name='volunteers_star_range')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('order', models.PositiveIntegerField(verbose_name='顺序号')),
                ('number', models.CharField(max_length=30, verbose_name='证明编号')),
                ('token_hash', models.BinaryField(max_length=32)),
                ('facts', models.JSONField(verbose_name='内容')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(verbose_name='止')),
                ('minutes', models.PositiveIntegerField(verbose_name='分钟')),
                ('issued_at', models.DateTimeField(verbose_name='出具时间')),
                ('issued_by', models.CharField(max_length=60)),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('revoked_by', models.CharField(blank=True, max_length=60)),
                ('revoked_why', models.CharField(blank=True, max_length=200, verbose_name='作废原因')),
                ('volunteer', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='volunteers.volunteer', verbose_name='志愿者')),
            ],
            options={
                'ordering': ('-order',),
                'indexes': [models.Index(fields=['token_hash'], name='volunteers_certificate_token'), models.Index(fields=['community_id', 'volunteer'], name='volunteers_certificate_of')],
                'constraints': [models.UniqueConstraint(fields=('community_id', 'order'), name='volunteers_certificate_order'), models.UniqueConstraint(fields=('community_id', 'number'), name='volunteers_certificate_number'), models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='volunteers_certificate_span'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='volunteers_certificate_some'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_why', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_why', ''), _negated=True)), _connector='OR'), name='volunteers_certificate_revoked')],
            },
        ),
        migrations.CreateModel(
            name='Merit',
            fields=[
                ('id', models.UUIDField(default=fuhui.shared.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('community_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('training', '培训'), ('praise', '表彰奖励')], max_length=8, verbose_name='类别')),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('by_whom', models.CharField(blank=True, max_length=60, verbose_name='组织或授予单位')),
                ('on', models.DateField(verbose_name='日期')),
                ('hours', models.PositiveSmallIntegerField(default=0, verbose_name='学时')),
                ('entered_by', models.CharField(max_length=60)),
                ('entered_at', models.DateTimeField()),
                ('volunteer', fuhui.shared.tenancy.models.TenantKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='merits', to='volunteers.volunteer', verbose_name='志愿者')),
            ],
            options={
                'ordering': ('-on', '-id'),
                'indexes': [models.Index(fields=['community_id', 'volunteer'], name='volunteers_merit_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='volunteers_merit_named')],
            },
        ),
        *tenant_table("volunteers_starlevel"),
        *tenant_table("volunteers_merit", {"volunteer_id": "volunteers_volunteer"}),
        *tenant_table("volunteers_certificate", {"volunteer_id": "volunteers_volunteer"}),
        migrations.RunSQL(DOORS, DOORS_BACK),
    ]
