"""The pages of the activities, asked as people ask them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fuhui.domains.activities.actions.attending import check_in
from fuhui.domains.activities.models import Activity, CheckIn, SignUp
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tickets import ticket_of
from fuhui.domains.cases.tests.pages import words
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.ui.format import local
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]


def _typed(days: float) -> str:
    return local(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def form() -> dict[str, str]:
    return {"title": "端午包粽子", "kind": "festival", "starts_at": _typed(2), "ends_at": _typed(2.1),
            "place": "小广场", "capacity": "20", "service_code": "culture.all"}


def page_of(town: Town, activity: Activity) -> str:
    return f"/activities/{town.place.code}/{activity.pk}/"


def test_an_old_resident_signs_up_by_the_poster_without_an_account(town: Town, client: Client) -> None:
    activity = town.open_activity()
    assert "春季养生讲座" in words(client.get(f"/activities/{town.place.code}/"))
    page = client.get(page_of(town, activity))
    assert "我要报名" in words(page)
    sent = {"name": "李桂芳", "phone": "19900000021", "heads": "2", "request_key": str(new_id())}
    for _ in range(2):  # a greasy thumb
        ticket = client.post(page_of(town, activity), sent, follow=True)
        assert "报名成功" in words(ticket)
        assert "李桂芳，2 人" in words(ticket)
    with acting(town.sun):
        assert SignUp.objects.count() == 1


def test_what_was_typed_is_kept_when_something_is_wrong(town: Town, client: Client) -> None:
    activity = town.open_activity()
    page = client.post(page_of(town, activity), {"name": "李桂芳", "phone": "1990", "heads": "2"})
    assert page.status_code == 422
    assert "11 位" in words(page)
    assert 'value="李桂芳"' in page.content.decode()
    assert 'value="1990"' in page.content.decode()


@pytest.mark.parametrize("change", [{"heads": "-1"}, {"heads": "abc"}, {"heads": "99999999"}, {"name": "\x00"},
                                    {"phone": ""}, {"name": "李" * 99}])
def test_bad_sign_ups_are_answered_with_a_reason(town: Town, client: Client, change: dict[str, str]) -> None:
    sent = {"name": "李桂芳", "phone": "19900000021", "heads": "1"} | change
    assert client.post(page_of(town, town.open_activity()), sent).status_code == 422


@pytest.mark.parametrize("change", [{"starts_at": "yesterday"}, {"starts_at": "2020-01-01T09:00"}, {"capacity": "-5"},
                                    {"capacity": "many"}, {"ends_at": ""}, {"title": ""}, {"organiser": "x"}])
def test_bad_plans_are_answered_with_a_reason(town: Town, signed_in: SignIn, change: dict[str, str]) -> None:
    page = signed_in(town.zhao).post("/activities/desk/new/", form() | change)
    assert page.status_code == 422
    assert "小广场" in page.content.decode()


def test_the_ticket_gives_back_and_takes_what_is_offered(town: Town, client: Client) -> None:
    activity = town.open_activity(1)
    first, second = town.sign_up(activity), town.sign_up(activity, "孙桂芳")
    tickets = [f"/activities/ticket/{ticket_of(town.place.id, one.pk)}/" for one in (first, second)]
    assert "您排在第 1 位" in words(client.get(tickets[1]))
    assert "没有给您留的名额" in words(client.post(tickets[1], {"do": "accept"}))
    assert "已取消" in words(client.post(tickets[0], {"do": "leave"}, follow=True))
    assert "给您留了名额" in words(client.get(tickets[1]))
    assert "报名成功" in words(client.post(tickets[1], {"do": "accept"}, follow=True))
    assert client.get(tickets[0][:-3] + "xx/").status_code == 404
    assert client.post(tickets[1], {"do": "steal"}).status_code == 404


def test_from_the_plan_to_the_book_on_the_desk(town: Town, signed_in: SignIn) -> None:
    zhao, sun = signed_in(town.zhao), signed_in(town.sun)
    assert "请另一位同事审批" in words(zhao.post("/activities/desk/new/", form(), follow=True))
    with acting(town.sun):
        activity = Activity.objects.get()
    record = f"/activities/desk/{activity.pk}/"
    assert zhao.post(record, {"do": "approve"}).status_code == 403
    assert "可以发布了" in words(sun.post(record, {"do": "approve"}, follow=True))
    assert "居民可以报名了" in words(zhao.post(record, {"do": "publish"}, follow=True))
    poster = zhao.get(f"{record}poster/")
    assert f"/activities/{town.place.code}/{activity.pk}/" in words(poster)
    caller = {"do": "sign_up", "name": "李桂芳", "phone": "19900000021", "heads": "2"}
    assert "报名成功" in words(zhao.post(record, caller, follow=True))
    with acting(town.sun):
        signup = SignUp.objects.get()
    with at(activity.starts_at):
        zhao, sun = signed_in(town.zhao), signed_in(town.sun)
        ticket = ticket_of(town.place.id, signup.pk)
        assert "签到成功，2 人" in words(zhao.post(record, {"do": "check_in", "ticket": ticket}, follow=True))
        again = words(zhao.post(record, {"do": "check_in", "signup": str(signup.pk)}, follow=True))
        assert "已经签过到了" in again
        forged = words(zhao.post(record, {"do": "check_in", "ticket": "forged"}, follow=True))
        assert "不是有效的报名凭证" in forged
        assert zhao.post(record, {"do": "check_in", "walk_ins": "-4"}).status_code == 422
        assert "签到成功，5 人" in words(zhao.post(record, {"do": "check_in", "walk_ins": "5"}, follow=True))
        assert "到场 7 人次" in words(sun.get(record))
        with acting(town.sun):
            assert CheckIn.objects.count() == 4


def test_moving_resizing_and_cancelling_on_the_page(town: Town, signed_in: SignIn) -> None:
    activity = town.open_activity(2)
    town.sign_up(activity, heads=2)
    sun, record = signed_in(town.sun), f"/activities/desk/{activity.pk}/"
    moved = {"do": "move", "starts_at": _typed(3), "ends_at": _typed(3.1), "place": "大礼堂", "reason": "下雨"}
    assert sun.post(record, moved | {"starts_at": "2020-01-01T09:00"}).status_code == 422
    assert "已通知 1 份报名" in words(sun.post(record, moved, follow=True))
    assert "不能少于" in words(sun.post(record, {"do": "resize", "capacity": "1"}))
    assert "已通知 1 份报名" in words(sun.post(record, {"do": "cancel", "reason": "主讲人生病"}, follow=True))
    page = words(Client().get(page_of(town, activity)))
    assert "主讲人生病" in page
    assert "不能报名" in page


def test_what_is_not_there_is_said_so(town: Town, signed_in: SignIn, client: Client, outsider: Viewer) -> None:
    plan = town.plan()
    assert client.get(page_of(town, plan)).status_code == 404
    assert client.post(page_of(town, plan), {"name": "李桂芳", "phone": "19900000021"}).status_code == 404
    record = f"/activities/desk/{plan.pk}/"
    assert client.get(record).status_code == 302
    assert signed_in(outsider).get(record).status_code == 404
    assert signed_in(town.wang).get(record).status_code == 404
    assert signed_in(town.wang).get("/activities/desk/").status_code == 403
    assert signed_in(town.sun).post(record, {"do": "steal"}).status_code == 404


def test_wang_finds_what_she_signed_up_for(town: Town, signed_in: SignIn) -> None:
    activity = town.open_activity()
    wang = signed_in(town.wang)
    assert "您还没有报过名" in words(wang.get("/activities/mine/"))
    assert "报名成功" in words(wang.post(page_of(town, activity), {"name": "王秀兰", "heads": "1"}, follow=True))
    assert "春季养生讲座" in words(wang.get("/activities/mine/"))
    for tab in ("coming", "planned", "ended", "cancelled", "x"):
        assert signed_in(town.sun).get(f"/activities/desk/?tab={tab}").status_code == 200


def test_the_lecturer_and_the_hospital_are_written_down(town: Town, signed_in: SignIn) -> None:
    from fuhui.registry.people.actions import register_person
    from fuhui.registry.people.rules.entry import PersonEntry

    activity = town.open_activity()
    sun, record = signed_in(town.sun), f"/activities/desk/{activity.pk}/helpers/"
    with acting(town.sun):
        lecturer = register_person(by=town.sun, community_id=town.place.id, accept_duplicates=True,
                                   entry=PersonEntry(name="周航", phone="19900000023"))
    assert "名册里没有这个手机号" in words(sun.get(f"{record}?phone=19900000029"))
    assert "记为主讲" in words(sun.get(f"{record}?phone=19900000023"))
    sent = {"do": "helper", "role": "lecturer", "person": str(lecturer.pk)}
    assert "周航（主讲）" in words(sun.post(record, sent, follow=True))
    assert "已经在名单里" in words(sun.post(record, sent))
    unit = {"do": "helper", "role": "partner", "organisation": str(town.hospital), "helper_heads": "2"}
    assert "仁济医院（协办单位）" in words(sun.post(record, unit, follow=True))
    assert sun.post(record, {"do": "helper", "role": "partner"}).status_code == 422
    assert "3 人" in words(sun.get(f"/activities/desk/{activity.pk}/"))
    assert signed_in(town.wang).get(record).status_code == 404


def test_sun_enters_the_signed_list_and_reads_what_became_of_it(town: Town, signed_in: SignIn) -> None:
    with at(timezone.now() - timedelta(days=2)):
        activity = town.open_activity()
    sun, record = signed_in(town.sun), f"/activities/desk/{activity.pk}/"
    wrong = sun.post(record, {"do": "enter_list", "roll": "王秀兰\n19900000021", "client_uuid": str(new_id())})
    assert wrong.status_code == 422
    assert "第 2 行" in words(wrong)
    assert "王秀兰\n19900000021" in wrong.content.decode()  # nothing typed is lost
    sent = {"do": "enter_list", "roll": "王秀兰 2人\n路过的人", "unnamed": "5", "client_uuid": str(new_id())}
    said = words(sun.post(record, sent, follow=True))
    assert "记下 8 人次，其中名册里的居民 1 位" in said
    assert "路过的人" in said
    assert "已经记过了" in words(sun.post(record, sent, follow=True))
    assert "记下出力的 1 人" in words(sun.post(f"{record}helpers/", {"do": "helpers", "roll": "王秀兰"}, follow=True))
    assert "到场 8 人次" in words(sun.get(record))


def test_a_record_with_everything_asks_the_database_seldom(
    town: Town, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    series = new_id()
    with at(timezone.now() - timedelta(days=2)):
        activity, other = (town.open_activity(kind="exhibition") for _ in range(2))
        signups = [town.sign_up(activity, f"邻居{number}") for number in range(4)]
    with acting(town.sun):
        Activity.objects.filter(pk__in=[activity.pk, other.pk]).update(series=series)
        check_in(by=town.sun, activity_id=activity.pk, client_uuid=new_id(), signup_id=signups[0].pk)
    sun = signed_in(town.sun)
    ticket = f"/activities/ticket/{ticket_of(town.place.id, signups[0].pk)}/"
    record = f"/activities/desk/{activity.pk}/"
    for page in (record, f"{record}helpers/?phone=19900000021", f"{record}poster/", ticket,
                 f"/activities/{town.place.code}/{activity.pk}/", f"/activities/desk/{town.plan().pk}/"):
        sun.get(page)
        with django_assert_max_num_queries(10):
            assert sun.get(page).status_code == 200
