"""Tables of imports."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuhui.registry.people.rules.words import BATCH_NAMES, BatchState
from fuhui.shared.crypto import SealedTextField
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class ImportBatch(TenantRow):
    """One uploaded list on its way in: mapping, check result, progress. Holds no resident's data itself."""

    file_name = models.CharField("文件名", max_length=200)
    file_path = models.CharField(max_length=200, blank=True)
    file_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField(default=0)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    mapping = models.JSONField("列的对应", default=dict)
    options = models.JSONField("选择", default=dict)
    state = models.CharField(
        "状态",
        max_length=10,
        default=BatchState.UPLOADED,
        choices=[(state, BATCH_NAMES[state]) for state in BatchState],
    )
    stage = models.CharField("正在做", max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField("计数", default=dict)
    problems = models.JSONField("问题行", default=list)
    error = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "people_import_batch"
        constraints = [
            models.CheckConstraint(name="people_batch_progress", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="people_batch_undone", condition=~Q(state=BatchState.UNDONE) | Q(undone_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["community_id", "-created_at"], name="people_batch_latest")]

    def __str__(self) -> str:
        return self.file_name


class ImportChange(TenantRow):
    """One row that a batch made or changed, with what it was before, so that undoing is exact."""

    batch = TenantKey(ImportBatch, related_name="changes")
    kind = models.CharField(max_length=12)
    object_id = models.UUIDField()
    is_new = models.BooleanField()
    version = models.PositiveIntegerField(default=1)
    before = SealedTextField(context="people.import_change", null=True, blank=True)

    class Meta:
        db_table = "people_import_change"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "batch", "kind", "object_id"], name="people_change_once"),
            models.CheckConstraint(
                name="people_change_before",
                condition=Q(is_new=True, before__isnull=True) | Q(is_new=False, before__isnull=False),
            ),
        ]
