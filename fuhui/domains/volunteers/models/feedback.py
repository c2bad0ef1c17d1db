"""What those served say of a service."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuhui.domains.volunteers.models.shifts import Shift
from fuhui.domains.volunteers.models.timebank import BankRequest
from fuhui.domains.volunteers.rules.feedback import WAY_WORDS, Way
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Feedback(TenantRow):
    """Stars and a sentence of somebody served, about a shift or a request of the time bank; once for each.

    A trigger refuses feedback of a volunteer about the service they gave, and any change of stars and words.
    """

    shift = TenantKey(Shift, null=True, blank=True, related_name="feedback", verbose_name="班次")
    request = TenantKey(BankRequest, null=True, blank=True, related_name="feedback", verbose_name="求助")
    person = TenantKey("people.Person", null=True, blank=True, related_name="+", verbose_name="得到服务的人")
    stars = models.PositiveSmallIntegerField("星")
    words = models.CharField("评价", max_length=200, blank=True)
    may_show = models.BooleanField("同意给志愿者看", default=False)
    way = models.CharField("怎么说的", max_length=5, choices=[(one, WAY_WORDS[one]) for one in Way])
    said_at = models.DateTimeField("时间", auto_now_add=True)
    entered_by = models.CharField(max_length=60)
    entered_by_name = models.CharField("记录人", max_length=60, blank=True)
    answer = models.CharField("处理情况", max_length=200, blank=True)
    answered_by_name = models.CharField("处理人", max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "shift", "person"], name="volunteers_feedback_shift_once"),
            models.UniqueConstraint(fields=["community_id", "request"], name="volunteers_feedback_request_once"),
            models.CheckConstraint(
                name="volunteers_feedback_of",
                condition=Q(shift__isnull=False, request__isnull=True, person__isnull=False)
                | Q(shift__isnull=True, request__isnull=False),
            ),
            models.CheckConstraint(name="volunteers_feedback_stars", condition=Q(stars__gte=1, stars__lte=5)),
            models.CheckConstraint(name="volunteers_feedback_way", condition=Q(way__in=[one.value for one in Way])),
            models.CheckConstraint(name="volunteers_feedback_shown", condition=Q(may_show=False) | ~Q(words="")),
            models.CheckConstraint(
                name="volunteers_feedback_answered",
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "-said_at"], name="volunteers_feedback_latest")]
        ordering = ("-said_at", "-id")

    def __str__(self) -> str:
        return f"{self.stars} {self.words}"
