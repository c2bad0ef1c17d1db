"""Bad input gets a sentence that says what to change; what was pasted stays in the box; nothing answers 500."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fuhui.channels.chat.cli import import_file
from fuhui.channels.chat.models import ChatBatch
from fuhui.channels.chat.tests.test_preview import TALK, draft_about, paste
from fuhui.domains.cases.models import Case
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.viewers import Viewer
from fuhui.triage import DEFAULT_LIMIT
from tests.personas import Place

Send = Callable[..., Any]

NOBODY = "01980000-0000-7000-8000-000000000007"  # of nothing and nobody; the same in every test process


@pytest.fixture
def browser(zhao: Viewer, signed_in: Any) -> Client:
    """Zhao's browser."""
    opened: Client = signed_in(zhao)
    return opened


@pytest.fixture
def send(browser: Client, community: Place, inside: Viewer) -> Send:
    """Sends the paste box."""

    def sent(text: str = "", file: bytes | None = None, name: str = "chat.txt", **fields: str) -> Any:
        body: dict[str, Any] = {"text": text, "place": f"{community.id}:{community.grids[3]}", **fields}
        if file is not None:
            body["file"] = SimpleUploadedFile(name, file)
        return browser.post("/chat/", body)

    return sent


@pytest.mark.parametrize(("text", "says"), [
    ("", "没有内容"), ("   \n  ", "没有内容"), ("<html><body>hi</body></html>", "网页"),
])
def test_what_is_no_chat_is_explained(send: Send, text: str, says: str) -> None:
    answer = send(text)
    assert answer.status_code == 422
    assert says in answer.content.decode()


@pytest.mark.parametrize(("data", "says"), [
    (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "图片"), (b"PK\x03\x04" + b"\x00" * 50, "压缩包"),
    (bytes(range(128, 256)) * 40, "编码"), (b"{\"a\": [1, 2", ""), (b"[]", ""), (b"\x00" * 100, "没有内容"),
])
def test_files_of_other_kinds_are_explained(send: Send, data: bytes, says: str) -> None:
    answer = send(file=data)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(send: Send) -> None:
    answer = send(file=b"a" * (DEFAULT_LIMIT + 1))
    assert answer.status_code == 422
    assert "一次最多 20 MB" in answer.content.decode()


def test_a_paste_of_thirty_megabytes_gets_a_clear_page(browser: Client, community: Place) -> None:
    body = {"text": "灯" * 10_000_000, "place": f"{community.id}:"}
    answer = browser.post("/chat/", body)
    assert answer.status_code in {400, 413}


def test_an_old_encoding_is_read(send: Send) -> None:
    assert send(file=TALK.encode("gb18030")).status_code == 302
    assert ChatBatch.objects.get().counts["read"] == 5


def test_of_a_half_broken_file_the_rest_is_read_and_the_broken_lines_are_listed(send: Send, browser: Client) -> None:
    rows = []
    for number in range(10):
        said = {"group": "福惠社区第3网格群", "sender": "王阿姨", "time": f"2026-03-12 08:{number:02d}:00",
                "text": f"3号楼{number}单元的灯不亮了"}
        rows += [json.dumps(said, ensure_ascii=False), f"乱码{number}" + '{"sender":']
    answer = send(file="\n".join(rows).encode(), name="chat.jsonl")
    assert answer.status_code == 302
    page = browser.get(answer.url)
    batch = ChatBatch.objects.get()
    assert batch.counts["read"] == 10
    assert batch.counts["unparsed"] == 10
    assert "10 行没读出来" in page.content.decode()
    assert "乱码3" in page.content.decode()


def test_a_chat_without_dates_asks_for_the_day_and_keeps_everything(send: Send) -> None:
    text = "王阿姨3-2-501 08:54\n3号楼2单元二楼的灯又不亮了\n\n网格员小李 08:58\n收到\n"
    asked = send(text, group="三网格的群")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'name="day"' in page
    assert "二楼的灯又不亮了" in page
    assert "三网格的群" in page
    assert send(text, day="12/03/2026").status_code == 422
    assert send(text, day="2026-03-12").status_code == 302


def test_characters_that_no_database_holds_are_left_out(send: Send, browser: Client) -> None:
    answer = send(file=b'{"id":"1","group":"g\\u0000","sender":"a\\u0000","time":"2026-03-12 08:54:00",'
                       b'"text":"3\\u53f7\\u697c\\u706f\\u574f\\u4e86\\u0000"}\n', name="x.jsonl")
    assert answer.status_code == 302
    assert browser.get(answer.url).status_code == 200


