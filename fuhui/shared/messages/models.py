"""Tables of messages and phone codes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fuhui.shared.crypto import SealedTextField
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.models import TenantRow

MOST_TRIES = 5


class Channel(models.TextChoices):
    """The way a message takes."""

    PAGE = "page", "站内消息"
    SMS = "sms", "短信"
    MAIL = "mail", "邮件"


class State(models.TextChoices):
    """How far a message came."""

    QUEUED = "queued", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"
    NO_GATEWAY = "no_gateway", "未开通短信"


class Message(TenantRow):
    """One message to one account, phone or mail address."""

    to_account = models.UUIDField("收件账号", null=True, blank=True)
    to_contact = SealedTextField(null=True, blank=True, context="inbox.message.to_contact")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    kind = models.CharField("类别", max_length=30)
    title = models.CharField("标题", max_length=100)
    body = models.TextField("正文", max_length=2000)
    link = models.CharField("链接", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=State.choices)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    last_error = models.CharField("错误", max_length=300, blank=True)
    dedupe_key = models.CharField("去重键", max_length=200, null=True, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        db_table = "inbox_message"
        verbose_name = "消息"
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "dedupe_key"], name="inbox_message_once", condition=Q(dedupe_key__isnull=False)
            ),
            models.CheckConstraint(
                name="inbox_message_addressed",
                condition=Q(channel=Channel.PAGE, to_account__isnull=False, to_contact__isnull=True)
                | Q(channel__in=(Channel.SMS, Channel.MAIL), to_contact__isnull=False),
            ),
        ]
        indexes = [
            models.Index("community_id", "to_account", F("id").desc(), name="inbox_message_of_account"),
            models.Index(
                fields=["community_id", "to_account"], name="inbox_message_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(
                "community_id", F("id").desc(), name="inbox_message_outbox",
                condition=Q(channel__in=(Channel.SMS, Channel.MAIL)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PhoneCode(models.Model):
    """One verification code. Not tenant-owned: a phone is proved before it is known where its owner belongs.

    The code is kept as a keyed hash; sealed, it exists only until the gateway has it or it has expired.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone_index = models.BinaryField(max_length=16)
    client_index = models.BinaryField(max_length=16)
    purpose = models.CharField("用途", max_length=30)
    mac = models.BinaryField(max_length=16)
    sealed_phone = SealedTextField(null=True, context="inbox.code.phone")
    sealed_code = SealedTextField(null=True, context="inbox.code.code")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    made_at = models.DateTimeField("时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        db_table = "inbox_code"
        verbose_name = "验证码"
        constraints = [
            models.CheckConstraint(name="inbox_code_tries", condition=Q(tries__lte=MOST_TRIES)),
            models.CheckConstraint(name="inbox_code_lives", condition=Q(expires_at__gt=F("made_at"))),
        ]
        indexes = [
            models.Index("phone_index", F("made_at").desc(), name="inbox_code_of_phone"),
            models.Index("client_index", F("made_at").desc(), name="inbox_code_of_client"),
            models.Index(fields=["made_at"], name="inbox_code_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.made_at:%Y-%m-%d %H:%M}"
