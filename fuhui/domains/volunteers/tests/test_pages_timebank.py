"""The time bank's pages as people meet them."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from fuhui.domains.volunteers.models import BankAccount
from fuhui.domains.volunteers.tests.conftest import People, account_of, registered
from fuhui.domains.volunteers.tests.test_timebank import balance, served
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer

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
    assert "捐入捐赠池" in hers.get(page).content.decode()
