from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fuhui.shared.identifiers import new_id
from fuhui.shared.jobs.tests.support import make_account, make_community
from fuhui.shared.messages import request_code, send
from fuhui.shared.messages.models import PhoneCode
from fuhui.shared.messages.queries import unread_count
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    account = get_user_model().objects.get(pk=str(viewer.account_id))
    client.force_login(account, backend="fuhui.registry.accounts.sessions.AccountBackend")
    return client


def told(viewer: Viewer, title: str, **more: Any) -> UUID:
    with acting(viewer):
        made = send(community_id=viewer.communities[0], to_account=viewer.account_id, kind="case", title=title,
                    body="请上门核实 <b>", **more)
    assert made
    return made


def test_chen_reads_her_messages_one_by_one_and_all_at_once() -> None:
    chen = make_account(Role.SECRETARY, make_community())
    first = told(chen, "快到期", link="/cases/1/")
    told(chen, "已超期")
    client = browser(chen)
    page = client.get("/messages/").content.decode()
    assert page.index("已超期") < page.index("快到期")
    opened = client.get(f"/messages/{first}/").content.decode()
    assert 'href="/cases/1/"' in opened
    assert "请上门核实 &lt;b&gt;" in opened
    with acting(chen):
        assert unread_count(chen) == 1
    assert client.post("/messages/read", follow=True).status_code == 200
    with acting(chen):
        assert unread_count(chen) == 0
    assert client.get(f"/messages/{new_id()}/").status_code == 404
    assert client.get("/messages/?after=x").status_code == 422


def test_a_visitor_is_asked_to_sign_in_and_chen_does_not_see_the_outbox() -> None:
    assert "login" in Client().get("/messages/")["Location"]
    assert browser(make_account(Role.SECRETARY, make_community())).get("/messages/outbox/").status_code == 403


def test_the_operator_sees_what_went_out_and_the_codes_of_a_demo(settings: Any) -> None:
    settings.DEMO = True
    operator = make_account(Role.OPERATOR, make_community(), "ops")
    with acting(operator):
        send(community_id=operator.communities[0], to_phone="19900001234", kind="case", title="已受理", body="您好")
        request_code("19900001234", "report", "test")
    code = PhoneCode.objects.get().sealed_code
    page = browser(operator).get("/messages/outbox/").content.decode()
    assert "199****1234" in page
    assert "19900001234" not in page
    assert "待发送" in page
    assert code in page
