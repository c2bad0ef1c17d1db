"""The time bank: accounts in minutes, entries with postings that sum to zero, requests, representatives, settings."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fuhui.domains.volunteers.rules.timebank import (
    ASKED_WORDS,
    CAP_HOURS,
    HOLDER_WORDS,
    KIND_WORDS,
    MOST_MINUTES,
    Asked,
    Holder,
    Kind,
)
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class BankSettings(TenantRow):
    """One community's rules of the time bank. Closed until its secretary opens it."""

    is_open = models.BooleanField("已开办", default=False)
    cap = models.PositiveIntegerField("余额上限（分钟）", default=CAP_HOURS * 60)
    floor = models.IntegerField("可透支到（分钟）", default=0)
    rate = models.PositiveSmallIntegerField("存入比例（%）", default=100)
    kinds = ArrayField(models.CharField(max_length=61), verbose_name="哪些服务存入", default=list, blank=True)
    changed_by = models.CharField(max_length=60)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "volunteers_bank_settings"
        constraints = [
            models.UniqueConstraint(fields=["community_id"], name="volunteers_bank_settings_once"),
            models.CheckConstraint(name="volunteers_bank_settings_sound",
                                   condition=Q(floor__lte=0, rate__gte=1, rate__lte=200)),
        ]


class BankAccount(TenantRow):
    """Who has minutes. `balance` is kept by a trigger from the postings; its check holds the floor in parallel."""

    holder = models.CharField("账户", max_length=10, choices=[(one, HOLDER_WORDS[one]) for one in Holder])
    person = TenantKey("people.Person", null=True, blank=True, related_name="+", verbose_name="居民")
    household = TenantKey("people.Household", null=True, blank=True, related_name="+", verbose_name="户")
    balance = models.IntegerField("余额（分钟）", default=0, editable=False)
    floor = models.IntegerField("可透支到（分钟）", default=0)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "volunteers_bank_account"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "person"], name="volunteers_bank_person_once"),
            models.UniqueConstraint(fields=["community_id", "household"], name="volunteers_bank_household_once"),
            models.UniqueConstraint(fields=["community_id", "holder"], name="volunteers_bank_system_once",
                                    condition=Q(holder__in=["pool", "issue"])),
            models.CheckConstraint(
                name="volunteers_bank_holder",
                condition=Q(holder="person", person__isnull=False, household__isnull=True)
                | Q(holder="household", person__isnull=True, household__isnull=False)
                | Q(holder__in=["pool", "issue"], person__isnull=True, household__isnull=True),
            ),
            models.CheckConstraint(name="volunteers_bank_floor",
                                   condition=Q(holder="issue") | Q(balance__gte=F("floor"))),
        ]
        indexes = [models.Index(fields=["community_id", "-balance"], name="volunteers_bank_by_balance")]


class BankEntry(TenantRow):
    """One movement; append-only. The database sets `at` and compares the postings at commit."""

    kind = models.CharField("种类", max_length=10, choices=[(one, KIND_WORDS[one]) for one in Kind])
    words = models.CharField("说明", max_length=100)
    key = models.CharField(max_length=120)
    part = TenantKey("ledger.ServicePart", null=True, blank=True, related_name="+")
    record = TenantKey("ledger.ServiceRecord", null=True, blank=True, related_name="+", verbose_name="服务记录")
    reverses = TenantKey("self", null=True, blank=True, related_name="reversals", verbose_name="冲正了哪一笔")
    at = models.DateTimeField(
        "时间", db_default=models.Func(function="transaction_timestamp"), editable=False
    )
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "volunteers_bank_entry"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "key"], name="volunteers_bank_entry_once"),
            models.UniqueConstraint(fields=["community_id", "part"], name="volunteers_bank_part_once"),
            models.UniqueConstraint(fields=["community_id", "reverses"], name="volunteers_bank_reversed_once"),
            models.CheckConstraint(name="volunteers_bank_kind", condition=Q(kind__in=[one.value for one in Kind])),
            models.CheckConstraint(
                name="volunteers_bank_reverse_kind",
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses__isnull=True)),
            ),
            models.CheckConstraint(name="volunteers_bank_earn_part",
                                   condition=Q(part__isnull=True) | Q(kind="earn", record__isnull=False)),
            models.CheckConstraint(name="volunteers_bank_said", condition=~Q(words="") & ~Q(key="")),
        ]
        indexes = [models.Index(fields=["community_id", "record"], name="volunteers_bank_of_record",
                                condition=Q(record__isnull=False))]


class BankPosting(TenantRow):
    """What one entry does to one account; append-only, written in its entry's own transaction."""

    entry = TenantKey(BankEntry, related_name="postings")
    account = TenantKey(BankAccount, related_name="postings")
    minutes = models.IntegerField("分钟")

    class Meta:
        db_table = "volunteers_bank_posting"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "entry", "account"], name="volunteers_bank_posting_once"),
            models.CheckConstraint(name="volunteers_bank_posting_some", condition=~Q(minutes=0)),
        ]
        indexes = [models.Index(fields=["community_id", "account", "-id"], name="volunteers_bank_statement")]


class BankRequest(TenantRow):
    """A person served asks for help; a volunteer accepts; when it is done the minutes move."""

    account = TenantKey(BankAccount, related_name="requests")
    words = models.CharField("要帮什么", max_length=100)
    kind = models.CharField("服务项目", max_length=61)
    minutes = models.PositiveSmallIntegerField("大约多久（分钟）")
    wanted_on = models.DateField("哪一天")
    state = models.CharField("状态", max_length=10, default=Asked.OPEN,
                             choices=[(one, ASKED_WORDS[one]) for one in Asked])
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField(auto_now_add=True)
    volunteer = TenantKey("volunteers.Volunteer", null=True, blank=True, related_name="+", verbose_name="志愿者")
    entry = TenantKey(BankEntry, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "volunteers_bank_request"
        constraints = [
            models.CheckConstraint(name="volunteers_bank_request_minutes",
                                   condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES)),
            models.CheckConstraint(
                name="volunteers_bank_request_state",
                condition=Q(state="open", volunteer__isnull=True, entry__isnull=True)
                | Q(state="accepted", volunteer__isnull=False, entry__isnull=True)
                | Q(state="done", volunteer__isnull=False, entry__isnull=False, closed_at__isnull=False)
                | Q(state="cancelled", entry__isnull=True, closed_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["community_id", "entry"], name="volunteers_bank_request_entry"),
        ]
        indexes = [models.Index(fields=["community_id", "state", "wanted_on"], name="volunteers_bank_requests")]
        ordering = ("wanted_on", "id")


class BankRepresentative(TenantRow):
    """Who may ask and confirm for the holder of an account, for example a daughter for her father."""

    account = TenantKey(BankAccount, related_name="representatives")
    person = TenantKey("people.Person", related_name="+", verbose_name="代办人")
    relation = models.CharField("关系", max_length=20)
    since = models.DateField("从")
    ended_on = models.DateField("到", null=True, blank=True)
    named_by = models.CharField(max_length=60)

    class Meta:
        db_table = "volunteers_bank_representative"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "account", "person"], condition=Q(ended_on__isnull=True),
                                    name="volunteers_bank_representative_once"),
            models.CheckConstraint(name="volunteers_bank_relation", condition=~Q(relation="")),
        ]
