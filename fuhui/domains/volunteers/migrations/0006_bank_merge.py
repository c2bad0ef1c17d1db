"""Minutes of two accounts go together when two records of one resident are merged."""

from django.db import migrations, models

import fuhui.domains.volunteers.rules.timebank
from fuhui.domains.volunteers.migrations._bank_walls import STILL_THERE, STILL_THERE_BACK


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
        ('volunteers', '0005_timebank'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bankentry',
            name='volunteers_bank_kind',
        ),
        migrations.AlterField(
            model_name='bankentry',
            name='kind',
            field=models.CharField(choices=[(fuhui.domains.volunteers.rules.timebank.Kind['EARN'], '服务存入'), (fuhui.domains.volunteers.rules.timebank.Kind['SPEND'], '得到服务'), (fuhui.domains.volunteers.rules.timebank.Kind['GIFT'], '赠送'), (fuhui.domains.volunteers.rules.timebank.Kind['DONATE'], '捐入捐赠池'), (fuhui.domains.volunteers.rules.timebank.Kind['SURPLUS'], '超出上限转入捐赠池'), (fuhui.domains.volunteers.rules.timebank.Kind['DRAW'], '捐赠池帮扶'), (fuhui.domains.volunteers.rules.timebank.Kind['MERGE'], '两份档案合并'), (fuhui.domains.volunteers.rules.timebank.Kind['REVERSE'], '冲正')], max_length=10, verbose_name='种类'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['earn', 'spend', 'gift', 'donate', 'surplus', 'draw', 'merge', 'reverse'])), name='volunteers_bank_kind'),
        ),
        migrations.RunSQL(STILL_THERE, STILL_THERE_BACK),
    ]
