"""A wish from the first word to the thanks, as the people of 福惠社区 live it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from fuhui.domains.wishes.actions.claiming import name_claimer, return_claim
from fuhui.domains.wishes.actions.fulfilling import confirm_claim, deliver_claim, thank
from fuhui.domains.wishes.actions.publishing import (
    Wisher,
    approve_wish,
    publish_wish,
    refuse_wish,
    reveal_contact,
    withdraw_wish,
)
from fuhui.domains.wishes.jobs import lapse_due
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.queries import came_true, claimer_words, wall, wall_wish
from fuhui.domains.wishes.rules.wish import HELD_FOR, ClaimState, State, WishWords
from fuhui.domains.wishes.tests.conftest import LAMP, WISHER, Town
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.people.models import Person
from fuhui.shared.audit.models import Entry
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.files.models import Stored
from fuhui.shared.identifiers import new_id
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system, visitor_in

pytestmark = pytest.mark.django_db


def photo() -> Any:
    """A photo as a phone sends it."""
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 90)).save(kept, "JPEG")
    kept.seek(0)
    return kept


def delivered(town: Town, wish: Wish | None = None, **more: Any) -> WishClaim:
    """Lin has claimed and brought it."""
    claim = town.claim(wish or town.open_wish(), **more)
    with acting(town.lin):
        return deliver_claim(by=town.lin, claim_id=claim.pk, minutes=30)


def test_from_the_wish_to_the_book(town: Town) -> None:
    wish = town.open_wish()
    claim = delivered(town, wish)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=claim.pk)
        record = ServiceRecord.objects.get(source="wishes.claim", key=str(claim.pk))
        assert (record.kind_code, record.title, record.minutes) == ("warmth.empty_nest", "微心愿：想要一盏床头灯", 30)
        assert ServicePart.objects.get(record=record, side="got").heads == 1
        assert ServicePart.objects.get(record=record, side="gave").person_id == town.lin.person_id
    assert town.newest(wish).state == State.FULFILLED


def test_wang_confirms_her_own_wish_herself_and_is_named_in_the_book(town: Town) -> None:
    wish = town.open_wish(by=town.wang, wisher=Wisher(is_self=True))
    claim = delivered(town, wish)
    with acting(town.wang):
        confirm_claim(by=town.wang, claim_id=claim.pk)
        record = ServiceRecord.objects.get(key=str(claim.pk))
        assert ServicePart.objects.get(record=record, side="got").person_id == town.wang.person_id


def test_a_wish_is_on_the_wall_only_after_another_has_looked(town: Town) -> None:
    wish = town.wish()
    with acting(visitor_in(town.place.id)) as visitor:
        assert not wall(visitor, town.place.id)
        with pytest.raises(NotFound):
            wall_wish(visitor, town.place.id, wish.pk)
    with acting(town.zhao), pytest.raises(NotAllowed, match="另一位工作人员审核"):
        approve_wish(by=town.zhao, wish_id=wish.pk, title=wish.title, text=wish.text)
    with acting(town.sun):
        approve_wish(by=town.sun, wish_id=wish.pk, title=wish.title, text=wish.text)
    with acting(visitor_in(town.place.id)) as visitor:
        assert [one.pk for one in wall(visitor, town.place.id)] == [wish.pk]


@pytest.mark.parametrize("text", ["张福来晚上看不见", "打19900000003", "住3号楼2单元201", "送到5号楼1单元302室"])
def test_words_that_give_the_wisher_away_do_not_pass(town: Town, text: str) -> None:
    wish = town.wish()
    with acting(town.sun), pytest.raises(BadInput, match="去掉"):
        approve_wish(by=town.sun, wish_id=wish.pk, title=wish.title, text=text)
    assert town.newest(wish).state == State.PENDING


def test_a_wish_that_does_not_pass_is_answered_with_the_reason(town: Town) -> None:
    wish = town.wish(by=town.wang, wisher=Wisher(is_self=True))
    with acting(town.sun):
        refuse_wish(by=town.sun, wish_id=wish.pk, reason="家里已经有人送了灯")
    with acting(town.wang):
        told = Message.objects.filter(to_account=town.wang.account_id).values_list("title", "body")
        assert list(told) == [("您的微心愿没有通过", "想要一盏床头灯：家里已经有人送了灯")]


def test_who_wished_is_read_with_a_trace_and_by_the_desk_only(town: Town) -> None:
    wish = town.open_wish()
    with acting(town.sun):
        assert reveal_contact(by=town.sun, wish_id=wish.pk) == ("张福来", "19900000003")
        assert Entry.objects.filter(action="wishes.read_contact", subject_id=str(wish.pk)).count() == 1
    with acting(town.lin), pytest.raises(NotFound):
        reveal_contact(by=town.lin, wish_id=wish.pk)


def test_ten_books_are_pledged_in_parts_and_never_more(town: Town) -> None:
    wish = town.open_wish(WishWords(title="想要十本故事书", value_yuan=300, parts=10))
    town.claim(wish, parts=4)
    town.claim(wish, town.wang, parts=6)
    with pytest.raises(RuleBroken, match="已经被认领"):
        town.claim(wish, town.chen)
    assert town.newest(wish).pledged == 10
    with acting(town.sun):
        assert not wall(town.sun, town.place.id)


def test_more_parts_than_are_left_are_named(town: Town) -> None:
    wish = town.open_wish(WishWords(title="想要十本故事书", value_yuan=300, parts=10))
    town.claim(wish, parts=8)
    with pytest.raises(BadInput, match="还剩 2 份"):
        town.claim(wish, town.wang, parts=3)


def test_a_wish_in_parts_comes_true_with_its_last_part(town: Town) -> None:
    wish = town.open_wish(WishWords(title="想要两袋米", value_yuan=100, parts=2))
    first = delivered(town, wish)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=first.pk)
    assert town.newest(wish).state == State.OPEN
    second = delivered(town, wish)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=second.pk)
    assert town.newest(wish).state == State.FULFILLED


def test_a_claim_lapses_back_to_the_wall_after_seven_days(town: Town) -> None:
    wish = town.open_wish()
    claim = town.claim(wish)
    with acting(system("wishes.lapse_claims", town.place.id)):
        assert lapse_due(town.place.id, now=claim.until - timedelta(days=1)) == 0
        assert lapse_due(town.place.id, now=claim.until - timedelta(hours=5)) == 0
        assert Message.objects.filter(to_account=town.lin.account_id, title="微心愿快到期了").count() == 1
        assert lapse_due(town.place.id, now=claim.until) == 1
    assert (town.newest(wish).pledged, claim.until - claim.at) == (0, HELD_FOR)
    town.claim(wish, town.wang)


def test_what_was_delivered_does_not_lapse(town: Town) -> None:
    claim = delivered(town)
    with acting(system("wishes.lapse_claims", town.place.id)):
        assert lapse_due(town.place.id, now=claim.until + timedelta(days=90)) == 0


def test_lin_gives_her_claim_back_with_a_reason(town: Town) -> None:
    wish = town.open_wish()
    claim = town.claim(wish)
    with acting(town.lin), pytest.raises(BadInput, match="原因"):
        return_claim(by=town.lin, claim_id=claim.pk, reason=" ")
    with acting(town.wang), pytest.raises(NotAllowed):
        return_claim(by=town.wang, claim_id=claim.pk, reason="不是我的")
    with acting(town.lin):
        return_claim(by=town.lin, claim_id=claim.pk, reason="要出差")
    assert town.newest(wish).pledged == 0


def test_the_claimer_never_confirms(town: Town) -> None:
    claim = delivered(town)
    with acting(town.lin), pytest.raises(NotAllowed, match="由许愿人或社区工作人员确认"):
        confirm_claim(by=town.lin, claim_id=claim.pk)


def test_a_worker_who_claims_needs_another_worker_to_confirm(town: Town) -> None:
    wish = town.open_wish()
    claim = town.claim(wish, town.sun)
    with acting(town.sun):
        deliver_claim(by=town.sun, claim_id=claim.pk, minutes=20)
        with pytest.raises(NotAllowed, match="不能自己确认"):
            confirm_claim(by=town.sun, claim_id=claim.pk)
    with acting(town.chen):
        confirm_claim(by=town.chen, claim_id=claim.pk)
        part = ServicePart.objects.get(record__key=str(claim.pk), side="gave")
        assert part.account_id == town.sun.account_id


def test_a_caller_is_matched_with_the_register_before_the_book_is_written(town: Town) -> None:
    wish = town.open_wish()
    claim = town.claim(wish, town.zhao, is_self=False, name="周航", phone="19900000009", kind="family")
    with acting(town.zhao):
        deliver_claim(by=town.zhao, claim_id=claim.pk, minutes=30)
    with acting(town.sun):
        with pytest.raises(RuleBroken, match="核对认领人"):
            confirm_claim(by=town.sun, claim_id=claim.pk)
        zhou = Person.objects.create(community_id=town.place.id, name="周航").pk
        name_claimer(by=town.sun, claim_id=claim.pk, person=zhou)
        confirm_claim(by=town.sun, claim_id=claim.pk)
        assert ServicePart.objects.get(record__key=str(claim.pk), side="gave").person_id == zhou


def test_a_unit_is_named_on_the_wall_and_a_person_is_not(town: Town) -> None:
    unit = town.claim(town.open_wish(), kind="unit", organisation=town.team)
    person = town.claim(town.open_wish(), kind="person")
    with acting(town.sun):
        assert claimer_words(unit) == "彩虹志愿服务队"
        assert claimer_words(person) == "热心居民"
        assert claimer_words(person, is_public=False) == "林晓（个人）"


def test_thanks_are_shown_only_with_consent(town: Town) -> None:
    wish = town.open_wish()
    claim = delivered(town, wish)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=claim.pk)
        with pytest.raises(BadInput, match="去掉"):
            thank(by=town.sun, wish_id=wish.pk, words="张福来谢谢大家", is_shown=True)
        thank(by=town.sun, wish_id=wish.pk, words="灯很亮，谢谢！", is_shown=False, upload=photo())
        assert Stored.objects.filter(purpose="wish").count() == 1
    with acting(visitor_in(town.place.id)) as visitor:
        assert not came_true(visitor, town.place.id)[0].is_thanks_shown
    with acting(town.lin):
        told = Message.objects.filter(to_account=town.lin.account_id, title="许愿人感谢您")
        assert told.count() == 1


def test_a_claimed_wish_is_not_taken_down(town: Town) -> None:
    wish = town.open_wish()
    town.claim(wish)
    with acting(town.sun), pytest.raises(NotAllowed, match="已经有人认领"):
        withdraw_wish(by=town.sun, wish_id=wish.pk, reason="不需要了")
    other = town.open_wish()
    with acting(town.sun):
        withdraw_wish(by=town.sun, wish_id=other.pk, reason="不需要了")
    with pytest.raises(RuleBroken, match="不能认领"):
        town.claim(other)


def test_a_form_sent_twice_is_one_wish_and_one_claim(town: Town) -> None:
    from fuhui.domains.wishes.actions.claiming import ClaimInput, claim_wish

    key = new_id()
    with acting(town.zhao):
        both = [publish_wish(by=town.zhao, community_id=town.place.id, wish=LAMP, wisher=WISHER, request_key=key)
                for _ in range(2)]
    assert both[0].pk == both[1].pk
    wish = town.open_wish()
    with acting(town.lin):
        claims = [claim_wish(by=town.lin, wish_id=wish.pk, claim=ClaimInput(), request_key=key) for _ in range(2)]
    assert claims[0].pk == claims[1].pk


def test_the_neighbours_see_nothing(town: Town, outsider: Viewer) -> None:
    wish = town.open_wish()
    with acting(outsider):
        assert Wish.objects.count() == 0
        with pytest.raises(NotFound):
            withdraw_wish(by=outsider, wish_id=wish.pk, reason="x")


def test_a_claim_ends_before_it_is_confirmed_or_not_at_all(town: Town) -> None:
    claim = delivered(town)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=claim.pk)
        with pytest.raises(RuleBroken):
            confirm_claim(by=town.sun, claim_id=claim.pk)
        claim.refresh_from_db()
        assert claim.state == ClaimState.CONFIRMED
        assert claim.confirmed_at is not None
        assert claim.confirmed_at <= timezone.now()
