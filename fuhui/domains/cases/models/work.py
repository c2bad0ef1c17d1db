"""Who works on a case and what they asked for on the way."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from fuhui.domains.cases.models.case import Case
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class CaseHandler(TenantRow):
    """Somebody at work: one live lead (主办), any number of helpers (协办) and whistled units (吹哨)."""

    ROLES = (("lead", "主办"), ("helper", "协办"), ("whistled", "吹哨报到"))
    case = TenantKey(Case, related_name="handlers")
    role = models.CharField(max_length=8, choices=ROLES)
    account_id = models.UUIDField(null=True, blank=True)
    organisation_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "case"],
                name="cases_handler_one_lead",
                condition=Q(role="lead", until__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["community_id", "case", "role", "account_id", "organisation_id"],
                name="cases_handler_once",
                nulls_distinct=False,
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_handler_somebody", condition=Q(account_id__isnull=False) | Q(organisation_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "case"], name="cases_handler_case"),
            models.Index(
                fields=["community_id", "account_id"], name="cases_handler_account", condition=Q(until__isnull=True)
            ),
            models.Index(
                fields=["community_id", "organisation_id"],
                name="cases_handler_organisation",
                condition=Q(until__isnull=True),
            ),
        ]


class CaseObjection(TenantRow):
    """A handler's one objection (退回). Once decided it cannot be returned again (潍坊市12345条例 art 22)."""

    case = TenantKey(Case, related_name="objections")
    reason = models.TextField()
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    is_upheld = models.BooleanField(null=True, blank=True)
    decision = models.TextField(blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "case"], name="cases_objection_once")]


class CaseExtension(TenantRow):
    """A request for more time: before expiry, with reason, approved by another person; granted once."""

    STATES = (("asked", "待审核"), ("granted", "同意"), ("denied", "不同意"))
    case = TenantKey(Case, related_name="extensions")
    state = models.CharField(max_length=8, choices=STATES, default="asked")
    reason = models.TextField()
    days = models.PositiveSmallIntegerField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "case"], name="cases_extension_one_asked", condition=Q(state="asked")
            ),
            models.UniqueConstraint(
                fields=["community_id", "case"], name="cases_extension_granted_once", condition=Q(state="granted")
            ),
            models.CheckConstraint(name="cases_extension_days", condition=Q(days__gte=1, days__lte=30)),
            models.CheckConstraint(name="cases_extension_before_expiry", condition=Q(at__lte=F("old_due_at"))),
            models.CheckConstraint(
                name="cases_extension_other_decides", condition=Q(decided_by="") | ~Q(decided_by=F("actor"))
            ),
        ]


class CasePause(TenantRow):
    """Time that does not count: waiting for the resident, or suspended with a day to look again."""

    KINDS = (("waiting", "等居民补充"), ("suspended", "挂账"))
    case = TenantKey(Case, related_name="pauses")
    kind = models.CharField(max_length=10, choices=KINDS)
    begin = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField("复查日", null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="cases_pause_no_overlap",
                expressions=[
                    ("community_id", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    (
                        Func(F("begin"), F("end"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(name="cases_pause_order", condition=Q(end__isnull=True) | Q(end__gte=F("begin"))),
            models.CheckConstraint(
                name="cases_pause_review_day", condition=~Q(kind="suspended") | Q(review_on__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["community_id", "case"], name="cases_pause_case")]


class CaseEscalation(TenantRow):
    """A case at the street office: what was asked, what came back. One open at a time."""

    case = TenantKey(Case, related_name="escalations")
    reason = models.TextField("上报原因")
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    reply = models.TextField("街道回执", blank=True)
    replied_by = models.CharField(max_length=60, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "case"], name="cases_escalation_one_open", condition=Q(replied_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["community_id", "at"], name="cases_escalation_open", condition=Q(replied_at__isnull=True)
            )
        ]


class CasePhoto(TenantRow):
    """A photo of the case, shown before and after, or a document, whose note is its name."""

    MOMENTS = (
        ("before", "办理前"), ("after", "办理后"), ("evidence", "过程"), ("document", "文件"), ("resident", "居民文件"),
    )  # fmt: skip
    case = TenantKey(Case, related_name="photos")
    file_id = models.UUIDField()
    moment = models.CharField(max_length=8, choices=MOMENTS, default="before")
    note = models.CharField(max_length=100, blank=True)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "case", "file_id"], name="cases_photo_once")]


class CasePublication(TenantRow):
    """What the public may read: redacted by the machine, confirmed by a person."""

    case = TenantKey(Case, related_name="publications")
    title = models.CharField(max_length=60)
    text = models.TextField()
    reply = models.TextField()
    show_photos = models.BooleanField(default=False)
    confirmed_by = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "case"],
                name="cases_publication_one_live",
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["community_id", "published_at"],
                name="cases_publication_live",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]
