"""Tables of accounts."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fuhui.registry.accounts.rules import COMMUNITY_ROLES
from fuhui.registry.places.models import Region
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import ROLE_NAMES, Role


def today() -> date:
    """The day in the installation's time zone."""
    return timezone.localdate()


class Account(AbstractUser):
    """Somebody who can sign in. Not tenant-owned: one person may serve in two communities."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    display_name = models.CharField("姓名", max_length=30)
    phone_index = models.BinaryField("手机号盲索引", max_length=32, null=True, blank=True)
    person_id = models.UUIDField("居民", null=True, blank=True)
    large_type = models.BooleanField("长辈模式", default=False)
    password_is_temporary = models.BooleanField("临时密码", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_index"], name="accounts_account_phone",
                                    condition=Q(phone_index__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """One role of one account. `community_id` is the tenant for community roles, empty for a whole region."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=30, choices=[(role, ROLE_NAMES[role]) for role in Role])
    community_id = models.UUIDField("社区", null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="辖区")
    grid_id = models.UUIDField("网格", null=True, blank=True)
    organisation_id = models.UUIDField("组织", null=True, blank=True)
    since = models.DateField("起", default=today)
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_grant_scope",
                condition=Q(role__in=COMMUNITY_ROLES, community_id__isnull=False)
                | (Q(role=Role.STREET_OFFICER) & Q(region__isnull=False) & Q(community_id__isnull=True))
                | Q(role=Role.AUDITOR)
                | Q(role=Role.OPERATOR, region__isnull=True, community_id__isnull=True),
            ),
            models.CheckConstraint(
                name="accounts_grant_organisation",
                condition=~Q(role=Role.ORGANISATION_LEADER) | Q(organisation_id__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_grant_period", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                fields=["account", "role", "community_id", "region", "grid_id", "organisation_id"],
                name="accounts_grant_once", nulls_distinct=False, condition=Q(until__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "role"], name="accounts_grant_community")]

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()}"


class ApiToken(models.Model):
    """A key for a program. Only its hash is kept; it acts as its account and never reaches further."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=60)
    hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
