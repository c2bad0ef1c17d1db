"""Tables of the micro-wishes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fuhui.domains.wishes.rules.wish import (
    CEILING_YUAN,
    CLAIM_STATE_NAMES,
    CLAIMER_NAMES,
    FOR_WHOM,
    HOLDING,
    KIND_NAMES,
    MOST_PARTS,
    MOVING,
    STATE_NAMES,
    State,
)
from fuhui.shared.crypto import SealedTextField
from fuhui.shared.tenancy.models import TenantKey, TenantRow, plain_choices


class Wish(TenantRow):
    """One wish. `pledged` is counted by a trigger; the database keeps it between nothing and all parts."""

    request_key = models.UUIDField(editable=False)
    state = models.CharField("状态", max_length=10, choices=plain_choices(STATE_NAMES), default=State.PENDING.value)
    title = models.CharField("心愿", max_length=30)
    text = models.CharField("说明", max_length=300, blank=True)
    kind = models.CharField("实物还是服务", max_length=8, choices=plain_choices(KIND_NAMES))
    for_whom = models.CharField("谁的心愿", max_length=20, choices=plain_choices(FOR_WHOM))
    value_yuan = models.PositiveSmallIntegerField("大约多少元")
    parts = models.PositiveSmallIntegerField("份数", default=1)
    pledged = models.PositiveSmallIntegerField("已认领份数", default=0)
    grid = TenantKey("places.Grid", null=True, blank=True, related_name="+")
    service_code = models.CharField("服务目录代码", max_length=61, blank=True)
    wisher_account = models.UUIDField(null=True, blank=True)
    wisher_person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    wisher_name = SealedTextField(context="wishes.wish.name")
    wisher_phone = SealedTextField(context="wishes.wish.phone", null=True, blank=True)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("未通过或撤下的原因", max_length=200, blank=True)
    thanks = models.CharField("感谢的话", max_length=200, blank=True)
    thanks_file = models.UUIDField(null=True, blank=True)
    thanks_at = models.DateTimeField(null=True, blank=True)
    thanks_consent_by = models.CharField("谁同意公开", max_length=60, blank=True)
    is_thanks_shown = models.BooleanField("公开感谢", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "request_key"], name="wishes_wish_sent_once"),
            models.CheckConstraint(name="wishes_wish_ceiling", condition=Q(value_yuan__lte=CEILING_YUAN)),
            models.CheckConstraint(name="wishes_wish_parts", condition=Q(parts__gte=1, parts__lte=MOST_PARTS)),
            models.CheckConstraint(name="wishes_wish_not_overclaimed", condition=Q(pledged__lte=F("parts"))),
            models.CheckConstraint(
                name="wishes_wish_moderated", condition=Q(state__in=["pending", "withdrawn"]) | ~Q(decided_by="")
            ),
            models.CheckConstraint(
                name="wishes_wish_thanks_consent", condition=Q(is_thanks_shown=False) | ~Q(thanks_consent_by="")
            ),
            models.CheckConstraint(
                name="wishes_wish_fulfilled_whole", condition=~Q(state="fulfilled") | Q(pledged=F("parts"))
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "state", "-id"], name="wishes_wish_list"),
            models.Index(
                fields=["community_id", "wisher_account"], name="wishes_wish_mine",
                condition=Q(wisher_account__isnull=False),
            ),
        ]


class WishClaim(TenantRow):
    """Who took on how many parts, until when, and who said that it was done."""

    wish = TenantKey(Wish, related_name="claims")
    request_key = models.UUIDField(editable=False)
    state = models.CharField(max_length=10, choices=plain_choices(CLAIM_STATE_NAMES), default="live")
    parts = models.PositiveSmallIntegerField(default=1)
    claimer_kind = models.CharField(max_length=8, choices=plain_choices(CLAIMER_NAMES))
    account_id = models.UUIDField(null=True, blank=True)
    person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    organisation = TenantKey("organisations.Organisation", null=True, blank=True, related_name="+")
    name = SealedTextField(context="wishes.claim.name")
    phone = SealedTextField(context="wishes.claim.phone", null=True, blank=True)
    actor = models.CharField("谁登记的认领", max_length=60)
    at = models.DateTimeField()
    until = models.DateTimeField("到期")
    delivered_by = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("用时（分钟）", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "request_key"], name="wishes_claim_sent_once"),
            models.UniqueConstraint(
                fields=["community_id", "wish", "account_id"], name="wishes_claim_one_live",
                condition=Q(state__in=MOVING, account_id__isnull=False),
            ),
            models.CheckConstraint(name="wishes_claim_parts", condition=Q(parts__gte=1)),
            models.CheckConstraint(
                name="wishes_claim_confirmed",
                condition=~Q(state="confirmed")
                | (~Q(confirmed_by="") & Q(delivered_at__isnull=False, minutes__gte=1, minutes__lte=1440)),
            ),
            models.CheckConstraint(
                name="wishes_claim_other_confirms",
                condition=Q(confirmed_by="") | (~Q(confirmed_by=F("actor")) & ~Q(confirmed_by=F("delivered_by"))),
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "wish"], name="wishes_claim_wish", condition=Q(state__in=HOLDING)),
            models.Index(fields=["community_id", "until"], name="wishes_claim_lapse", condition=Q(state="live")),
            models.Index(fields=["community_id", "account_id"], name="wishes_claim_mine"),
        ]
