"""Tables of organisations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuhui.registry.accounts.models import Account
from fuhui.registry.organisations.rules import KIND_NAMES, LEGAL_NAMES, LegalClass, OrganisationKind
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Organisation(TenantRow):
    """One node of the community's tree of organisations of every kind. A trigger refuses circles."""

    parent = TenantKey("self", null=True, blank=True, related_name="children", verbose_name="上级")
    kind = models.CharField("类别", max_length=30, choices=[(kind, KIND_NAMES[kind]) for kind in OrganisationKind])
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20, blank=True)
    legal_class = models.CharField("登记或备案", max_length=10, default=LegalClass.NONE,
                                   choices=[(one, LEGAL_NAMES[one]) for one in LegalClass])
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    contact = models.CharField("联系人", max_length=30, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    since = models.DateField("成立", null=True, blank=True)
    until = models.DateField("撤销", null=True, blank=True)
    data = models.JSONField("其他", default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "name"], condition=Q(until__isnull=True),
                                    name="organisations_organisation_name"),
            models.UniqueConstraint(fields=["community_id", "credit_code"],
                                    condition=Q(until__isnull=True) & ~Q(credit_code=""),
                                    name="organisations_organisation_code"),
            models.CheckConstraint(name="organisations_organisation_code_shape",
                                   condition=Q(credit_code="") | Q(credit_code__regex=r"^[0-9A-HJ-NP-RTUWXY]{18}$")),
            models.CheckConstraint(
                name="organisations_organisation_period",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "parent"], name="organisations_parent")]
        ordering = ("name",)

    def __str__(self) -> str:
        return self.short_name or self.name


class Membership(TenantRow):
    """Who belongs to an organisation, as what, from when until when. Either a resident or an account.

    The same member cannot hold the same title twice at a time (exclusion constraint in the migration).
    """

    organisation = TenantKey(Organisation, related_name="memberships")
    person = TenantKey("people.Person", null=True, blank=True, related_name="memberships", verbose_name="居民")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, verbose_name="账号",
                                related_name="memberships")
    title = models.CharField("职务", max_length=30, default="成员")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_membership_one",
                condition=Q(person__isnull=False, account__isnull=True)
                | Q(person__isnull=True, account__isnull=False),
            ),
            models.CheckConstraint(name="organisations_membership_period",
                                   condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
        ]
        indexes = [
            models.Index(fields=["community_id", "organisation"], name="organisations_members"),
            models.Index(fields=["community_id", "person"], name="organisations_of_person"),
        ]
        ordering = ("since",)

    def __str__(self) -> str:
        return f"{self.organisation} {self.title}"