def test_impossible_times_do_not_break_anything(send: Send, browser: Client) -> None:
    text = "王阿姨 2099-12-31 23:59\n3号楼的灯坏了\n\n李姐 1000-01-01 00:00\n7号楼的路灯也坏了\n"
    answer = send(text)
    assert answer.status_code == 302
    batch = ChatBatch.objects.get()
    assert browser.post(f"/chat/{batch.id}/make/").status_code == 302


def test_another_grids_group_is_refused_with_the_text_kept(send: Send, community: Place) -> None:
    answer = send(TALK, place=f"{community.id}:{community.grids[5]}")
    assert answer.status_code == 403
    assert "二楼的灯又不亮了" in answer.content.decode()


@pytest.mark.parametrize("place", ["", "x", f"{NOBODY}:", f"{NOBODY}:{NOBODY}", "::::"])
def test_a_place_that_does_not_exist_is_refused(send: Send, place: str) -> None:
    assert send(TALK, place=place).status_code in {302, 403, 422}


@pytest.mark.parametrize("body", [
    {}, {"do": "edit"}, {"do": "edit", "title": "字" * 400}, {"do": "edit", "title": "好", "category": "nonsense"},
    {"do": "edit", "title": "好", "grid": "x"}, {"do": "edit", "title": "好", "grid": str(uuid4())},
    {"do": "join"}, {"do": "restore"}, {"do": "drop", "version": "99"}, {"do": "edit", "title": "好\x00坏"},
])
def test_odd_changes_are_answered_in_words(
    browser: Client, zhao: Viewer, community: Place, inside: Viewer, body: dict[str, str]
) -> None:
    batch = paste(zhao, community)
    answer = browser.post(f"/chat/{batch.id}/drafts/{draft_about(batch, '灯').id}/", body)
    assert answer.status_code in {302, 403, 404, 409, 422}
    assert browser.get(f"/chat/{batch.id}/").status_code == 200


@pytest.mark.parametrize("body", [
    {}, {"messages": "x", "target": "new"}, {"messages": str(uuid4()), "target": "new"}, {"target": "new"},
    {"messages": str(uuid4()), "target": "nowhere"},
])
def test_odd_regroupings_are_answered_in_words(
    browser: Client, zhao: Viewer, community: Place, inside: Viewer, body: dict[str, str]
) -> None:
    batch = paste(zhao, community)
    assert browser.post(f"/chat/{batch.id}/regroup/", body).status_code in {302, 404}


@pytest.mark.parametrize("into", ["", "x", NOBODY, "itself"])
def test_odd_merges_are_answered_in_words(
    browser: Client, zhao: Viewer, community: Place, inside: Viewer, into: str
) -> None:
    batch = paste(zhao, community)
    lamp = str(draft_about(batch, "灯").id)
    answer = browser.post(f"/chat/{batch.id}/merge/", {"draft": lamp, "into": lamp if into == "itself" else into})
    assert answer.status_code in {302, 404}


def test_unknown_pastes_and_visitors_get_their_answer(browser: Client, community: Place, client: Client) -> None:
    assert browser.get(f"/chat/{uuid4()}/").status_code == 404
    assert browser.post(f"/chat/{uuid4()}/make/").status_code == 404
    assert browser.get(f"/chat/{uuid4()}/make/").status_code == 405
    assert client.get("/chat/").status_code == 302


def test_a_resident_has_no_paste_box(wang: Viewer, signed_in: Any) -> None:
    assert signed_in(wang).get("/chat/").status_code == 403


def test_the_command_reads_a_file_and_names_what_it_could_not(
    tmp_path: Path, zhao: Viewer, community: Place, inside: Viewer
) -> None:
    file = tmp_path / "群聊.txt"
    file.write_text(TALK, encoding="utf-8")
    told = "\n".join(import_file(file=file, username="zhao", make_cases=True))
    assert "读出 5 条发言" in told
    assert "已生成 2 件诉求" in told
    assert Case.objects.count() == 2
    with pytest.raises(BadInput, match="没有"):
        list(import_file(file=file, username="nobody"))
    with pytest.raises(NotFound, match="没有"):
        list(import_file(file=file, username="zhao", community_code="1"))
