"""Tables of persons, households, cards, consent and merging."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from fuhui.registry.people.rules.words import (
    CONSENT_NAMES,
    HOUSEHOLD_NAMES,
    RESIDENCE_NAMES,
    SEX_NAMES,
    STATUS_NAMES,
    ConsentAct,
    HouseholdKind,
    PersonStatus,
    Residence,
    Sex,
)
from fuhui.registry.places.models import Grid, Home
from fuhui.shared.crypto import SealedTextField
from fuhui.shared.tenancy.models import TenantKey, TenantRow

# History keeps the former row at each change. A first version is the row itself,
# so inserting costs nothing and an import of 50,000 people stays quick.


def _former() -> pghistory.UpdateEvent:
    return pghistory.UpdateEvent("former", row=pghistory.Old)


@pghistory.track(_former(), append_only=True)
class Household(TenantRow):
    """Who lives behind one door together. Two households may share a home."""

    home = TenantKey(Home, null=True, blank=True, related_name="households", verbose_name="房屋")
    grid = TenantKey(Grid, null=True, blank=True, related_name="+", verbose_name="网格（房屋不明时）")
    number = models.CharField("户号", max_length=30, blank=True)
    address_text = models.CharField("原地址", max_length=200, blank=True)
    kind = models.CharField(
        "户别",
        max_length=12,
        default=HouseholdKind.FAMILY,
        choices=[(kind, HOUSEHOLD_NAMES[kind]) for kind in HouseholdKind],
    )
    note = models.CharField("备注", max_length=500, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "home"], name="people_household_home"),
            models.Index(fields=["community_id", "number"], name="people_household_number"),
        ]

    def __str__(self) -> str:
        return self.number or self.address_text or str(self.home or self.pk)


# Encrypted columns stay out of the history: nothing sealed may lie where it can be neither re-sealed nor erased.
@pghistory.track(_former(), append_only=True, exclude=["id_number", "id_index", "phone", "phone_index"])
class Person(TenantRow):
    """A resident. Identity number and phone are encrypted; their blind indexes find them again."""

    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=6, blank=True, choices=[(sex, SEX_NAMES[sex]) for sex in Sex])
    birth_date = models.DateField("出生日期", null=True, blank=True)
    nation = models.CharField("民族", max_length=20, blank=True)
    political = models.CharField("政治面貌", max_length=20, blank=True)
    id_number = SealedTextField(context="people.id_number", null=True, blank=True, verbose_name="证件号")
    id_index = models.BinaryField("证件号盲索引", max_length=32, null=True, blank=True)
    phone = SealedTextField(context="people.phone", null=True, blank=True, verbose_name="电话")
    phone_index = models.BinaryField("电话盲索引", max_length=32, null=True, blank=True)
    phone_tail = models.CharField("电话尾号", max_length=4, blank=True)
    household = TenantKey(Household, null=True, blank=True, related_name="people", verbose_name="户")
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    residence = models.CharField(
        "人口类别", max_length=12, blank=True, choices=[(kind, RESIDENCE_NAMES[kind]) for kind in Residence]
    )
    status = models.CharField(
        "状态",
        max_length=10,
        default=PersonStatus.ACTIVE,
        choices=[(status, STATUS_NAMES[status]) for status in PersonStatus],
    )
    merged_into = TenantKey("self", null=True, blank=True, related_name="merged", verbose_name="并入")
    note = models.CharField("备注", max_length=500, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "id_index"],
                name="people_person_id_once",
                condition=Q(id_index__isnull=False) & ~Q(status=PersonStatus.MERGED),
            ),
            models.CheckConstraint(name="people_person_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="people_person_merged",
                condition=Q(status=PersonStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=PersonStatus.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(name="people_person_not_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="people_person_id_both",
                condition=Q(id_number__isnull=True, id_index__isnull=True)
                | Q(id_number__isnull=False, id_index__isnull=False),
            ),
            models.CheckConstraint(
                name="people_person_phone_both",
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "name", "id"], name="people_person_name"),
            models.Index(fields=["community_id", "phone_index"], name="people_person_phone"),
            models.Index(fields=["community_id", "phone_tail"], name="people_person_tail"),
            models.Index(fields=["community_id", "household"], name="people_person_household"),
            models.Index(
                fields=["community_id", "merged_into"],
                name="people_person_merges",
                condition=Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CardCategory(TenantRow):
    """A kind of attribute card (人员类别); each community edits its own list."""

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=30)
    hint = models.CharField("说明", max_length=200, blank=True)
    is_sensitive = models.BooleanField("敏感信息", default=False)
    for_health = models.BooleanField("健康驿站可见", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        db_table = "people_card_category"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "code"], name="people_category_code"),
            models.UniqueConstraint(fields=["community_id", "name"], name="people_category_name"),
        ]
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name


@pghistory.track(_former(), append_only=True)
class AttributeCard(TenantRow):
    """One fact about a person that has a kind, dates and a source, instead of a column for each."""

    person = TenantKey(Person, related_name="cards")
    category = TenantKey(CardCategory, related_name="cards")
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)
    data = models.JSONField("内容", default=dict, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "person", "category"], name="people_card_once", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="people_card_dates",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "person"], name="people_card_person"),
            models.Index(fields=["community_id", "category", "person"], name="people_card_category_of"),
        ]


class Consent(TenantRow):
    """One line of the consent log (个人信息保护法 arts 14–16). Append-only: withdrawing is another line."""

    person = TenantKey(Person, related_name="consents")
    purpose = models.CharField("目的", max_length=40)
    version = models.CharField("告知书版本", max_length=20)
    channel = models.CharField("方式", max_length=20)
    act = models.CharField("内容", max_length=10, choices=[(act, CONSENT_NAMES[act]) for act in ConsentAct])
    by_guardian = models.CharField("监护人", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["community_id", "person", "purpose", "at"], name="people_consent_person")]
        ordering = ("at", "id")


class MergeTrace(TenantRow):
    """What a merge moved. Append-only."""

    kept = TenantKey(Person, related_name="+")
    merged = TenantKey(Person, related_name="+")
    reason = models.CharField("理由", max_length=200)
    moved = models.JSONField("移动了什么", default=dict)
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(name="people_merge_two", condition=~Q(kept=F("merged")))]
        indexes = [models.Index(fields=["community_id", "kept"], name="people_merge_kept")]
