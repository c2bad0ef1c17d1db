"""Tables of the audit trail. Rows are written by `actions.write` and sealed by the database at commit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuhui.shared.identifiers import new_id


class Entry(models.Model):
    """One entry. Outlives its community, therefore no reference to it.

    `seq`, `prev` and `hash` are empty until the transaction commits; then a deferred trigger chains the row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    community_id = models.UUIDField("社区", null=True, editable=False)
    seq = models.BigIntegerField("序号", null=True, editable=False)
    at = models.DateTimeField("时间", db_default=models.Func(function="clock_timestamp"), editable=False)
    actor = models.TextField("行为人")
    actor_name = models.TextField("姓名")
    action = models.TextField("动作")
    subject = models.TextField("对象")
    subject_id = models.TextField("对象编号")
    data = models.JSONField("内容", default=dict)
    prev = models.BinaryField("前一条的哈希", null=True)
    hash = models.BinaryField("哈希", null=True)

    class Meta:
        db_table = "audit_entry"
        verbose_name = "审计记录"
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "seq"], name="audit_entry_no_fork", condition=Q(seq__isnull=False),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index("community_id", models.F("at").desc(), models.F("id").desc(), name="audit_entry_by_time"),
            models.Index(fields=["community_id", "subject", "subject_id"], name="audit_entry_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"


class Chain(models.Model):
    """The head of a community's chain; written by the sealing trigger only."""

    chain = models.UUIDField(primary_key=True, editable=False)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_chain"
        verbose_name = "审计链"

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}"
