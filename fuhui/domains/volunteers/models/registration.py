"""Volunteers and their teams."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fuhui.domains.volunteers.rules.registration import JOINING_WORDS, STATE_WORDS, JoiningState, VolunteerState
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Volunteer(TenantRow):
    """A resident's registration, once per resident. A trigger refuses a minor without a guardian's consent."""

    person = TenantKey("people.Person", related_name="+", verbose_name="居民")
    order = models.PositiveIntegerField("顺序号")
    number = models.CharField("志愿者编号", max_length=20)
    state = models.CharField("状态", max_length=10, default=VolunteerState.ACTIVE,
                             choices=[(one, STATE_WORDS[one]) for one in VolunteerState])
    skills = ArrayField(models.CharField(max_length=20), verbose_name="技能", default=list)
    interests = models.CharField("兴趣", max_length=100, blank=True)
    free_times = ArrayField(models.CharField(max_length=8), verbose_name="空闲时间", default=list)
    grid = TenantKey("places.Grid", null=True, blank=True, related_name="+", verbose_name="网格")
    party_unit = models.CharField("单位党组织", max_length=60, blank=True)
    party_since = models.DateField("双报到日期", null=True, blank=True)
    guardian_name = models.CharField("监护人", max_length=30, blank=True)
    guardian_relation = models.CharField("监护人关系", max_length=12, blank=True)
    guardian_agreed_on = models.DateField("监护人同意日期", null=True, blank=True)
    joined_on = models.DateField("登记日期")
    registered_by = models.CharField(max_length=60)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "person"], name="volunteers_person_once"),
            models.UniqueConstraint(fields=["community_id", "order"], name="volunteers_order_once"),
            models.UniqueConstraint(fields=["community_id", "number"], name="volunteers_number_once"),
            models.CheckConstraint(
                name="volunteers_party_both",
                condition=Q(party_unit="", party_since__isnull=True)
                | (~Q(party_unit="") & Q(party_since__isnull=False)),
            ),
            models.CheckConstraint(
                name="volunteers_guardian_whole",
                condition=Q(guardian_name="", guardian_relation="", guardian_agreed_on__isnull=True)
                | (~Q(guardian_name="") & ~Q(guardian_relation="") & Q(guardian_agreed_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "grid"], name="volunteers_of_grid")]
        ordering = ("order",)

    def __str__(self) -> str:
        return self.number


class Joining(TenantRow):
    """A volunteer asks to belong to a team; its leader confirms. At most one open or confirmed per team."""

    team = TenantKey("organisations.Organisation", related_name="+", verbose_name="志愿服务队")
    volunteer = TenantKey(Volunteer, related_name="joinings", verbose_name="志愿者")
    state = models.CharField("状态", max_length=10, default=JoiningState.ASKED,
                             choices=[(one, JOINING_WORDS[one]) for one in JoiningState])
    membership_id = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "team", "volunteer"], name="volunteers_joining_once",
                                    condition=Q(state__in=["asked", "confirmed"])),
            models.CheckConstraint(
                name="volunteers_joining_decided",
                condition=Q(state="asked", decided_at__isnull=True, decided_by="")
                | (~Q(state="asked") & Q(decided_at__gte=F("asked_at")) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(name="volunteers_joining_reasoned", condition=~Q(state="declined") | ~Q(reason="")),
            models.CheckConstraint(name="volunteers_joining_member",
                                   condition=~Q(state="confirmed") | Q(membership_id__isnull=False)),
        ]
        indexes = [models.Index(fields=["community_id", "volunteer"], name="volunteers_joining_of")]
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.team_id} {self.volunteer_id} {self.state}"
