"""Tables of the book. All of them but the totals per day are append-only."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fuhui.registry.accounts.models import Account
from fuhui.registry.ledger.rules.service import DAY_MINUTES
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Catalogue(TenantRow):
    """One version of a community's service catalogue. A change writes the next version whole."""

    version = models.PositiveIntegerField("版本")
    note = models.CharField("改了什么", max_length=200, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "version"], name="ledger_catalogue_version")]

    def __str__(self) -> str:
        return f"第{self.version}版"


class ServiceKind(TenantRow):
    """One kind of service in one version of the catalogue."""

    catalogue = TenantKey(Catalogue, related_name="kinds")
    code = models.CharField("代码", max_length=61)
    name = models.CharField("名称", max_length=30)
    send = models.CharField("送什么", max_length=30, blank=True)
    send_name = models.CharField(max_length=20, blank=True)
    help = models.CharField("帮谁", max_length=30, blank=True)
    help_name = models.CharField(max_length=20, blank=True)
    order = models.PositiveIntegerField("顺序", default=100)
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        db_table = "ledger_kind"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "catalogue", "code"], name="ledger_kind_code"),
            models.UniqueConstraint(
                fields=["community_id", "catalogue", "name"], name="ledger_kind_name", condition=Q(is_active=True)
            ),
        ]
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class ServiceRecord(TenantRow):
    """One act of service, or (sign -1) the reversal of one. The database sets `recorded_at`.

    The seven counts are those of its parts, negative in a reversal; the database compares them at commit.
    """

    source = models.CharField("来源", max_length=40)
    key = models.CharField("来源编号", max_length=120)
    digest = models.CharField(max_length=64)
    kind = TenantKey(ServiceKind, related_name="records", verbose_name="服务项目")
    kind_code = models.CharField(max_length=61)
    title = models.CharField("做了什么", max_length=100)
    place = models.CharField("地点", max_length=100, blank=True)
    grid = TenantKey("places.Grid", null=True, blank=True, related_name="+", verbose_name="网格")
    organiser = TenantKey("organisations.Organisation", null=True, blank=True, related_name="+", verbose_name="组织方")
    brands = ArrayField(models.CharField(max_length=40), verbose_name="品牌和项目", default=list)
    occurred_at = models.DateTimeField("服务时间")
    day = models.DateField("服务日期")
    minutes = models.PositiveSmallIntegerField("时长（分钟）")
    got_heads = models.IntegerField("人次", default=0)
    got_named = models.IntegerField("记名的服务对象", default=0)
    got_homes = models.IntegerField("服务对象所在的户", default=0)
    got_unnamed = models.IntegerField("未记名人次", default=0)
    gave_heads = models.IntegerField("服务人次", default=0)
    gave_named = models.IntegerField("记名的服务人", default=0)
    gave_minutes = models.IntegerField("服务时长合计（分钟）", default=0)
    sign = models.SmallIntegerField(default=1)
    reverses = TenantKey("self", null=True, blank=True, related_name="reversals", verbose_name="冲正了哪一条")
    reason = models.CharField("冲正原因", max_length=200, blank=True)
    recorded_at = models.DateTimeField(
        "记入时间", db_default=models.Func(function="transaction_timestamp"), editable=False
    )
    recorded_by = models.CharField(max_length=60)
    recorded_by_name = models.CharField("记入人", max_length=60, blank=True)

    class Meta:
        db_table = "ledger_record"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "source", "key", "sign"], name="ledger_record_once"),
            models.UniqueConstraint(fields=["community_id", "reverses"], name="ledger_record_reversed_once",
                                    condition=Q(reverses__isnull=False)),
            models.CheckConstraint(
                name="ledger_record_sign",
                condition=Q(sign=1, reverses__isnull=True, reason="")
                | (Q(sign=-1, reverses__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(name="ledger_record_minutes", condition=Q(minutes__gte=1, minutes__lte=DAY_MINUTES)),
            models.CheckConstraint(name="ledger_record_said", condition=~Q(title="") & ~Q(source="") & ~Q(key="")),
        ]
        indexes = [
            models.Index(fields=["community_id", "-day", "-id"], name="ledger_record_by_day"),
            models.Index(
                fields=["community_id", "day"], name="ledger_record_counts",
                include=["sign", "got_heads", "got_named", "got_homes", "got_unnamed", "gave_heads", "gave_named",
                         "gave_minutes"],
            ),
            models.Index(fields=["community_id", "kind_code", "day"], name="ledger_record_by_kind"),
            models.Index(fields=["community_id", "organiser", "day"], name="ledger_record_by_organiser"),
        ]

    def __str__(self) -> str:
        return self.title


class ServicePart(TenantRow):
    """Who served (side `gave`) or was served (side `got`) in one record; a reversal's parts are negative.

    The database copies `day` and `sign` from the record, and refuses parts after the record's own transaction.
    `household` of a served resident is where they lived then.
    """

    GAVE, GOT = "gave", "got"

    record = TenantKey(ServiceRecord, related_name="parts")
    side = models.CharField(max_length=4, choices=[(GAVE, "服务人"), (GOT, "服务对象")])
    person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    organisation = TenantKey("organisations.Organisation", null=True, blank=True, related_name="+")
    household = TenantKey("people.Household", null=True, blank=True, related_name="+")
    heads = models.IntegerField("人次")
    minutes = models.IntegerField("每人分钟", default=0)
    day = models.DateField(editable=False)
    sign = models.SmallIntegerField(editable=False)

    class Meta:
        db_table = "ledger_part"
        constraints = [
            models.CheckConstraint(name="ledger_part_side", condition=Q(side__in=["gave", "got"])),
            models.CheckConstraint(
                name="ledger_part_gave",
                condition=~Q(side="gave")
                | Q(household__isnull=True)
                & (
                    Q(person__isnull=False, account__isnull=True, organisation__isnull=True)
                    | Q(person__isnull=True, account__isnull=False, organisation__isnull=True)
                    | Q(person__isnull=True, account__isnull=True, organisation__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="ledger_part_got",
                condition=~Q(side="got") | Q(account__isnull=True, organisation__isnull=True, minutes=0),
            ),
            models.UniqueConstraint(
                fields=["community_id", "record", "side", "person", "account", "organisation", "household"],
                name="ledger_part_once", nulls_distinct=False,
            ),
        ]
        indexes = [
            # Distinct people and households of a period are counted in these two alone.
            models.Index(fields=["community_id", "day"], name="ledger_part_who_got",
                         include=["person", "household", "sign"],
                         condition=Q(side="got") & (Q(person__isnull=False) | Q(household__isnull=False))),
            models.Index(fields=["community_id", "day"], name="ledger_part_who_gave",
                         include=["person", "account", "sign"],
                         condition=Q(side="gave", organisation__isnull=True)),
            models.Index(fields=["community_id", "person", "day"], name="ledger_part_person",
                         condition=Q(person__isnull=False)),
            models.Index(fields=["community_id", "household", "day"], name="ledger_part_household",
                         condition=Q(household__isnull=False)),
            models.Index(fields=["community_id", "account", "day"], name="ledger_part_account",
                         condition=Q(account__isnull=False)),
            models.Index(fields=["community_id", "organisation", "day"], name="ledger_part_organisation",
                         condition=Q(organisation__isnull=False)),
        ]


class ServiceEvidence(TenantRow):
    """A photo that shows the service. May follow later; never leaves."""

    record = TenantKey(ServiceRecord, related_name="evidence")
    file_id = models.UUIDField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "ledger_evidence"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "record", "file_id"], name="ledger_evidence_once")
        ]


class CheckResult(TenantRow):
    """What one self-check found in one run: how many rows disagree, and the first of them."""

    name = models.CharField("自查", max_length=60)
    at = models.DateTimeField("时间", auto_now_add=True)
    found = models.PositiveIntegerField("不一致")
    rows = models.JSONField("不一致的记录", default=list)

    class Meta:
        db_table = "ledger_check_result"
        indexes = [models.Index(fields=["community_id", "name", "-at"], name="ledger_check_latest")]


class PersonDay(models.Model):
    """Minutes that one person or account served on one day. Kept by the database from the parts; no more than a day."""

    community_id = models.UUIDField()
    who = models.UUIDField()
    day = models.DateField()
    minutes = models.IntegerField()
    pk = models.CompositePrimaryKey("community_id", "who", "day")

    class Meta:
        db_table = "ledger_person_day"
        constraints = [
            models.CheckConstraint(
                name="ledger_person_day_limit", condition=Q(minutes__gte=0, minutes__lte=DAY_MINUTES)
            ),
        ]


