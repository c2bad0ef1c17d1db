"""Stars, training, praise, and certificates of service."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fuhui.domains.volunteers.models.registration import Volunteer
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class StarLevel(TenantRow):
    """From how many hours on a volunteer has so many stars; the community's own table."""

    stars = models.PositiveSmallIntegerField("星级")
    hours = models.PositiveIntegerField("满多少小时")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "stars"], name="volunteers_star_once"),
            models.CheckConstraint(name="volunteers_star_range", condition=Q(stars__gte=1, stars__lte=5, hours__gte=1)),
        ]
        ordering = ("stars",)


class StarChange(TenantRow):
    """One change of the table of stars, append-only: hours for one to five stars, and how many volunteers' star it
    changed."""

    hours = ArrayField(models.PositiveIntegerField(), verbose_name="一到五星的小时数", size=5)
    changed = models.PositiveIntegerField("星级变了的志愿者")
    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.CharField(max_length=60)
    by_name = models.CharField("谁改的", max_length=60, blank=True)

    class Meta:
        db_table = "volunteers_star_change"
        constraints = [models.CheckConstraint(name="volunteers_star_change_five", condition=Q(hours__len=5))]
        indexes = [models.Index(fields=["community_id", "-at"], name="volunteers_star_changes")]
        ordering = ("-at", "-id")


class Merit(TenantRow):
    """A training that a volunteer took, or a praise that was given: two of the five groups of the national record."""

    KINDS = (("training", "培训"), ("praise", "表彰奖励"))
    volunteer = TenantKey(Volunteer, related_name="merits", verbose_name="志愿者")
    kind = models.CharField("类别", max_length=8, choices=KINDS)
    title = models.CharField("名称", max_length=60)
    by_whom = models.CharField("组织或授予单位", max_length=60, blank=True)
    on = models.DateField("日期")
    hours = models.PositiveSmallIntegerField("学时", default=0)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="volunteers_merit_named", condition=~Q(title=""))]
        indexes = [models.Index(fields=["community_id", "volunteer"], name="volunteers_merit_of")]
        ordering = ("-on", "-id")


class Certificate(TenantRow):
    """A certificate as it was issued (志愿服务记录与证明出具办法; contents: 民发〔2015〕149号). Only ever revoked."""

    volunteer = TenantKey(Volunteer, related_name="certificates", verbose_name="志愿者")
    order = models.PositiveIntegerField("顺序号")
    number = models.CharField("证明编号", max_length=30)
    token_hash = models.BinaryField(max_length=32)
    facts = models.JSONField("内容")
    since = models.DateField("起")
    until = models.DateField("止")
    minutes = models.PositiveIntegerField("分钟")
    issued_at = models.DateTimeField("出具时间")
    issued_by = models.CharField(max_length=60)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)
    revoked_by = models.CharField(max_length=60, blank=True)
    revoked_why = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "order"], name="volunteers_certificate_order"),
            models.UniqueConstraint(fields=["community_id", "number"], name="volunteers_certificate_number"),
            models.CheckConstraint(name="volunteers_certificate_span", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(name="volunteers_certificate_some", condition=Q(minutes__gte=1)),
            models.CheckConstraint(
                name="volunteers_certificate_revoked",
                condition=Q(revoked_at__isnull=True, revoked_why="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["token_hash"], name="volunteers_certificate_token"),
            models.Index(fields=["community_id", "volunteer"], name="volunteers_certificate_of"),
        ]
        ordering = ("-order",)
