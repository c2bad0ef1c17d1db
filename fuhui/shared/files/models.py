"""Table of stored files. The bytes lie below MEDIA_ROOT."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fuhui.shared.tenancy.models import TenantRow


class Kind(models.TextChoices):
    """What a file is."""

    PHOTO = "photo", "照片"
    DOCUMENT = "document", "文件"


class Stored(TenantRow):
    """One stored file; `path` is relative to MEDIA_ROOT."""

    purpose = models.CharField("用途", max_length=30)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveIntegerField("字节数")
    content_type = models.CharField("类型", max_length=80)
    width = models.PositiveIntegerField("宽", null=True)
    height = models.PositiveIntegerField("高", null=True)
    name = models.CharField("原文件名", max_length=100, blank=True)
    path = models.CharField("路径", max_length=200)
    uploaded_by = models.TextField("上传者")
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        db_table = "files_stored"
        verbose_name = "文件"
        constraints = [
            models.UniqueConstraint(fields=["path"], name="files_stored_path"),
            models.CheckConstraint(
                name="files_stored_photo_size",
                condition=~Q(kind=Kind.PHOTO) | Q(width__isnull=False, height__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)
