"""Who came to a shift, for how long, what was approved, and who objected."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuhui.domains.volunteers.models.shifts import Shift, SignUp
from fuhui.domains.volunteers.rules.attendance import DAY_MINUTES
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Attendance(TenantRow):
    """One volunteer at one shift. Planned, checked and approved minutes stand side by side, none replaces another.

    `person` is the volunteer's, so that the database can refuse who approves their own hours.
    """

    STATES = (("present", "已到"), ("no_show", "未到"))
    sign_up = TenantKey(SignUp, related_name="attendances", verbose_name="报名")
    shift = TenantKey(Shift, related_name="attendances", verbose_name="班次")
    person = TenantKey("people.Person", related_name="+", verbose_name="居民")
    state = models.CharField("到场", max_length=8, choices=STATES, default="present")
    came_at = models.DateTimeField("签到", null=True, blank=True)
    came_heard_at = models.DateTimeField("签到收到", null=True, blank=True)
    left_at = models.DateTimeField("签退", null=True, blank=True)
    left_heard_at = models.DateTimeField("签退收到", null=True, blank=True)
    needs_review = models.CharField("要核对", max_length=60, blank=True)
    planned = models.PositiveSmallIntegerField("计划分钟")
    checked = models.PositiveSmallIntegerField("签到分钟", null=True, blank=True)
    approved = models.PositiveSmallIntegerField("认定分钟", null=True, blank=True)
    approved_why = models.CharField("认定说明", max_length=200, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    approved_person_id = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    notice_until = models.DateField("公示到", null=True, blank=True)
    booked_at = models.DateTimeField("记入台账", null=True, blank=True)
    absent_why = models.CharField("未到情况", max_length=200, blank=True)
    appeal = models.CharField("本人说明", max_length=300, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_answer = models.CharField("对说明的答复", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "sign_up"], name="volunteers_attendance_once"),
            models.CheckConstraint(
                name="volunteers_attendance_order",
                condition=Q(left_at__isnull=True) | Q(came_at__isnull=False, left_at__gte=F("came_at")),
            ),
            models.CheckConstraint(
                name="volunteers_attendance_absent",
                condition=Q(state="present", came_at__isnull=False, absent_why="")
                | (Q(state="no_show", came_at__isnull=True) & ~Q(absent_why="")),
            ),
            models.CheckConstraint(
                name="volunteers_attendance_day",
                condition=(Q(approved__isnull=True) | Q(approved__lte=DAY_MINUTES))
                & (Q(checked__isnull=True) | Q(checked__lte=DAY_MINUTES)),
            ),
            models.CheckConstraint(
                name="volunteers_attendance_approved",
                condition=Q(approved__isnull=True, approved_by="", notice_until__isnull=True)
                | (Q(approved__isnull=False, approved_at__isnull=False, notice_until__isnull=False)
                   & ~Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="volunteers_attendance_other_approves",
                condition=Q(approved_person_id__isnull=True) | ~Q(approved_person_id=F("person")),
            ),
            models.CheckConstraint(
                name="volunteers_attendance_booked",
                condition=Q(booked_at__isnull=True) | Q(approved__isnull=False, state="present"),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "shift"], name="volunteers_attendance_of"),
            models.Index(fields=["community_id", "person"], name="volunteers_attendance_who"),
            models.Index(fields=["community_id", "notice_until"], name="volunteers_attendance_due",
                         condition=Q(booked_at__isnull=True, approved__isnull=False)),
            models.Index(fields=["community_id", "came_at"], name="volunteers_attendance_open",
                         condition=Q(left_at__isnull=True, came_at__isnull=False)),
        ]
        ordering = ("id",)


class Scan(TenantRow):
    """A scan, also a refused one: `at` on the phone, `received_at` here. Never changed."""

    client_uuid = models.UUIDField()
    shift = TenantKey(Shift, null=True, blank=True, related_name="scans")
    person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=14)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "client_uuid"], name="volunteers_scan_once")]
        indexes = [models.Index(fields=["community_id", "shift"], name="volunteers_scan_of")]


class Objection(TenantRow):
    """Somebody says that hours under notice are not right. While it is open they do not count."""

    ANSWERS = (("open", "待核实"), ("upheld", "属实"), ("dismissed", "不属实"))
    attendance = TenantKey(Attendance, related_name="objections")
    words = models.CharField("说明", max_length=300)
    contact = models.CharField("联系方式", max_length=60, blank=True)
    said_by = models.CharField(max_length=60)
    said_at = models.DateTimeField()
    state = models.CharField("结论", max_length=10, choices=ANSWERS, default="open")
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="volunteers_objection_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="volunteers_objection_answered",
                condition=Q(state="open", answered_at__isnull=True, answer="")
                | (~Q(state="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "state"], name="volunteers_objection_open")]
