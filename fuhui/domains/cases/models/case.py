"""The case itself, its category, its reporters, and suggestions to merge it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from fuhui.domains.cases.rules.clocks import PACE_NAMES, PRIORITY_NAMES, Pace, Priority
from fuhui.domains.cases.rules.states import OPEN, STATE_NAMES, State
from fuhui.domains.cases.rules.words import search_words, span_mark
from fuhui.registry.people.models import Person
from fuhui.registry.places.models import Building, Grid
from fuhui.shared.crypto.fields import SealedTextField
from fuhui.shared.tenancy.models import TenantKey, TenantRow

OPEN_STATES = sorted(state.value for state in OPEN)


def words_vector(case_id: UUID, text: str) -> str:
    """The search words of a case as PostgreSQL writes a tsvector: Han characters, letters and digits only, each with
    the mark of the days that the case falls in."""
    mark = span_mark(case_id)
    return " ".join(f"'{word}{mark}'" for word in search_words(text))


class CaseManager(models.Manager["Case"]):
    """Never fetches the search words: they are large and for the index only."""

    def get_queryset(self) -> models.QuerySet[Case]:
        """Cases without their search words; saving one keeps them."""
        return super().get_queryset().defer("search")


class Source(models.TextChoices):
    """The door a case came in by."""

    CHAT = "chat", "微信群"
    FORM = "form", "居民自报"
    PHONE = "phone", "来电来访代录"
    PATROL = "patrol", "网格巡查"
    API = "api", "系统接口"


class CaseCategory(TenantRow):
    """The community's own two-level table, optionally mapped to the 5-digit city code (GB/T 47678.5)."""

    code = models.CharField("代码", max_length=40)
    parent = TenantKey("self", null=True, blank=True, related_name="children")
    name = models.CharField("名称", max_length=30)
    city_code = models.CharField("城市管理代码", max_length=5, blank=True)
    default_priority = models.CharField(
        "默认优先级", max_length=12, blank=True, choices=[(key, PRIORITY_NAMES[key]) for key in Priority]
    )
    is_active = models.BooleanField("启用", default=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "code"], name="cases_category_code"),
            models.CheckConstraint(name="cases_category_city_code", condition=Q(city_code__regex=r"^([0-9]{5})?$")),
            models.CheckConstraint(name="cases_category_not_own_parent", condition=~Q(parent=F("id"))),
        ]
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class Case(TenantRow):
    """One matter. `due_at` is the next date that counts: the first reply's, then the close's."""

    number = models.CharField("编号", max_length=16)
    request_key = models.CharField(max_length=64, null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=[(state, STATE_NAMES[state]) for state in State])
    title = models.CharField("标题", max_length=60)
    text = models.TextField("内容")
    category = TenantKey(CaseCategory, verbose_name="类别")
    priority = models.CharField("优先级", max_length=12, choices=[(key, PRIORITY_NAMES[key]) for key in Priority])
    is_urgent = models.BooleanField("险情", default=False)
    is_confidential = models.BooleanField("举报（对被举报方保密）", default=False)
    source = models.CharField("来源", max_length=8, choices=Source.choices)
    grid = TenantKey(Grid, null=True, blank=True, verbose_name="网格")
    building = TenantKey(Building, null=True, blank=True, verbose_name="楼栋")
    place_text = models.CharField("地点", max_length=120, blank=True)
    place_facts = models.JSONField(default=dict, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    understood = models.JSONField("识别依据", default=dict, blank=True)
    received_at = models.DateTimeField("收到时间")
    received_by = models.CharField(max_length=60)
    pace = models.CharField("计时方式", max_length=10, choices=[(key, PACE_NAMES[key]) for key in Pace])
    reply_due_at = models.DateTimeField("首次答复期限")
    replied_at = models.DateTimeField("首次答复时间", null=True, blank=True)
    close_due_at = models.DateTimeField("办结期限")
    due_at = models.DateTimeField("下一期限")
    reckoning = models.JSONField("期限推算", default=dict, blank=True)
    solved_at = models.DateTimeField("解决时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    reply = models.TextField("答复", blank=True)
    handler_account_id = models.UUIDField("主办人", null=True, blank=True)
    handler_organisation_id = models.UUIDField("主办单位", null=True, blank=True)
    handler_name = models.CharField("主办", max_length=60, blank=True)
    main_case = TenantKey("self", null=True, blank=True, related_name="merged_cases")
    split_from = TenantKey("self", null=True, blank=True, related_name="split_cases")
    reporter_count = models.PositiveIntegerField("反映人数", default=1)
    reopen_count = models.PositiveSmallIntegerField("重办次数", default=0)
    urge_count = models.PositiveSmallIntegerField("催办次数", default=0)
    is_supervised = models.BooleanField("督办", default=False)
    version = models.PositiveIntegerField(default=1)
    search = SearchVectorField(null=True)
    # A column of its own, so that the planner can match the partial indexes without knowing parameters.
    is_open = models.GeneratedField(
        expression=Q(state__in=OPEN_STATES),  # type: ignore[arg-type]  # Django takes Q here
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = CaseManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "number"], name="cases_case_number"),
            models.UniqueConstraint(
                fields=["community_id", "request_key"],
                name="cases_case_request_once",
                condition=Q(request_key__isnull=False),
            ),
            models.CheckConstraint(name="cases_case_state", condition=Q(state__in=[state.value for state in State])),
            models.CheckConstraint(
                name="cases_case_merged_has_main",
                condition=Q(state="merged", main_case__isnull=False) | (~Q(state="merged") & Q(main_case__isnull=True)),
            ),
            models.CheckConstraint(name="cases_case_not_own_main", condition=~Q(main_case=F("id"))),
            models.CheckConstraint(
                name="cases_case_ended_has_time",
                condition=Q(state__in=OPEN_STATES, ended_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(name="cases_case_has_text", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(fields=["community_id", "due_at", "id"], name="cases_queue", condition=Q(is_open=True)),
            models.Index(
                fields=["community_id", "grid", "due_at", "id"],
                name="cases_queue_grid",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["community_id", "handler_account_id", "due_at", "id"],
                name="cases_queue_mine",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["community_id", "building", "id"],
                name="cases_open_building",
                condition=Q(is_open=True, building__isnull=False),
            ),
            models.Index(
                fields=["community_id", "category", "id"],
                name="cases_open_category",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["community_id", "category", "id"],
                name="cases_open_unplaced",
                condition=Q(is_open=True, building__isnull=True),
            ),
            models.Index(
                fields=["community_id", "building", "id"], name="cases_building", condition=Q(building__isnull=False)
            ),
            models.Index(fields=["community_id", "main_case"], name="cases_main", condition=Q(main_case__isnull=False)),
            models.Index(fields=["community_id", "received_at"], name="cases_received"),
            models.Index(fields=["community_id", "close_due_at"], name="cases_close_due", condition=Q(is_open=True)),
            GinIndex(fields=["search"], name="cases_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def searchable(self) -> str:
        """The text that the search finds this case by."""
        return f"{self.number} {self.title} {self.text} {self.place_text}"


class CaseReporter(TenantRow):
    """One who raised the matter. On merging they stay with their own case and hear of the main one."""

    case = TenantKey(Case, related_name="reporters")
    person = TenantKey(Person, null=True, blank=True)
    account_id = models.UUIDField(null=True, blank=True)
    name = models.CharField("称呼", max_length=40, blank=True)
    phone = SealedTextField(context="cases.reporter.phone", null=True, blank=True)
    phone_index = models.BinaryField(max_length=32, null=True, blank=True)
    token_hash = models.BinaryField(max_length=32, null=True, blank=True)
    group_name = models.CharField("所在群", max_length=60, blank=True)
    words = models.TextField("原话", blank=True)
    said_at = models.DateTimeField("反映时间")
    is_first = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], name="cases_reporter_token", condition=Q(token_hash__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["community_id", "case"], name="cases_reporter_one_first", condition=Q(is_first=True)
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "case"], name="cases_reporter_case"),
            models.Index(
                fields=["community_id", "phone_index"],
                name="cases_reporter_phone",
                condition=Q(phone_index__isnull=False),
            ),
            models.Index(
                fields=["community_id", "account_id"],
                name="cases_reporter_account",
                condition=Q(account_id__isnull=False),
            ),
            models.Index(
                fields=["community_id", "person"], name="cases_reporter_person", condition=Q(person__isnull=False)
            ),
        ]


class MergeSuggestion(TenantRow):
    """The machine proposes that `case` repeats `main`; a person decides, once."""

    case = TenantKey(Case, related_name="merge_suggestions")
    main = TenantKey(Case, related_name="suggested_repeats")
    score = models.FloatField()
    evidence = models.JSONField(default=list)
    decision = models.CharField(
        max_length=10, default="open", choices=[("open", "待定"), ("accepted", "已并案"), ("dismissed", "不是同一件")]
    )
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "case", "main"], name="cases_suggestion_once"),
            models.CheckConstraint(name="cases_suggestion_two_cases", condition=~Q(case=F("main"))),
            models.CheckConstraint(name="cases_suggestion_score", condition=Q(score__gte=0, score__lte=1)),
        ]
        indexes = [
            models.Index(fields=["community_id", "case"], name="cases_suggestion_open", condition=Q(decision="open"))
        ]
