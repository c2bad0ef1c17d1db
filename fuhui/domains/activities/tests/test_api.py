"""The second door: the same list, sign-up and check-in for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fuhui.domains.activities.models import CheckIn, SignUp
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]


def _post(client: Client, address: str, **data: Any) -> Any:
    return client.post(address, data, content_type="application/json")


def test_wang_finds_an_activity_signs_up_and_leaves(town: Town, signed_in: SignIn) -> None:
    activity = town.open_activity(capacity=1)
    hidden = town.plan(title="还没有审批的")
    wang = signed_in(town.wang)
    found = wang.get("/api/activities", {"community": str(town.place.id)}).json()["activities"]
    assert [one["title"] for one in found] == ["春季养生讲座"]
    assert wang.get(f"/api/activities/{activity.pk}").json()["capacity"] == 1
    assert wang.get(f"/api/activities/{hidden.pk}").status_code == 404
    address, key = f"/api/activities/{activity.pk}/sign-ups", str(new_id())
    first = _post(wang, address, name="王秀兰", key=key).json()
    assert first["state"] == "confirmed"
    assert _post(wang, address, name="王秀兰", key=key).json() == first
    assert _post(wang, address, name="", key=str(new_id())).status_code == 422
    again = _post(wang, address, name="王秀兰", key=str(new_id()))
    assert (again.status_code, again.json()["code"]) == (409, "again")
    assert _post(wang, f"{address}/{first['id']}/leave").json()["state"] == "cancelled"


def test_suns_scanner_sends_scans_late_and_a_paper_list(town: Town, signed_in: SignIn) -> None:
    with at(timezone.now() - timedelta(days=2)):
        activity = town.open_activity()
        signup = town.sign_up(activity, "李桂芳")
    sun, address = signed_in(town.sun), f"/api/activities/{activity.pk}"
    scan = {"client_uuid": str(new_id()), "signup": str(signup.pk), "at": activity.starts_at.isoformat()}
    assert _post(sun, f"{address}/check-ins", **scan).json()["outcome"] == "ok"
    forged = _post(sun, f"{address}/check-ins", client_uuid=str(new_id()), ticket="假的").json()
    assert (forged["outcome"], "凭证" in forged["message"]) == ("forged", True)
    entered = _post(sun, f"{address}/attendance-list", key=str(new_id()), roll="王秀兰\n路人", unnamed=3).json()
    assert entered == {"heads": 5, "residents": 1, "unknown": ["路人"], "again": []}
    with acting(town.sun):
        assert sum(CheckIn.objects.filter(outcome="ok").values_list("heads", flat=True)) == 6
    tabs = sun.get("/api/activities", {"community": str(town.place.id), "tab": "coming"}).json()["activities"]
    assert [one["state"] for one in tabs] == ["published"]
    assert sun.get("/api/activities", {"community": str(town.place.id), "tab": "x"}).status_code == 422


def test_a_resident_neither_checks_in_nor_enters_lists(town: Town, signed_in: SignIn) -> None:
    activity = town.open_activity()
    wang, address = signed_in(town.wang), f"/api/activities/{activity.pk}"
    assert _post(wang, f"{address}/check-ins", client_uuid=str(new_id()), walk_ins=3).status_code == 403
    assert _post(wang, f"{address}/attendance-list", key=str(new_id()), roll="王秀兰").status_code == 403
    with acting(town.sun):
        assert not CheckIn.objects.exists()
        assert not SignUp.objects.exists()
