"""The time bank's pages as people meet them."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.actions import timebank_people as acting_for
from fuhui.domains.volunteers.models import BankAccount, BankEntry
from fuhui.domains.volunteers.tests.conftest import People, account_of, registered
from fuhui.domains.volunteers.tests.test_timebank import balance, opened, served
from fuhui.registry.people.models import Person
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db


def test_chen_opens_the_bank_lin_asks_and_zhou_helps(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any
) -> None:
    registered(people, people.lin)
    registered(people, people.zhou)
    zhou = account_of(people, people.zhou, "zhou", "周航")
    desk, hers, his = signed_in(chen), signed_in(lin), signed_in(zhou)
    assert "还没有开办" in hers.get("/volunteers/bank/").content.decode()
    assert "由社区书记设定" in hers.post("/volunteers/bank/rules/", {
        "is_open": "on", "cap": "10", "floor": "0", "rate": "100"}).content.decode()
    wrong = desk.post("/volunteers/bank/rules/", {"is_open": "on", "cap": "很多", "floor": "0", "rate": "100"})
    assert (wrong.status_code, "上限要填数字" in wrong.content.decode()) == (422, True)
    saved = desk.post("/volunteers/bank/rules/", {"is_open": "on", "cap": "10", "floor": "0", "rate": "100"},
                      follow=True).content.decode()
    assert "规则已保存" in saved
    served(people, people.lin, 90, "a")
    with acting(chen):
        page = f"/volunteers/bank/{BankAccount.objects.get(person=people.lin).pk}/"
    assert "1 小时 30 分钟" in hers.get(page).content.decode()
    assert his.get(page).status_code == 404
    typed = {"do": "ask", "words": "给20元陪诊", "minutes": "60", "kind": "other",
             "wanted_on": timezone.localdate().isoformat()}
    back = hers.post(f"{page}move/", typed)
    assert (back.status_code, "不能买卖" in back.content.decode(), "给20元陪诊" in back.content.decode()) == (
        422, True, True)
    assert "求助已发出" in hers.post(f"{page}move/", typed | {"words": "陪诊"}, follow=True).content.decode()
    shown = his.get("/volunteers/bank/")
    assert "我来帮" in shown.content.decode()
    step = f"/volunteers/bank/requests/{shown.context['requests'][0]['id']}/"
    his.post(step, {"do": "accept"})
    assert "不能自己确认" in his.post(step, {"do": "confirm", "minutes": "60"}).content.decode()
    hers.post(step, {"do": "confirm", "minutes": "60"})
    assert (balance(people, person=people.lin), balance(people, person=people.zhou)) == (30, 60)
    hers.post(f"{page}move/", {"do": "donate", "words": "捐", "minutes": "30", "key": "1"})
    assert balance(people, holder="pool") == 30
    shown = hers.get(page).content.decode()
    assert ("捐入捐赠池" in shown, "周航" in shown) == (True, True)


def known_by_phone(people: People, tails: dict[str, str]) -> None:
    """What the register knows of their phones."""
    with acting(system("tests", people.community.id)):
        for name, tail in tails.items():
            Person.objects.filter(name=name).update(phone_tail=tail)


def test_lin_gives_an_hour_to_he_whom_she_names_by_his_phone(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any
) -> None:
    registered(people, people.lin)
    opened(people, chen)
    served(people, people.lin, 90, "a")
    known_by_phone(people, {"何叔": "0007", "林晓": "0001"})
    hers, desk = signed_in(lin), signed_in(chen)
    with acting(chen):
        address = f"/volunteers/bank/{BankAccount.objects.get(person=people.lin).pk}/move/"
    form = hers.get(f"{address}?do=gift").content.decode()
    key = form.partition('name="key" value="')[2].partition('"')[0]
    sent = {"do": "gift", "key": key, "name": "何叔", "tail": "0007", "minutes": "60", "words": "谢谢您"}
    closed = hers.post(address, sent)
    assert (closed.status_code, "还没有时间账户" in closed.content.decode()) == (422, True)
    opened_one = desk.post("/volunteers/bank/open/", {"person_id": str(people.he)}, follow=True)
    assert "何叔的时间账户" in opened_one.content.decode()
    wrong = hers.post(address, sent | {"tail": "0008"})
    assert ("没有找到这位居民" in wrong.content.decode(), "谢谢您" in wrong.content.decode()) == (True, True)
    assert key in wrong.content.decode()
    for _ in range(2):  # pressed twice
        assert "已送出" in hers.post(address, sent, follow=True).content.decode()
    assert (balance(people, person=people.lin), balance(people, person=people.he)) == (30, 60)
    assert hers.get(f"{address}?do=draw").status_code == 403
    assert hers.get(f"{address}?do=steal").status_code == 404


def test_the_desk_opens_an_account_for_a_household_and_names_who_acts_for_it(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any
) -> None:
    opened(people, chen)
    desk, hers = signed_in(chen), signed_in(lin)
    found = desk.get("/volunteers/bank/new/?q=林晓").content.decode()
    home = found.partition('name="household_id" value="')[2].partition('"')[0]
    assert hers.get("/volunteers/bank/new/?q=林晓").status_code == 403
    page = desk.post("/volunteers/bank/open/", {"household_id": home}, follow=True)
    assert "请指定一位家里人" in page.content.decode()
    address = f"{page.request['PATH_INFO']}representatives/"
    assert hers.get(address).status_code == 404
    choice = desk.get(f"{address}?q=林晓").content.decode()
    assert str(people.lin) in choice
    nobody = desk.post(address, {"q": "林晓", "relation": "本户"})
    assert (nobody.status_code, "请先搜索" in nobody.content.decode()) == (422, True)
    named = desk.post(address, {"q": "林晓", "person_id": str(people.lin), "relation": "本户"}, follow=True)
    assert "代办人已记好" in named.content.decode()
    assert "您是代办人" in hers.get("/volunteers/bank/").content.decode()
    row = page.request["PATH_INFO"]
    ended = hers.get(row).content.decode().partition("/volunteers/bank/representatives/")[2].partition("/")[0]
    assert "已停止代办" in hers.post(f"/volunteers/bank/representatives/{ended}/end/", follow=True).content.decode()
    assert hers.get(row).status_code == 404


def test_lin_names_her_neighbour_without_seeing_the_register(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any
) -> None:
    opened(people, chen)
    known_by_phone(people, {"周航": "0002"})
    hers = signed_in(lin)
    page = hers.post("/volunteers/bank/open/", follow=True).request["PATH_INFO"]
    typed = {"name": "周航", "tail": "9999", "relation": "邻居"}
    back = hers.post(f"{page}representatives/", typed)
    assert (back.status_code, "没有找到这位居民" in back.content.decode(), "邻居" in back.content.decode()) == (
        422, True, True)
    assert "周航" in hers.post(f"{page}representatives/", typed | {"tail": "0002"}, follow=True).content.decode()


def test_the_secretary_takes_a_movement_back_with_a_reason(
    people: People, lin: Viewer, chen: Viewer, sun: Viewer, signed_in: Any
) -> None:
    registered(people, people.lin)
    opened(people, chen)
    served(people, people.lin, 90, "a")
    with acting(chen):
        address = f"/volunteers/bank/entries/{BankEntry.objects.get(kind='earn').pk}/"
    assert 'name="why"' not in signed_in(sun).get(address).content.decode()
    assert signed_in(lin).post(address, {"why": "不要了"}).status_code == 403
    desk = signed_in(chen)
    empty = desk.post(address, {"why": ""})
    assert (empty.status_code, "请写明为什么" in empty.content.decode()) == (422, True)
    done = desk.post(address, {"why": "记错了人"}, follow=True).content.decode()
    assert ("已冲正" in done, "记错了人" in done, 'name="why"' in done) == (True, True, False)
    assert "冲正过，不会再记" in desk.post(address, {"why": "再冲一次"}).content.decode()
    assert balance(people, person=people.lin) == 0
    assert "记错了人" in signed_in(lin).get(address).content.decode()


def test_the_secretary_stores_the_services_of_before(people: People, chen: Viewer, signed_in: Any) -> None:
    registered(people, people.lin)
    served(people, people.lin, 90, "a")
    opened(people, chen)
    desk = signed_in(chen)
    assert "还有 1 次服务" in desk.get("/volunteers/bank/rules/").content.decode()
    wrong = desk.post("/volunteers/bank/older/", {"since": "3月2日"})
    assert (wrong.status_code, "要写成 2026-03-02" in wrong.content.decode()) == (422, True)
    done = desk.post("/volunteers/bank/older/", {"since": ""}, follow=True).content.decode()
    assert ("都存好了" in done, "以前的服务" in done) == (True, False)
    assert balance(people, person=people.lin) == 90


def test_every_page_of_the_bank_needs_at_most_ten_statements(
    people: People, lin: Viewer, chen: Viewer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    registered(people, people.lin)
    opened(people, chen)
    for number in range(12):
        served(people, people.lin, 30, str(number))
    with acting(chen):
        hers = BankAccount.objects.get(person=people.lin)
        entry = BankEntry.objects.filter(kind="earn").first()
        acting_for.name_representative(by=chen, account_id=hers.pk, person_id=people.zhou, relation="邻居")
    assert entry
    page = f"/volunteers/bank/{hers.pk}/"
    for viewer, addresses in (
        (lin, ["/volunteers/bank/", page, f"{page}move/?do=gift", f"{page}move/?do=ask"]),
        (chen, ["/volunteers/bank/", "/volunteers/bank/rules/", page, f"{page}representatives/?q=林",
                "/volunteers/bank/new/?q=林",
                f"/volunteers/bank/entries/{entry.pk}/", f"{page}move/?do=draw"]),
    ):
        browser = signed_in(viewer)
        for address in addresses:
            browser.get(address)
            with django_assert_max_num_queries(10):
                assert browser.get(address).status_code == 200
