"""Every wish that cannot be is answered with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fuhui.domains.wishes.actions.fulfilling import deliver_claim, thank
from fuhui.domains.wishes.actions.publishing import Wisher
from fuhui.domains.wishes.models import Wish
from fuhui.domains.wishes.tests.conftest import LAMP, Town
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.files.photos import MOST_BYTES
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import visitor_in

pytestmark = pytest.mark.django_db

WRONG = [
    ({"title": " "}, "title", "一句话"),
    ({"title": "灯" * 31}, "title", "30"),
    ({"text": "灯" * 301}, "text", "300"),
    ({"value_yuan": 501}, "value_yuan", "不超过 500 元"),
    ({"value_yuan": -1}, "value_yuan", "大约值多少元"),
    ({"value_yuan": 0}, "value_yuan", "大约值多少元"),
    ({"parts": 0}, "parts", "份数"),
    ({"parts": 51}, "parts", "份数"),
    ({"title": "想要500元现金"}, "title", "不收钱"),
    ({"text": "请转账给我"}, "text", "不收钱"),
    ({"kind": "money"}, "kind", "实物还是服务"),
    ({"for_whom": "nobody"}, "for_whom", "谁的心愿"),
]


@pytest.mark.parametrize(("change", "field", "words"), WRONG)
def test_a_wish_that_cannot_be(town: Town, change: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        town.wish(replace(LAMP, **change))  # type: ignore[arg-type]
    assert refused.value.details["field"] == field
    with acting(town.sun):
        assert not Wish.objects.exists()


def test_a_service_may_cost_nothing(town: Town) -> None:
    assert town.wish(replace(LAMP, kind="service", title="想有人陪着去医院", value_yuan=0)).value_yuan == 0


def test_the_wisher_has_a_name_and_a_real_phone(town: Town) -> None:
    with pytest.raises(BadInput, match="姓名"):
        town.wish(wisher=Wisher())
    with pytest.raises(BadInput, match="11 位"):
        town.wish(wisher=Wisher(name="张福来", phone="123"))
    with pytest.raises(BadInput, match="请留手机号"):
        town.wish(by=visitor_in(town.place.id), wisher=Wisher(name="张福来"))


def test_a_resident_does_not_wish_in_anothers_name(town: Town) -> None:
    with pytest.raises(NotAllowed, match="代居民登记"):
        town.wish(by=town.wang)


def test_nobody_claims_their_own_wish(town: Town) -> None:
    wish = town.open_wish(by=town.wang, wisher=Wisher(is_self=True))
    with pytest.raises(NotAllowed, match="自己的心愿"):
        town.claim(wish, town.wang)


def test_a_visitor_is_told_how_to_claim(town: Town) -> None:
    with pytest.raises(NotAllowed, match="先登录"):
        town.claim(town.open_wish(), visitor_in(town.place.id))


def test_claims_that_cannot_be(town: Town) -> None:
    wish = town.open_wish()
    for change, words in (({"kind": "x"}, "个人、家庭还是单位"), ({"kind": "unit"}, "选择单位"),
                          ({"parts": 0}, "还剩 1 份"), ({"phone": "12"}, "11 位")):
        with pytest.raises(BadInput, match=words):
            town.claim(wish, **change)
    with pytest.raises(BadInput, match="11 位"):
        town.claim(wish, town.zhao, is_self=False, name="周航")
    with pytest.raises(NotAllowed, match="代居民登记"):
        town.claim(wish, is_self=False, name="周航", phone="19900000009")


def test_one_account_claims_one_wish_once(town: Town) -> None:
    wish = town.open_wish(replace(LAMP, parts=3))
    town.claim(wish)
    with pytest.raises(RuleBroken, match="您已经认领"):
        town.claim(wish)
    assert town.newest(wish).pledged == 1


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_nobody_serves_thirty_hours(town: Town, minutes: int) -> None:
    claim = town.claim(town.open_wish())
    with acting(town.lin), pytest.raises(BadInput, match="1440"):
        deliver_claim(by=town.lin, claim_id=claim.pk, minutes=minutes)


def test_thanks_before_the_wish_came_true(town: Town) -> None:
    with acting(town.sun), pytest.raises(RuleBroken, match="不能写感谢"):
        thank(by=town.sun, wish_id=town.open_wish().pk, words="谢谢", is_shown=True)


def test_a_photo_that_is_too_large_leaves_nothing_half_done(town: Town) -> None:
    from fuhui.domains.wishes.actions.fulfilling import confirm_claim

    wish = town.open_wish()
    claim = town.claim(wish)
    with acting(town.lin):
        deliver_claim(by=town.lin, claim_id=claim.pk, minutes=30)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=claim.pk)
        with pytest.raises(BadInput):
            thank(by=town.sun, wish_id=wish.pk, words="谢谢", is_shown=True, upload=b"\xff\xd8" * MOST_BYTES)
    assert town.newest(wish).thanks == ""
