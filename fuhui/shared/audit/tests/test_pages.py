from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fuhui.shared import audit
from fuhui.shared.audit.queries import Wanted, entries_for
from fuhui.shared.jobs.tests.support import make_account, make_community
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    account = get_user_model().objects.get(pk=str(viewer.account_id))
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_chen_finds_who_read_a_record_and_zhao_does_not() -> None:
    place = make_community()
    chen, zhao = make_account(Role.SECRETARY, place), make_account(Role.GRID_WORKER, place, "zhao")
    with acting(zhao):
        audit.read("person", by=zhao, community_id=place, subject_id="42", data={"fields": ["手机号"]})
    page = browser(chen).get("/audit/?subject=person&subject_id=42").content.decode()
    assert "查看敏感信息" in page
    with acting(chen):
        entry = entries_for(chen, community_id=place, wanted=Wanted(subject="person")).rows[0]
    assert "手机号" in browser(chen).get(f"/audit/{entry.id}/").content.decode()
    assert browser(zhao).get("/audit/").status_code == 403
    assert browser(zhao).get(f"/audit/{entry.id}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [("/audit/?in=installation", 403), ("/audit/?in=01980000-0000-7000-8000-000000000007", 403), ("/audit/?in=x", 422),
     ("/audit/?after=x", 422)],
)
def test_chen_stays_inside_her_community(address: str, status: int) -> None:
    assert browser(make_account(Role.SECRETARY, make_community())).get(address).status_code == status


def test_the_operator_reads_the_installations_own_entries() -> None:
    operator = make_account(Role.OPERATOR, make_community(), "ops")
    with acting(operator):
        audit.record("keys.rotate", by=operator, community_id=None, subject="key", subject_id="k2")
    assert "更换加密密钥" in browser(operator).get("/audit/?in=installation").content.decode()
