"""Every chat that came in stands in one list with its state; what a program sends waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from fuhui.channels.chat import actions, queries
from fuhui.channels.chat.models import ChatBatch
from fuhui.channels.chat.rules import BatchState, Door
from fuhui.channels.chat.tests.test_preview import DANGER, LATER, TALK, paste
from fuhui.domains.cases.models import Case
from fuhui.registry.accounts.actions import issue_token
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place

Browser = Callable[[Viewer], Client]


def _send(key: str, place: Place, text: str = TALK, **more: Any) -> Any:
    body = json.dumps({"community": str(place.id), "text": text, **more})
    headers = {"Authorization": f"Bearer {key}"}
    return Client().post("/api/chats", body, content_type="application/json", headers=headers)


def _key(name: str, place: Place) -> str:
    with acting(system("tests", place.id)) as by:
        return issue_token(by=by, username=name, name="群消息对接", days=30)


def test_a_chat_that_a_program_sends_waits_for_zhao_and_becomes_no_case(
    sun: Viewer, zhao: Viewer, community: Place, signed_in: Browser
) -> None:
    answer = _send(_key("sun", community), community, group="福惠社区第3网格群")
    assert answer.status_code == 201, answer.content.decode()
    sent = answer.json()
    assert (sent["state"], sent["door"], sent["grid"]) == ("preview", "api", str(community.grids[3]))
    browser = signed_in(zhao)
    page = browser.get("/chat/all/").content.decode()
    assert "接口送来 · 第3网格" in page
    assert "等您确认" in page
    assert f"/chat/{sent['id']}/" in page
    assert browser.get(f"/chat/{sent['id']}/").status_code == 200
    with acting(system("tests", community.id)):
        assert not Case.objects.exists()
        told = Message.objects.filter(to_account=zhao.account_id, kind="chat")
        assert [one.link for one in told] == [f"/chat/{sent['id']}/"]


def test_a_grid_that_nobody_works_in_leaves_it_to_the_whole_desk(sun: Viewer, chen: Viewer, community: Place) -> None:
    sent = _send(_key("sun", community), community, group="楼长群").json()
    with acting(system("tests", community.id)):
        told = set(Message.objects.filter(kind="chat").values_list("to_account", flat=True))
    assert sent["grid"] is None
    assert told == {chen.account_id}  # Sun's own program sent it


def test_the_same_chat_again_or_a_broken_one_is_answered_in_words(sun: Viewer, community: Place) -> None:
    key = _key("sun", community)
    first = _send(key, community, group="福惠社区第3网格群").json()
    again = _send(key, community, group="福惠社区第3网格群")
    assert (again.status_code, again.json()["code"]) == (422, "nothing_new")
    assert again.json()["details"]["batch"] == first["id"]
    for text, code in (("", "empty"), ("没有人说话", "unknown_format"), ("王阿姨：灯坏了", "needs_date")):
        answer = _send(key, community, text=text)
        assert answer.status_code == 422, text
        assert answer.json()["code"] in {code, "unknown_format", "needs_date"}
    assert _send("fh_wrong", community).status_code == 401


def test_another_communitys_program_and_another_grids_worker_get_nothing(
    outsider: Viewer, qian: Viewer, zhao: Viewer, community: Place, signed_in: Browser
) -> None:
    assert _send(_key("outsider", community), community).status_code in {403, 404}
    batch = paste(zhao, community)
    assert str(batch.id) not in signed_in(qian).get("/chat/all/").content.decode()
    assert str(batch.id) not in signed_in(outsider).get("/chat/all/").content.decode()


def test_sun_narrows_the_list_by_state_and_grid(
    sun: Viewer, zhao: Viewer, community: Place, signed_in: Browser
) -> None:
    waiting, thrown = paste(zhao, community), paste(sun, community, DANGER, grid=5)
    with acting(sun):
        actions.drop_batch(by=sun, batch_id=thrown.id)
    browser = signed_in(sun)
    for query, here, away in (("state=preview", waiting, thrown), ("state=dropped", thrown, waiting),
                              (f"grid={community.grids[3]}", waiting, thrown)):
        page = browser.get(f"/chat/all/?{query}").content.decode()
        assert f"/chat/{here.id}/" in page
        assert f"/chat/{away.id}/" not in page
    assert "没有符合的记录" in browser.get("/chat/all/?state=done").content.decode()
    assert browser.get("/chat/all/?grid=nonsense&after=nonsense&state=nonsense").status_code == 200


def test_the_list_goes_on_where_the_page_ended(sun: Viewer, community: Place, inside: Viewer) -> None:
    rows = [ChatBatch.objects.create(
        community_id=community.id, state=BatchState.DROPPED, received_at=at, kept_until=at, options={"door": Door.FILE},
    ) for at in [paste(sun, community, LATER).received_at] for _ in range(5)]
    seen, after = [], None
    while True:
        page, after = queries.batches_page(sun, state="dropped", after=after, limit=2)
        seen += [one.id for one in page]
        if after is None:
            break
    assert seen == [row.id for row in reversed(rows)]
