"""Every kind of chat that people can paste or upload goes its whole way: box, preview, cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fuhui.channels.chat.models import ChatBatch, ChatDraft, ChatMessage
from fuhui.domains.cases.models import Case
from fuhui.shared.viewers import Viewer
from tests.personas import Place

DATA = Path(__file__).resolve().parents[4].parent / "shared" / "data"
FORMATS = sorted((DATA / "chat_formats").glob("*")) if DATA.exists() else []
pytestmark = pytest.mark.skipif(not FORMATS, reason="sample chats are not here (../shared/data/chat_formats)")


def upload(browser: Client, file: Path, place: str, **fields: str) -> Any:
    """Sends a file through the page's own form."""
    sent = SimpleUploadedFile(file.name, file.read_bytes())
    return browser.post("/chat/", {"file": sent, "place": place, **fields})


@pytest.mark.parametrize("file", FORMATS, ids=lambda file: file.name)
def test_sun_uploads_any_export_and_gets_a_case_about_the_lamp(
    file: Path, sun: Viewer, community: Place, signed_in: Any, inside: Viewer
) -> None:
    browser = signed_in(sun)
    place = f"{community.id}:{community.grids[3]}"
    answer = upload(browser, file, place)
    if answer.status_code == 422:
        page = answer.content.decode()
        assert 'name="day"' in page
        box = browser.post("/chat/", {"text": answer.context["form"].text, "place": place, "day": "2026-03-12",
                                      "file_name": answer.context["form"].file_name})
        answer = box
    assert answer.status_code == 302, answer.content.decode()[:2000]
    preview = browser.get(answer.url)
    assert preview.status_code == 200
    if file.name.startswith("a2_"):
        assert ChatMessage.objects.count() == 3 - 1
    else:
        assert "灯" in preview.content.decode()
    batch = ChatBatch.objects.get()
    made = browser.post(f"/chat/{batch.id}/make/", {"version": batch.version})
    assert made.status_code == 302
    assert browser.get(made.url).status_code == 200
    if not file.name.startswith("a2_"):
        case = Case.objects.get()
        assert case.source == "chat"
        assert "灯" in case.text


def test_the_practice_transcript_makes_its_cases_in_one_tap(
    sun: Viewer, community: Place, signed_in: Any, inside: Viewer
) -> None:
    browser = signed_in(sun)
    answer = upload(browser, DATA / "practice.jsonl", f"{community.id}:")
    assert answer.status_code == 302, answer.content.decode()[:2000]
    batch = ChatBatch.objects.get()
    assert batch.counts["kept"] + batch.counts["repeats"] == batch.counts["read"] == 200
    assert browser.get(answer.url).status_code == 200
    waiting = ChatDraft.objects.filter(batch=batch).count()
    assert waiting > 20
    made = browser.post(f"/chat/{batch.id}/make/", {"version": batch.version})
    assert made.status_code == 302, made.content.decode()[:2000]
    assert Case.objects.count() == waiting
    assert ChatMessage.objects.filter(draft__isnull=False, case=None).count() == 0
