"""Taking on a wish, giving it back, letting it lapse, and saying who the claimer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.wishes.actions.informing import tell_claimer, tell_desk, tell_wisher
from fuhui.domains.wishes.actions.locking import guarded, lock_claim, lock_wish
from fuhui.domains.wishes.actions.publishing import reason_in
from fuhui.domains.wishes.events import WishClaimed
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.permissions import is_desk, may_act_on_claim, may_claim, may_enter
from fuhui.domains.wishes.rules.wish import HELD_FOR, MOVING, NAME, Claimer, ClaimState
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.models import Person
from fuhui.registry.people.rules.contact import normal_phone
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.events import publish
from fuhui.shared.ui.format import day
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True, kw_only=True)
class ClaimInput:
    """Who claims how many parts. `is_self`: the account that acts; else the desk writes down a caller."""

    kind: str = Claimer.PERSON
    parts: int = 1
    name: str = ""
    phone: str = ""
    organisation: UUID | None = None
    person: UUID | None = None
    is_self: bool = True


@transaction.atomic
def claim_wish(*, by: Viewer, wish_id: UUID, claim: ClaimInput, request_key: UUID) -> WishClaim:
    """Holds parts of an open wish for seven days. The same `request_key` again gives the first claim.

    Raises RuleBroken("taken") where fewer parts are left, RuleBroken("again") where the account holds a claim
    already, BadInput naming the field.
    """
    wish = lock_wish(by, wish_id)
    first = WishClaim.objects.filter(community_id=wish.community_id, request_key=request_key).first()
    if first:
        return first
    decision = may_claim(by, wish)
    if not decision.allowed and decision.code in {"taken", "wrong_state"}:
        raise RuleBroken(decision.code, decision.message)
    decision.require()
    if not claim.is_self:
        may_enter(by, wish.community_id).require()
    row = _row(by, wish, claim, request_key)
    guarded(row.save)
    wish.refresh_from_db()
    _record("wishes.claim", by, row, parts=row.parts)
    tell_wisher(wish, "您的微心愿有人认领了", f"{day(row.until)}前会送到，认领人或社区会先和您联系。")
    tell_desk(wish, "微心愿有人认领", "请联系双方，约好什么时候送到。", but=by.account_id)
    publish(WishClaimed(community_id=wish.community_id, wish_id=wish.pk, claim_id=row.pk))
    return row


@transaction.atomic
def return_claim(*, by: Viewer, claim_id: UUID, reason: str) -> WishClaim:
    """Gives the parts back to the wall."""
    wish, claim = lock_claim(by, claim_id)
    may_act_on_claim(by, wish, claim).require()
    claim.note = reason_in(reason)
    _end(claim, ClaimState.RETURNED, timezone.now())
    _record("wishes.return", by, claim, reason=claim.note)
    tell_desk(wish, "微心愿的认领放弃了", claim.note, but=by.account_id)
    return claim


@transaction.atomic
def lapse_claim(*, by: Viewer, claim_id: UUID, now: datetime) -> bool:
    """Gives back the parts of a claim that nothing came of in time. False where it is not due or has moved on."""
    wish, claim = lock_claim(by, claim_id)
    if claim.state != ClaimState.LIVE or claim.until > now:
        return False
    _end(claim, ClaimState.LAPSED, now)
    _record("wishes.lapse", by, claim)
    tell_claimer(claim, "微心愿的认领到期了", "没有等到送达，心愿已经回到墙上。您还可以再认领。")
    tell_desk(wish, "微心愿的认领到期退回", "心愿又可以认领了。")
    return True


@transaction.atomic
def name_claimer(
    *, by: Viewer, claim_id: UUID, person: UUID | None = None, organisation: UUID | None = None
) -> WishClaim:
    """Says which resident or organisation of the registers the claimer is, so that the book can name them."""
    wish, claim = lock_claim(by, claim_id)
    if not is_desk(by, wish):
        raise NotAllowed("not_desk", "认领人由本社区的工作人员核对。")
    if claim.state not in MOVING:
        raise RuleBroken("ended", "这次认领已经结束。")
    if (person is None) == (organisation is None):
        raise BadInput("claimer", "请选居民或组织中的一个。", field="person")
    _known(wish.community_id, person, organisation)
    claim.person_id, claim.organisation_id = person, organisation
    claim.save(update_fields=["person", "organisation"])
    _record("wishes.name_claimer", by, claim, person=str(person or ""), organisation=str(organisation or ""))
    return claim


def _row(by: Viewer, wish: Wish, claim: ClaimInput, request_key: UUID) -> WishClaim:
    now = timezone.now()
    if claim.kind not in set(Claimer):
        raise BadInput("kind", "请选择是个人、家庭还是单位认领。", field="kind")
    if claim.kind == Claimer.UNIT and claim.organisation is None and not claim.name.strip():
        raise BadInput("organisation", "请选择单位，列表里没有就写单位名称。", field="organisation")
    if not 1 <= claim.parts <= wish.parts - wish.pledged:
        left = wish.parts - wish.pledged
        raise BadInput("parts", f"还剩 {left} 份可以认领，请填 1 到 {left}。", field="parts")
    name = claim.name.replace("\x00", "").strip() or (by.name if claim.is_self else "")
    if not 1 <= len(name) <= NAME:
        raise BadInput("name", f"请写认领人的姓名或单位名称，最多 {NAME} 个字。", field="name")
    phone = normal_phone(claim.phone) if claim.phone.strip() else None
    if phone is None and (claim.phone.strip() or not claim.is_self):
        raise BadInput("phone", "请填认领人的手机号，11 位数字，方便约时间。", field="phone")
    _known(wish.community_id, claim.person, claim.organisation)
    return WishClaim(
        community_id=wish.community_id, wish=wish, request_key=request_key, parts=claim.parts,
        claimer_kind=claim.kind, account_id=by.account_id if claim.is_self else None, name=name, phone=phone,
        person_id=by.person_id if claim.is_self and claim.kind != Claimer.UNIT else claim.person,
        organisation_id=claim.organisation, actor=by.actor, at=now, until=now + HELD_FOR,
    )


def _known(community_id: UUID, person: UUID | None, organisation: UUID | None) -> None:
    if person and not Person.objects.filter(community_id=community_id, pk=person).exists():
        raise BadInput("person", "这位居民不在本社区的名册里，请重新选择。", field="person")
    if organisation and not Organisation.objects.filter(community_id=community_id, pk=organisation).exists():
        raise BadInput("organisation", "这个组织不在本社区，请重新选择。", field="organisation")


def _end(claim: WishClaim, state: ClaimState, now: datetime) -> None:
    claim.state, claim.ended_at = state, now
    claim.save()


def _record(action: str, by: Viewer, claim: WishClaim, **data: object) -> None:
    audit.record(action, by=by, community_id=claim.community_id, subject="wish", subject_id=claim.wish_id,
                 data={"claim": str(claim.pk), "state": claim.state, **data})
