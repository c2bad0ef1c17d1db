"""The poster as a PDF: one page that says what, when and where."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from fuhui.domains.activities.tests.conftest import Town
from fuhui.domains.activities.web.shapes import span
from fuhui.shared.viewers import Viewer

TITLE = "重阳#敬老*趣味*运动会" + "长" * 26


def read(pdf: bytes) -> list[str]:
    """The text of each page, without spaces and line breaks."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.django_db
def test_the_poster_is_one_page_with_title_time_and_place(
    town: Town, signed_in: Callable[[Viewer], Client], client: Client
) -> None:
    activity = town.open_activity(title=TITLE, place="小" * 60, text="一" * 1000)
    address = f"/activities/desk/{activity.pk}/poster.pdf"
    assert client.get(address).status_code == 302
    answer = signed_in(town.sun).get(address)
    pages = read(answer.content)
    assert (answer["Content-Type"], len(pages)) == ("application/pdf", 1)
    for words in (TITLE, "小" * 60, "".join(span(activity).split()), "福惠社区", "扫一扫"):
        assert words in pages[0]
    assert signed_in(town.wang).get(address).status_code == 404
    assert "poster.pdf" in signed_in(town.sun).get(f"/activities/desk/{activity.pk}/poster/").content.decode()
