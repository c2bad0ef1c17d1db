"""The community's own rules, edited in forms, tried on last month's cases before they are switched on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fuhui.domains.cases.rules.clocks import PACE_NAMES, PRIORITY_NAMES, Pace, Priority
from fuhui.shared.tenancy.models import TenantRow

PRIORITIES = [(key, PRIORITY_NAMES[key]) for key in Priority]
UNITS = [("minutes", "分钟"), ("days", "天")]


class RulebookRow(TenantRow):
    """A rule is a draft, then active, then retired; a changed rule is a new draft."""

    STATES = (("draft", "草稿"), ("active", "启用"), ("retired", "停用"))
    state = models.CharField("状态", max_length=8, choices=STATES, default="draft")
    dry_run = models.JSONField("试运行结果", default=dict, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    created_by = models.CharField(max_length=60)
    replaces_id = models.UUIDField(null=True, blank=True)  # the active rule that this one was copied from to change it
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class ConditionRow(RulebookRow):
    """A rule with conditions. Arrays that are empty match everything."""

    name = models.CharField("名称", max_length=40)
    position = models.PositiveSmallIntegerField("顺序", default=100)
    grid_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    building_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    category_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    time_from = models.TimeField(null=True, blank=True)
    time_to = models.TimeField(null=True, blank=True)
    words = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        abstract = True


class RoutingRule(ConditionRow):
    """Who gets a case: the worker of its grid, an account or an organisation."""

    to_grid_worker = models.BooleanField("交给本网格网格员", default=False)
    account_id = models.UUIDField(null=True, blank=True)
    organisation_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_routing_one_target",
                condition=Q(to_grid_worker=True, account_id__isnull=True, organisation_id__isnull=True)
                | Q(to_grid_worker=False, account_id__isnull=False, organisation_id__isnull=True)
                | Q(to_grid_worker=False, account_id__isnull=True, organisation_id__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_routing_tried", condition=~Q(state="active") | Q(tried_at__isnull=False)
            ),
        ]
        ordering = ("position", "created_at")


class PriorityRule(ConditionRow):
    """How urgent a case is."""

    priority = models.CharField("优先级", max_length=12, choices=PRIORITIES)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_priority_tried", condition=~Q(state="active") | Q(tried_at__isnull=False)
            ),
        ]
        ordering = ("position", "created_at")


class ClockRow(RulebookRow):
    """First reply and close for a priority, optionally for one category."""

    priority = models.CharField("优先级", max_length=12, choices=PRIORITIES)
    category_code = models.CharField("类别", max_length=40, blank=True)
    reply_amount = models.PositiveIntegerField("首次答复")
    reply_unit = models.CharField(max_length=8, choices=UNITS, default="minutes")
    close_amount = models.PositiveIntegerField("办结")
    close_unit = models.CharField(max_length=8, choices=UNITS, default="days")
    pace = models.CharField("计时方式", max_length=10, choices=[(key, PACE_NAMES[key]) for key in Pace])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "priority", "category_code"],
                name="cases_clock_one_active",
                condition=Q(state="active"),
            ),
            models.CheckConstraint(name="cases_clock_amounts", condition=Q(reply_amount__gte=1, close_amount__gte=1)),
            models.CheckConstraint(name="cases_clock_tried", condition=~Q(state="active") | Q(tried_at__isnull=False)),
        ]
        ordering = ("priority", "category_code")
