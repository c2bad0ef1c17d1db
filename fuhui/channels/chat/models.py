"""Tables of the chat door. Texts are sealed, because a group's talk is personal data (PIPL art 4, 51)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuhui.channels.chat.rules import BATCH_NAMES, DRAFT_NAMES, BatchState, Door, DraftState
from fuhui.domains.cases.models import Case
from fuhui.registry.places.models import Grid
from fuhui.shared.crypto import SealedTextField
from fuhui.shared.tenancy.models import TenantKey, TenantRow
from fuhui.triage import KIND_NAMES, Kind

_KINDS = [(kind.value, KIND_NAMES[kind]) for kind in Kind]
_BATCH_STATES = [state.value for state in BatchState]
_DRAFT_STATES = [state.value for state in DraftState]
_WITH_CASE = sorted({DraftState.MADE.value, DraftState.LINKED.value})


class ChatBatch(TenantRow):
    """One paste or upload. `raw`, `unparsed` and messages that became no case are deleted after `kept_until`
    (PIPL art 19). `options` holds what reading needs to be done again: group and date as given."""

    grid = TenantKey(Grid, null=True, blank=True, verbose_name="网格")
    group_name = models.CharField("群名", max_length=60, blank=True)
    file_name = models.CharField("文件名", max_length=120, blank=True)
    format = models.CharField("格式", max_length=20, blank=True)
    received_at = models.DateTimeField("粘贴时间")
    by_account_id = models.UUIDField("操作人", null=True, blank=True)
    by_name = models.CharField("操作人", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=[(state, BATCH_NAMES[state]) for state in BatchState])
    options = models.JSONField(default=dict, blank=True)
    counts = models.JSONField("数目", default=dict, blank=True)
    warnings = models.JSONField("提醒", default=list, blank=True)
    problem = models.CharField("没有读成的原因", max_length=200, blank=True)
    raw = SealedTextField(context="chat.batch.raw", null=True, blank=True)
    unparsed = SealedTextField(context="chat.batch.unparsed", null=True, blank=True)
    kept_until = models.DateTimeField("原文保留到")
    version = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        db_table = "chat_batch"
        constraints = [
            models.CheckConstraint(name="chat_batch_state", condition=Q(state__in=_BATCH_STATES)),
            models.CheckConstraint(name="chat_batch_done_has_time",
                                   condition=~Q(state=BatchState.DONE) | Q(done_at__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["community_id", "-id"], name="chat_batch_latest"),
            models.Index(fields=["community_id", "kept_until"], name="chat_batch_kept", condition=Q(raw__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.group_name or self.file_name or "群消息"

    @property
    def door(self) -> Door:
        """How it came in; what was read before this was noted came by the paste box."""
        return Door(self.options.get("door", Door.PASTE))


class ChatDraft(TenantRow):
    """A proposed case. `proposed` is what the machine said at first; the other columns are as the person left them."""

    batch = TenantKey(ChatBatch, related_name="drafts")
    key = models.CharField(max_length=60)
    position = models.PositiveIntegerField("第一条发言的位置")
    title = models.CharField("标题", max_length=60)
    category_code = models.CharField("类别", max_length=40, blank=True)
    place_text = models.CharField("地点", max_length=120, blank=True)
    is_urgent = models.BooleanField("险情", default=False)
    grid = TenantKey(Grid, null=True, blank=True, verbose_name="网格", related_name="+")
    state = models.CharField("状态", max_length=10, default=DraftState.PROPOSED,
                             choices=[(state, DRAFT_NAMES[state]) for state in DraftState])
    existing_case = TenantKey(Case, null=True, blank=True, related_name="+")
    existing_why = models.CharField("为什么像同一件", max_length=200, blank=True)
    joins = models.BooleanField("补充到原有诉求", default=False)
    case = TenantKey(Case, null=True, blank=True, related_name="+")
    proposed = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField("依据", default=dict, blank=True)

    class Meta:
        db_table = "chat_draft"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "batch", "key"], name="chat_draft_key"),
            models.CheckConstraint(name="chat_draft_state", condition=Q(state__in=_DRAFT_STATES)),
            models.CheckConstraint(name="chat_draft_made_has_case",
                                   condition=Q(state__in=_WITH_CASE, case__isnull=False)
                                   | (~Q(state__in=_WITH_CASE) & Q(case__isnull=True))),
            models.CheckConstraint(name="chat_draft_joins_something",
                                   condition=Q(joins=False) | Q(existing_case__isnull=False)),
            models.CheckConstraint(name="chat_draft_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class ChatMessage(TenantRow):
    """One message. A message is read once: its fingerprint is unique in the community, so an overlapping paste
    finds it again instead of making a second case of it. `draft` is where the person put it."""

    batch = TenantKey(ChatBatch, related_name="messages")
    position = models.PositiveIntegerField("位置")
    fingerprint = models.BinaryField(max_length=32)
    group_name = models.CharField("群名", max_length=60, blank=True)
    sender = SealedTextField(context="chat.message.sender")
    said_at = models.DateTimeField("发言时间", null=True, blank=True)
    text = SealedTextField(context="chat.message.text")
    kind = models.CharField("识别为", max_length=8, choices=_KINDS)
    case_key = models.CharField("识别的分组", max_length=60, blank=True)
    category_code = models.CharField("识别的类别", max_length=20, blank=True)
    is_urgent = models.BooleanField("险情", default=False)
    confidence = models.FloatField("把握")
    evidence = models.JSONField("依据", default=dict, blank=True)
    place = models.JSONField("地点", default=dict, blank=True)
    draft = TenantKey(ChatDraft, null=True, blank=True, related_name="messages")
    decided_kind = models.CharField("确定为", max_length=8, blank=True, choices=_KINDS)
    case = TenantKey(Case, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "chat_message"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "fingerprint"], name="chat_message_once"),
            models.UniqueConstraint(fields=["community_id", "batch", "position"], name="chat_message_position"),
            models.CheckConstraint(name="chat_message_kind", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(name="chat_message_confidence", condition=Q(confidence__gte=0, confidence__lte=1)),
            models.CheckConstraint(name="chat_message_case_by_draft",
                                   condition=Q(case__isnull=True) | Q(draft__isnull=False)),
        ]
        indexes = [models.Index(fields=["community_id", "draft"], name="chat_message_draft",
                                condition=Q(draft__isnull=False))]

    @property
    def settled_kind(self) -> Kind:
        """What it is taken for now: by the person, else by the machine."""
        return Kind(self.decided_kind or self.kind)


class ChatCorrection(TenantRow):
    """A labelled example: what the machine said and what a person chose. Append-only; the text is redacted."""

    batch = TenantKey(ChatBatch, related_name="corrections")
    draft_id = models.UUIDField(null=True, blank=True)
    message_id = models.UUIDField(null=True, blank=True)
    what = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    said = models.JSONField(default=dict, blank=True)
    chosen = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "chat_correction"
        indexes = [models.Index(fields=["community_id", "-id"], name="chat_correction_latest")]
