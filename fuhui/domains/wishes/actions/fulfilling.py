"""From the door to the book: delivered, confirmed by another, thanked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from fuhui.domains.wishes.actions.informing import tell_claimer, tell_desk, tell_wisher
from fuhui.domains.wishes.actions.locking import guarded, lock_claim, lock_wish
from fuhui.domains.wishes.events import WishFulfilled
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.permissions import is_desk, is_wisher, may_act_on_claim, may_confirm, may_thank
from fuhui.domains.wishes.queries import giver
from fuhui.domains.wishes.rules.wish import LONGEST_MINUTES, NOTE, ClaimState, State, require_nameless
from fuhui.registry.ledger.actions import Served, write_service
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.files.actions import store_photo
from fuhui.shared.viewers import Viewer

SOURCE = "wishes.claim"


@transaction.atomic
def deliver_claim(*, by: Viewer, claim_id: UUID, minutes: int, note: str = "") -> WishClaim:
    """Says that the goods arrived or the service was done, and how many minutes it took. The wisher is asked to
    confirm. Raises BadInput for minutes outside 1 to 1,440."""
    wish, claim = lock_claim(by, claim_id)
    may_act_on_claim(by, wish, claim).require()
    if claim.state != ClaimState.LIVE:
        raise RuleBroken("delivered", "已经说明送到了，正在等许愿人或另一位工作人员确认。")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise BadInput("minutes", "用时填 1 到 1440 分钟。送东西一般填 30。", field="minutes")
    if len(note) > NOTE:
        raise BadInput("note", f"说明最多 {NOTE} 个字。", field="note")
    claim.state, claim.delivered_by, claim.delivered_at = ClaimState.DELIVERED, by.actor, timezone.now()
    claim.minutes, claim.note = minutes, note.replace("\x00", "").strip()
    claim.save()
    _record("wishes.deliver", by, wish, claim=str(claim.pk), minutes=minutes)
    tell_wisher(wish, "您的微心愿送到了吗", "收到了请点“确认实现”，没有收到请告诉社区。")
    tell_desk(wish, "微心愿已送到，等确认", "请许愿人确认，或由另一位工作人员核实后确认。", but=by.account_id)
    return claim


@transaction.atomic
def confirm_claim(*, by: Viewer, claim_id: UUID) -> WishClaim:
    """Says that it came true and writes it into the book. By the wisher or a second worker.

    Raises NotAllowed for the claimer and for who entered or delivered it, RuleBroken where the book cannot name the
    claimer yet.
    """
    wish, claim = lock_claim(by, claim_id)
    by_whom = giver(claim)
    decision = may_confirm(by, wish, claim, is_known=by_whom is not None)
    if not decision.allowed and decision.code in {"not_delivered", "claimer_unknown"}:
        raise RuleBroken(decision.code, decision.message)
    decision.require()
    claim.state, claim.confirmed_by = ClaimState.CONFIRMED, by.actor
    claim.confirmed_at = claim.ended_at = timezone.now()
    guarded(claim.save)
    _write(by, wish, claim)
    _record("wishes.confirm", by, wish, claim=str(claim.pk), how="wisher" if is_wisher(by, wish) else "worker")
    tell_claimer(claim, "微心愿实现了", "谢谢您。这次服务已经记入社区的服务台账。")
    done = WishClaim.objects.filter(wish=wish, state=ClaimState.CONFIRMED).aggregate(sum=Sum("parts"))["sum"] or 0
    if done >= wish.parts:
        Wish.objects.filter(pk=wish.pk).update(state=State.FULFILLED)
        publish(WishFulfilled(community_id=wish.community_id, wish_id=wish.pk))
    return claim


@transaction.atomic
def thank(
    *, by: Viewer, wish_id: UUID, words: str, is_shown: bool, upload: Any = None
) -> Wish:
    """Keeps the wisher's thanks, with a photo where there is one. They are on the wall only where `is_shown`: the
    wisher's consent, given by them or told to the worker who writes it down.

    Raises BadInput for words that give the wisher away, and for what is no photo.
    """
    wish = lock_wish(by, wish_id)
    decision = may_thank(by, wish)
    if not decision.allowed and decision.code == "wrong_state":
        raise RuleBroken(decision.code, decision.message)
    decision.require()
    tidy = words.replace("\x00", "").strip()
    if not 1 <= len(tidy) <= NOTE:
        raise BadInput("words", f"请写一句感谢的话，最多 {NOTE} 个字。", field="words")
    require_nameless(tidy, "words", wish.wisher_name, wish.wisher_phone or "")
    if upload is not None:
        name = getattr(upload, "name", "")
        wish.thanks_file = store_photo(community_id=wish.community_id, upload=upload, name=name, by=by,
                                       purpose="wish").id
    wish.thanks, wish.thanks_at, wish.is_thanks_shown = tidy, timezone.now(), is_shown
    wish.thanks_consent_by = by.actor if is_shown else ""
    wish.save()
    _record("wishes.thank", by, wish, shown=is_shown, for_wisher=is_desk(by, wish) and not is_wisher(by, wish))
    for claim in WishClaim.objects.filter(wish=wish, state=ClaimState.CONFIRMED).select_related("wish"):
        tell_claimer(claim, "许愿人感谢您", tidy)
    return wish


def _write(by: Viewer, wish: Wish, claim: WishClaim) -> None:
    """One service record per claim: the claimer served, the wisher was served."""
    served_by = giver(claim)
    if served_by is None or claim.delivered_at is None or claim.minutes is None:
        raise RuleBroken("claimer_unknown", "台账记不清是谁做的，请先核对认领人。")
    served = Served(person=wish.wisher_person_id) if wish.wisher_person_id else Served(heads=1)
    write_service(
        by=by, community=wish.community_id, source=SOURCE, key=str(claim.pk), kind=wish.service_code,
        title=f"微心愿：{wish.title}", occurred_at=claim.delivered_at, minutes=claim.minutes, grid=wish.grid_id,
        brands=["微心愿"], served_by=[served_by], served=[served],
    )


def _record(action: str, by: Viewer, wish: Wish, **data: object) -> None:
    audit.record(action, by=by, community_id=wish.community_id, subject="wish", subject_id=wish.pk,
                 data={"title": wish.title, **data})
