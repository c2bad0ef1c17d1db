"""From the wish to the wall: handed in, moderated, taken down; reading who wished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.wishes.actions.informing import tell_desk, tell_wisher
from fuhui.domains.wishes.actions.locking import lock_wish
from fuhui.domains.wishes.events import WishOpened
from fuhui.domains.wishes.models import Wish
from fuhui.domains.wishes.permissions import is_desk, may_enter, may_moderate, may_withdraw
from fuhui.domains.wishes.queries import wish_for
from fuhui.domains.wishes.rules.wish import NAME, NOTE, State, WishWords, default_service, require_nameless, sound
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.people.models import Person
from fuhui.registry.people.rules.contact import normal_phone
from fuhui.registry.places.models import Grid
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.events import publish
from fuhui.shared.policy import Decision
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True, kw_only=True)
class Wisher:
    """Whose wish it is; kept sealed and never shown to the public. `is_self`: the account that hands it in."""

    name: str = ""
    phone: str = ""
    person: UUID | None = None
    is_self: bool = False


@transaction.atomic
def publish_wish(
    *, by: Viewer, community_id: UUID, wish: WishWords, wisher: Wisher, request_key: UUID
) -> Wish:
    """Hands in a wish: by the resident, or by the desk for one who cannot. It waits for moderation.

    The same `request_key` again gives the first wish. Raises BadInput naming the field; NotAllowed where somebody
    else than the desk writes for another.
    """
    if not by.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    first = Wish.objects.filter(community_id=community_id, request_key=request_key).first()
    if first:
        return first
    if not wisher.is_self and by.is_signed_in:
        may_enter(by, community_id).require()
    tidy = sound(wish)
    name, phone = _contact(by, wisher)
    _belongs(community_id, tidy.grid, wisher.person)
    row, is_new = Wish.objects.get_or_create(
        community_id=community_id, request_key=request_key,
        defaults={
            "title": tidy.title, "text": tidy.text, "kind": tidy.kind, "for_whom": tidy.for_whom,
            "value_yuan": tidy.value_yuan, "parts": tidy.parts, "grid_id": tidy.grid, "entered_by": by.actor,
            "wisher_account": by.account_id if wisher.is_self else None, "wisher_name": name, "wisher_phone": phone,
            "wisher_person_id": by.person_id if wisher.is_self else wisher.person,
            "service_code": default_service(tidy.kind, tidy.for_whom),
        },
    )
    if is_new:
        _record("wishes.publish", by, row)
        tell_desk(row, "有新的微心愿待审核", "请看内容能不能公开。", but=by.account_id)
    return row


@transaction.atomic
def approve_wish(
    *, by: Viewer, wish_id: UUID, title: str, text: str, service_code: str = "", value_yuan: int | None = None
) -> Wish:
    """Puts a wish on the wall in words that nobody is known by. Not by who wished or entered it.

    Raises BadInput where the words hold the wisher's name, a phone, a door, or ask for money.
    """
    wish = lock_wish(by, wish_id)
    may_moderate(by, wish).require()
    value = wish.value_yuan if value_yuan is None else value_yuan
    tidy = sound(WishWords(title=title, text=text, kind=wish.kind, for_whom=wish.for_whom, value_yuan=value,
                           parts=wish.parts))
    for field in ("title", "text"):
        require_nameless(getattr(tidy, field), field, wish.wisher_name, wish.wisher_phone or "")
    code = service_code or wish.service_code
    kind = catalogue_for(by, wish.community_id).kind(code)
    if kind is None or not kind.is_active:
        raise BadInput("service", "请选择服务目录里的一项，实现以后记在它名下。", field="service_code")
    wish.title, wish.text, wish.value_yuan, wish.service_code = tidy.title, tidy.text, value, code
    _decide(wish, by, State.OPEN)
    _record("wishes.approve", by, wish)
    tell_wisher(wish, "您的微心愿已经上墙", "有人认领会告诉您。墙上不写您的姓名。")
    publish(WishOpened(community_id=wish.community_id, wish_id=wish.pk))
    return wish


@transaction.atomic
def refuse_wish(*, by: Viewer, wish_id: UUID, reason: str) -> Wish:
    """Does not put a wish on the wall; the wisher is told why."""
    wish = lock_wish(by, wish_id)
    may_moderate(by, wish).require()
    wish.reason = reason_in(reason)
    _decide(wish, by, State.REFUSED)
    _record("wishes.refuse", by, wish, reason=wish.reason)
    tell_wisher(wish, "您的微心愿没有通过", wish.reason)
    return wish


@transaction.atomic
def withdraw_wish(*, by: Viewer, wish_id: UUID, reason: str) -> Wish:
    """Takes down a wish that nobody holds a claim of."""
    wish = lock_wish(by, wish_id)
    may_withdraw(by, wish).require()
    wish.reason = reason_in(reason)
    _decide(wish, by, State.WITHDRAWN)
    _record("wishes.withdraw", by, wish, reason=wish.reason)
    return wish


@transaction.atomic
def reveal_contact(*, by: Viewer, wish_id: UUID) -> tuple[str, str]:
    """Name and phone of the wisher, for the desk. Reading them leaves an entry in the audit."""
    wish = wish_for(by, wish_id).wish
    Decision(is_desk(by, wish), "not_desk", "联系方式由本社区的工作人员查看。").require()
    _record("wishes.read_contact", by, wish)
    return wish.wisher_name, wish.wisher_phone or ""


def reason_in(words: str) -> str:
    """The reason, trimmed. Raises BadInput where there is none or too much."""
    tidy = words.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= NOTE:
        raise BadInput("reason", f"请写明原因，最多 {NOTE} 个字。", field="reason")
    return tidy


def _decide(wish: Wish, by: Viewer, state: State) -> None:
    wish.state, wish.decided_by, wish.decided_at = state, by.actor, timezone.now()
    wish.save()


def _contact(by: Viewer, wisher: Wisher) -> tuple[str, str | None]:
    name = wisher.name.replace("\x00", "").strip() or (by.name if wisher.is_self else "")
    if not 1 <= len(name) <= NAME:
        raise BadInput("name", "请写许愿人的姓名，只有工作人员能看到，不会公开。", field="name")
    phone = normal_phone(wisher.phone) if wisher.phone.strip() else None
    if wisher.phone.strip() and phone is None:
        raise BadInput("phone", "手机号是 11 位数字，请核对。", field="phone")
    if not by.is_signed_in and not by.is_system and phone is None:
        raise BadInput("phone", "没有登录时请留手机号，实现时好联系您。", field="phone")
    return name, phone


def _belongs(community_id: UUID, grid: UUID | None, person: UUID | None) -> None:
    if grid and not Grid.objects.filter(community_id=community_id, pk=grid).exists():
        raise BadInput("grid", "这个网格不在本社区，请重新选择。", field="grid")
    if person and not Person.objects.filter(community_id=community_id, pk=person).exists():
        raise BadInput("person", "这位居民不在本社区的名册里，请重新选择。", field="person")


def _record(action: str, by: Viewer, wish: Wish, **data: Any) -> None:
    audit.record(action, by=by, community_id=wish.community_id, subject="wish", subject_id=wish.pk,
                 data={"title": wish.title, "state": wish.state, **data})
