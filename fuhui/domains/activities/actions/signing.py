"""Signing up, leaving, and the waiting list: a freed place is offered to the next and lapses on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.informing import tell
from fuhui.domains.activities.actions.locking import guarded, lock_activity, note, require
from fuhui.domains.activities.models import Activity, CheckIn, SignUp
from fuhui.domains.activities.permissions import is_desk, may_plan, may_sign_up
from fuhui.domains.activities.rules.activity import LIVE, Outcome, Party, SignState, State, offer_until, sound_party
from fuhui.registry.people.queries.people import people_by_phone
from fuhui.registry.people.rules.contact import normal_phone
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.ui.format import when
from fuhui.shared.viewers import Viewer, system


@transaction.atomic
def sign_up(
    *, by: Viewer, activity_id: UUID, party: Party, request_key: UUID, for_other: bool = False
) -> SignUp:
    """Takes places for a party, or puts it on the waiting list where they do not suffice or others wait already.

    With an account, without one (a phone is needed then), or `for_other`: the desk writes down a caller. The same
    `request_key` again gives the first sign-up. Raises RuleBroken("again") for a name and phone that are on the list.
    """
    activity = lock_activity(by, activity_id)
    first = SignUp.objects.filter(community_id=activity.community_id, request_key=request_key).first()
    if first:
        return first
    require(may_sign_up(activity, timezone.now()))
    if for_other:
        may_plan(by, activity.community_id).require()
    row = _row(by, activity, sound_party(party), request_key, for_other=for_other)
    waits = SignUp.objects.filter(activity=activity, state=SignState.WAITING).exists()
    fits = activity.taken + row.heads <= activity.capacity
    row.state = SignState.CONFIRMED if fits and not waits else SignState.WAITING
    guarded(row.save)
    note("activities.sign_up", by, activity, signup=str(row.pk), heads=row.heads, to=row.state)
    title = "报名成功" if row.state == SignState.CONFIRMED else "已排进候补名单"
    tell(row, title, f"{activity.title}：{when(activity.starts_at)}，{activity.place}。")
    return row


@transaction.atomic
def leave(*, by: Viewer, activity_id: UUID, signup_id: UUID, by_ticket: bool = False) -> SignUp:
    """Gives the places back; they are offered to the next of the list. By the desk, the account, or the ticket."""
    activity, signup = _lock_signup(by, activity_id, signup_id)
    _require_owner(by, signup, by_ticket=by_ticket)
    if signup.state not in LIVE:
        raise RuleBroken("ended", "这份报名已经取消了。")
    if CheckIn.objects.filter(activity=activity, signup=signup, outcome=Outcome.OK).exists():
        raise RuleBroken("present", "已经签到了，不能取消报名。")
    _end(signup, SignState.CANCELLED)
    note("activities.leave", by, activity, signup=str(signup.pk))
    offer_places(activity, timezone.now())
    return signup


@transaction.atomic
def accept_offer(*, by: Viewer, activity_id: UUID, signup_id: UUID, by_ticket: bool = False) -> SignUp:
    """Takes the place that is offered. Raises RuleBroken where the offer has lapsed."""
    activity, signup = _lock_signup(by, activity_id, signup_id)
    _require_owner(by, signup, by_ticket=by_ticket)
    now = timezone.now()
    if signup.state != SignState.OFFERED or signup.offered_until is None or signup.offered_until < now:
        raise RuleBroken("no_offer", "现在没有给您留的名额，可能已经过了确认时间。")
    signup.state, signup.offered_until = SignState.CONFIRMED, None
    signup.save()
    note("activities.accept", by, activity, signup=str(signup.pk))
    tell(signup, "报名成功", f"{activity.title}：{when(activity.starts_at)}，{activity.place}。")
    return signup


@transaction.atomic
def lapse_offers(*, by: Viewer, activity_id: UUID, now: datetime) -> int:
    """Ends the offers of an activity that nobody took in time and offers the places on; returns how many ended."""
    activity = lock_activity(by, activity_id)
    due = SignUp.objects.select_for_update().filter(activity=activity, state=SignState.OFFERED, offered_until__lte=now)
    ended = list(due.order_by("pk"))
    for signup in ended:
        _end(signup, SignState.LAPSED)
        note("activities.lapse", by, activity, signup=str(signup.pk))
        tell(signup, "名额给了下一位", f"{activity.title}：没有等到您的确认。还想来，可以重新报名。")
    offer_places(activity, now)
    return len(ended)


def offer_places(activity: Activity, now: datetime) -> int:
    """Offers free places of a locked activity to those who wait, first come first served: a party that does not fit
    yet is not passed over. Returns how many parties were offered places."""
    activity.refresh_from_db()
    if activity.state != State.PUBLISHED or now >= activity.starts_at:
        return 0
    free, offered = activity.capacity - activity.taken, 0
    waiting = SignUp.objects.select_for_update().filter(activity=activity, state=SignState.WAITING).order_by("pk")
    for signup in waiting:
        if signup.heads > free:
            break
        free, offered = free - signup.heads, offered + 1
        signup.state, signup.offered_until = SignState.OFFERED, offer_until(now, activity.starts_at)
        signup.save()
        tell(signup, "有空位了，请确认",
             f"{activity.title}：给您留了名额，请在 {when(signup.offered_until)} 前确认，过时给下一位。")
    activity.refresh_from_db()
    return offered


def _row(by: Viewer, activity: Activity, party: Party, request_key: UUID, *, for_other: bool) -> SignUp:
    phone = normal_phone(party.phone) if party.phone.strip() else None
    if party.phone.strip() and phone is None:
        raise BadInput("phone", "手机号是 11 位数字，请核对。", field="phone")
    own = by.account_id if not for_other else None
    if own is None and phone is None:
        raise BadInput("phone", "请留手机号，活动有变化时好告诉您。", field="phone")
    who = str(own) if own and by.name == party.name else f"{party.name} {phone or own}"
    return SignUp(
        community_id=activity.community_id, activity=activity, request_key=request_key, heads=party.heads,
        account_id=own, person_id=by.person_id if own else _known(activity.community_id, party.name, phone),
        name=party.name, phone=phone, who_index=blind_index(who, context="activities.signup.who"),
        entered_by=by.actor, at=timezone.now(),
    )


def _known(community_id: UUID, name: str, phone: str | None) -> UUID | None:
    """The resident with this name and phone, where the register knows exactly one."""
    found = people_by_phone(system("activities.sign_up", community_id), community_id, phone or "")
    same = [one.pk for one in found if one.name == name]
    return same[0] if len(same) == 1 else None


def _lock_signup(by: Viewer, activity_id: UUID, signup_id: UUID) -> tuple[Activity, SignUp]:
    activity = lock_activity(by, activity_id)
    signup = SignUp.objects.select_for_update(of=("self",)).filter(activity=activity, pk=signup_id).first()
    if signup is None:
        raise NotFound("signup", "没有找到这份报名。请核对链接，或打社区电话。")
    return activity, signup


def _require_owner(by: Viewer, signup: SignUp, *, by_ticket: bool) -> None:
    is_own = by.account_id is not None and by.account_id == signup.account_id
    if not (by_ticket or is_own or is_desk(by, signup.community_id)):
        raise NotFound("signup", "没有找到这份报名。请核对链接，或打社区电话。")


def _end(signup: SignUp, state: SignState) -> None:
    signup.state, signup.ended_at, signup.offered_until = state, timezone.now(), None
    signup.save()
