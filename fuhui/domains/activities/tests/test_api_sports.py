"""A club's own program runs the sports meeting: events, entries, the draw, results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tests.test_sports import BORN, contest, meeting
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
FOUR: list[dict[str, Any]] = [{"name": name, "born": BORN} for name in ("甲一", "乙二", "丙三", "丁四")]


def _post(client: Client, address: str, **data: Any) -> Any:
    return client.post(address, data, content_type="application/json")


def test_suns_program_runs_an_event_from_its_plan_to_its_places(town: Town, signed_in: SignIn) -> None:
    activity = meeting(town)
    sun, address = signed_in(town.sun), f"/api/activities/{activity.pk}"
    facts = {"title": "4×50米接力", "measure": "time", "team_size": 4, "lanes": 2, "groups": "老人组 60以上"}
    made = _post(sun, f"{address}/contests", **facts).json()
    assert {name: made[name] for name in facts} == facts
    event = f"{address}/contests/{made['id']}"
    assert _post(sun, event, **(facts | {"lanes": 3})).json()["lanes"] == 3
    wrong = _post(sun, event, **(facts | {"lanes": 0}))
    assert (wrong.status_code, wrong.json()["details"]) == (422, {"field": "lanes"})
    assert _post(sun, f"{address}/contest-limit", most=1).json() == {"contests_each": 1}
    first = _post(sun, f"{event}/entries", team="一队", people=FOUR).json()
    again = _post(sun, f"{event}/entries", team="二队", people=FOUR)
    assert (again.status_code, again.json()["code"]) == (409, "again")
    others = [one | {"name": one["name"] + "二"} for one in FOUR]
    second = _post(sun, f"{event}/entries", team="二队", people=others).json()
    for wrong_people in ([], FOUR[:2]):
        assert _post(sun, f"{event}/entries", team="三队", people=wrong_people).status_code == 422
    assert _post(sun, f"{event}/draw").json() == {"starting": 2}
    assert _post(sun, f"{event}/remove").json()["code"] == "entered"
    with at(activity.starts_at):
        sun = signed_in(town.sun)
        sent = {first["id"]: "1:02.5", second["id"]: "很快"}
        assert _post(sun, f"{event}/results", results=sent).status_code == 422
        assert _post(sun, f"{event}/results", results=sent | {second["id"]: "弃权"}).json() == {"changed": 2}
        [found] = signed_in(town.sun).get(f"{address}/contests").json()["contests"]
    one, two = sorted(found["entries"], key=lambda row: row["team"])
    assert (one["result"], one["place"], one["group"], one["people"][0]) == (6250, 1, "老人组", "甲一")
    assert (two["absent"], two["place"], two["heat"]) == (True, 0, 1)


def test_wang_enters_with_her_own_sign_up_and_sees_no_other_full_names(town: Town, signed_in: SignIn) -> None:
    activity = meeting(town)
    event, wang = contest(town, activity), signed_in(town.wang)
    address = f"/api/activities/{activity.pk}"
    entries, me = f"{address}/contests/{event.pk}/entries", {"name": "王秀兰", "born": BORN}
    assert _post(wang, entries, people=[me]).status_code == 404
    signup = str(town.sign_up(activity, "王秀兰", by=town.wang).pk)
    mine = _post(wang, entries, people=[me], sign_up=signup).json()
    _post(signed_in(town.sun), entries, people=[{"name": "李桂芳", "born": BORN}])
    [found] = wang.get(f"{address}/contests").json()["contests"]
    assert sorted(one["people"][0] for one in found["entries"]) == ["李*芳", "王*兰"]
    left = f"{address}/entries/{mine['id']}/withdraw"
    assert _post(wang, left).status_code == 404
    assert _post(wang, left, sign_up=signup).json()["withdrawn_at"]
    for refused in (f"{address}/contests", f"{address}/contests/{event.pk}"):
        assert _post(wang, refused, title="钓鱼", measure="points").status_code == 403
    for refused in ("draw", "remove"):
        assert _post(wang, f"{address}/contests/{event.pk}/{refused}").status_code == 403
    assert _post(wang, f"{address}/contests/{event.pk}/results", results={}).status_code == 403
    assert _post(signed_in(town.sun), f"{address}/contests/{new_id()}/draw").status_code == 404
