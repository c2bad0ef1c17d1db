"""Calls for help, their shifts, and who signed up."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from fuhui.domains.volunteers.models.registration import Volunteer
from fuhui.domains.volunteers.rules.planning import MOST_PLACES
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Call(TenantRow):
    """A call for help (招募): what is done, where, with which risks, and who may come."""

    team = TenantKey("organisations.Organisation", null=True, blank=True, related_name="+", verbose_name="发起的队伍")
    title = models.CharField("做什么", max_length=60)
    about = models.CharField("具体内容", max_length=1000)
    place = models.CharField("集合地点", max_length=100)
    risks = models.CharField("风险说明", max_length=500)
    contact = models.CharField("联系方式", max_length=60, blank=True)
    kind = models.CharField("服务项目", max_length=61)
    skill = models.CharField("要求的技能", max_length=20, blank=True)
    min_age = models.PositiveSmallIntegerField("最低年龄", default=0)
    team_only = models.BooleanField("只招本队队员", default=False)
    is_dangerous = models.BooleanField("有一定危险", default=False)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(name="volunteers_call_told", condition=~Q(title="") & ~Q(place="") & ~Q(risks="")),
            models.CheckConstraint(name="volunteers_call_team", condition=Q(team_only=False) | Q(team__isnull=False)),
        ]
        ordering = ("-published_at",)

    def __str__(self) -> str:
        return self.title


class Shift(TenantRow):
    """One shift of a call. `taken` is counted by a trigger; its check keeps the last place from being given twice.

    The times of a shift never change (trigger): a moved shift is a cancelled one and a new one.
    """

    call = TenantKey(Call, related_name="shifts", verbose_name="招募")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    opens_at = models.DateTimeField("报名开始")
    closes_at = models.DateTimeField("报名截止")
    capacity = models.PositiveSmallIntegerField("名额")
    taken = models.PositiveSmallIntegerField("已报", default=0)
    served = models.PositiveSmallIntegerField("服务对象人数", default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField("取消原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="volunteers_shift_span", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="volunteers_shift_window",
                                   condition=Q(closes_at__gt=F("opens_at"), closes_at__lte=F("starts_at"))),
            models.CheckConstraint(name="volunteers_shift_places",
                                   condition=Q(capacity__gte=1, capacity__lte=MOST_PLACES)),
            models.CheckConstraint(name="volunteers_shift_not_oversold",
                                   condition=Q(taken__gte=0, taken__lte=F("capacity"))),
            models.CheckConstraint(
                name="volunteers_shift_cancelled",
                condition=Q(cancelled_at__isnull=True, cancelled_why="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_why="")),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "starts_at"], name="volunteers_shift_next")]
        ordering = ("starts_at", "id")

    def __str__(self) -> str:
        return f"{self.call_id} {self.starts_at}"


class SignUp(TenantRow):
    """A volunteer takes a place of a shift. `during` is the shift's time, set by a trigger.

    An exclusion constraint keeps one volunteer from two live sign-ups at one time.
    """

    shift = TenantKey(Shift, related_name="sign_ups", verbose_name="班次")
    volunteer = TenantKey(Volunteer, related_name="sign_ups", verbose_name="志愿者")
    during = DateTimeRangeField("时间", editable=False)
    is_live = models.BooleanField("有效", default=True)
    signed_at = models.DateTimeField(auto_now_add=True)
    signed_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_why = models.CharField("退出原因", max_length=200, blank=True)
    is_late = models.BooleanField("临近退出", default=False)

    class Meta:
        db_table = "volunteers_sign_up"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "shift", "volunteer"], condition=Q(is_live=True),
                                    name="volunteers_sign_up_once"),
            models.CheckConstraint(
                name="volunteers_sign_up_withdrawn",
                condition=Q(is_live=True, withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(is_live=False, withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "volunteer"], name="volunteers_sign_up_of")]
        ordering = ("signed_at", "id")

    def __str__(self) -> str:
        return f"{self.shift_id} {self.volunteer_id}"
