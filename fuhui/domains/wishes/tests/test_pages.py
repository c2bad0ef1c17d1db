"""The pages of the wishes, asked as people ask them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from fuhui.domains.cases.tests.pages import words
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.rules.wish import State
from fuhui.domains.wishes.tests.conftest import Town
from fuhui.domains.wishes.tests.test_life_of_a_wish import delivered, photo
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
FORM = {"title": "想要一本大字日历", "kind": "goods", "value_yuan": "30", "parts": "1", "for_whom": "empty_nest"}


def wall_of(town: Town) -> str:
    return f"/wishes/{town.place.code}/"


def test_everybody_reads_the_wall_and_nobody_reads_a_name(town: Town, client: Client) -> None:
    wish = town.open_wish()
    for address in (wall_of(town), f"{wall_of(town)}{wish.pk}/", f"{wall_of(town)}print/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "想要一盏床头灯" in words(page)
        assert "张福来" not in page.content.decode()
        assert "19900000003" not in page.content.decode()


def test_the_home_of_the_community_leads_to_the_wall(town: Town, client: Client) -> None:
    assert f'href="{wall_of(town)}"' in client.get(f"/c/{town.place.code}/").content.decode()


def test_a_resident_without_account_wishes(town: Town, client: Client) -> None:
    sent = client.post(f"{wall_of(town)}new/", FORM | {"name": "张福来", "phone": "19900000003"}, follow=True)
    assert "心愿收到了" in words(sent)
    with acting(town.sun):
        assert Wish.objects.get().state == State.PENDING


def test_what_was_typed_is_kept_when_something_is_wrong(town: Town, client: Client) -> None:
    wrong = FORM | {"text": "请给我现金", "name": "张福来", "phone": "19900000003"}
    page = client.post(f"{wall_of(town)}new/", wrong)
    assert page.status_code == 422
    assert "不收钱" in words(page)
    for typed in ("想要一本大字日历", "请给我现金", "张福来", "19900000003"):
        assert typed in page.content.decode()


@pytest.mark.parametrize("change", [{"value_yuan": "很多"}, {"value_yuan": "-3"}, {"parts": "99999999999"},
                                    {"title": "\x00"}, {"kind": "x"}, {"for_whom": "x"}, {"phone": "abc"}])
def test_bad_input_is_answered_with_a_reason(town: Town, client: Client, change: dict[str, str]) -> None:
    page = client.post(f"{wall_of(town)}new/", FORM | {"name": "张福来", "phone": "19900000003"} | change)
    assert page.status_code == 422


def test_lin_claims_from_the_wall_and_says_it_arrived(town: Town, signed_in: SignIn) -> None:
    wish = town.open_wish()
    lin = signed_in(town.lin)
    key = str(new_id())
    for _ in range(2):  # a greasy thumb
        page = lin.post(f"{wall_of(town)}{wish.pk}/", {"claimer": "person", "request_key": key}, follow=True)
        assert "想要一盏床头灯" in words(page)
    with acting(town.sun):
        claim = WishClaim.objects.get()
    page = lin.post(f"/wishes/mine/claim/{claim.pk}/deliver/", {"minutes": "2000"})
    assert page.status_code == 422
    assert "1440" in words(page)
    page = lin.post(f"/wishes/mine/claim/{claim.pk}/deliver/", {"minutes": "30"}, follow=True)
    assert "已送到，待确认" in words(page)
    page = lin.post(f"/wishes/mine/claim/{claim.pk}/confirm/")
    assert page.status_code == 403


def test_a_second_claimer_is_told_kindly(town: Town, signed_in: SignIn) -> None:
    wish = town.open_wish()
    town.claim(wish)
    page = signed_in(town.wang).post(f"{wall_of(town)}{wish.pk}/", {"claimer": "person"})
    assert page.status_code == 409
    assert "已经被认领" in words(page)


def test_a_visitor_is_led_to_sign_in_or_to_the_telephone(town: Town, client: Client) -> None:
    wish = town.open_wish()
    page = client.get(f"{wall_of(town)}{wish.pk}/")
    assert "登录后认领" in words(page)
    assert "0535-0000000" in words(page)
    assert client.post(f"{wall_of(town)}{wish.pk}/", {"claimer": "person"}).status_code == 403


def test_zhao_enters_and_sun_puts_it_on_the_wall(town: Town, signed_in: SignIn) -> None:
    zhao, sun = signed_in(town.zhao), signed_in(town.sun)
    page = zhao.post("/wishes/desk/new/", FORM | {"name": "张福来", "grid": str(town.place.grids[3])}, follow=True)
    assert "您登记的心愿要由另一位工作人员审核" in words(page)
    with acting(town.sun):
        wish = Wish.objects.get()
    assert "想要一本大字日历" in words(sun.get("/wishes/desk/"))
    record = f"/wishes/desk/{wish.pk}/"
    named = sun.post(record, {"do": "approve", "title": "想要一本大字日历", "text": "张福来用", "value_yuan": "30"})
    assert named.status_code == 422
    assert "张福来用" in named.content.decode()
    page = sun.post(record, {"do": "approve", "title": "想要一本大字日历", "text": "", "value_yuan": "30",
                             "service_code": "warmth.empty_nest"}, follow=True)
    assert "已经上墙" in words(page)


def test_the_desk_carries_a_caller_from_claim_to_thanks(town: Town, signed_in: SignIn) -> None:
    wish = town.open_wish()
    zhao, sun = signed_in(town.zhao), signed_in(town.sun)
    record = f"/wishes/desk/{wish.pk}/"
    team = {"claimer": "unit", "organisation": str(town.team)}
    caller = team | {"do": "claim", "name": "彩虹队", "phone": "19900000009"}
    assert "认领已登记" in words(zhao.post(record, caller, follow=True))
    with acting(town.sun):
        claim = str(WishClaim.objects.get().pk)
    assert "记下了" in words(zhao.post(record, {"do": "deliver", "claim": claim, "minutes": "30"}, follow=True))
    assert zhao.post(record, {"do": "confirm", "claim": claim}).status_code == 403
    assert "记入了服务台账" in words(sun.post(record, {"do": "confirm", "claim": claim}, follow=True))
    upload = photo()
    upload.name = "灯.jpg"
    thanks = {"do": "thank", "words": "灯很亮，谢谢！", "is_shown": "on", "photo": upload}
    assert "已转告" in words(sun.post(record, thanks, follow=True))
    wall = Client().get(wall_of(town))
    assert "灯很亮，谢谢！" in words(wall)
    found = re.search(r'src="(/files/[^"]+)"', wall.content.decode())
    assert found
    assert Client().get(found[1].replace("&amp;", "&")).status_code == 200


def test_a_file_that_is_no_photo_keeps_the_words(town: Town, signed_in: SignIn) -> None:
    import io

    from fuhui.domains.wishes.actions.fulfilling import confirm_claim

    wish = town.open_wish()
    claim = delivered(town, wish)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=claim.pk)
    fake = io.BytesIO(b"MZ" * 500)
    fake.name = "灯.jpg"
    page = signed_in(town.sun).post(f"/wishes/desk/{wish.pk}/",
                                    {"do": "thank", "words": "灯很亮，谢谢！", "photo": fake})
    assert page.status_code == 422
    assert "灯很亮，谢谢！" in page.content.decode()


def test_what_is_not_there_is_said_so(town: Town, signed_in: SignIn, client: Client, outsider: Viewer) -> None:
    wish = town.open_wish()
    assert client.get(f"{wall_of(town)}{new_id()}/").status_code == 404
    assert client.get("/wishes/370611009999/").status_code == 404
    assert signed_in(outsider).get(f"/wishes/desk/{wish.pk}/").status_code == 404
    assert signed_in(town.lin).get("/wishes/desk/").status_code == 403
    sun = signed_in(town.sun)
    assert sun.post(f"/wishes/desk/{wish.pk}/", {"do": "steal"}).status_code == 404
    assert sun.post(f"/wishes/desk/{wish.pk}/", {"do": "confirm", "claim": "abc"}).status_code == 422
    assert signed_in(town.lin).post(f"/wishes/mine/wish/{wish.pk}/steal/").status_code == 404


def test_reading_who_wished_is_a_deed(town: Town, signed_in: SignIn) -> None:
    wish = town.open_wish()
    sun = signed_in(town.sun)
    assert "张福来" not in words(sun.get(f"/wishes/desk/{wish.pk}/"))
    assert "张福来" in words(sun.post(f"/wishes/desk/{wish.pk}/contact/"))


def test_every_step_of_the_list_opens(town: Town, signed_in: SignIn) -> None:
    town.open_wish()
    sun = signed_in(town.sun)
    for tab in ("pending", "open", "claimed", "fulfilled", "ended", "x"):
        assert sun.get(f"/wishes/desk/?tab={tab}").status_code == 200
    assert signed_in(town.wang).get("/wishes/mine/").status_code == 200
