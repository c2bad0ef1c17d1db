"""Documents on a case: added by staff and residents, saved and never opened inside our pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fuhui.domains.cases.actions.receipt import Receipt
from fuhui.domains.cases.models import CasePhoto
from fuhui.shared.files.tests.test_documents import DOCX, PDF, package
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place

pytestmark = pytest.mark.django_db
Browser = Callable[[Viewer], Client]
Enter = Callable[..., Receipt]


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def rows(community: Place) -> list[CasePhoto]:
    with acting(system("tests", community.id)):
        return list(CasePhoto.objects.order_by("id"))


def test_sun_adds_a_pdf_and_colleagues_save_it_under_its_name(
    community: Place, enter: Enter, sun: Viewer, outsider: Viewer, signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(sun)
    sent = {"photo": upload(PDF, "鉴定报告.html"), "moment": "evidence"}
    assert browser.post(f"/cases/{case.id}/step/add_photo/", sent).status_code == 302
    assert "鉴定报告.pdf" in browser.get(f"/cases/{case.id}/").content.decode()
    address = f"/files/{rows(community)[0].file_id}/"
    answer = browser.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert signed_in(outsider).get(address).status_code == 404
    assert Client().get(address).status_code == 404


def test_a_resident_adds_a_word_file_and_sees_her_own_but_not_the_colleagues(
    community: Place, enter: Enter, sun: Viewer, signed_in: Browser
) -> None:
    receipt, browser = enter(), Client()
    page = f"/t/{receipt.token}/"
    assert browser.post(page, {"do": "photo", "photo": upload(DOCX, "申请书.docx")}).status_code == 302
    sent = {"photo": upload(PDF, "内部.pdf"), "moment": "after"}
    assert signed_in(sun).post(f"/cases/{receipt.case.id}/step/add_photo/", sent).status_code == 302
    seen = browser.get(page).content.decode()
    assert ("申请书.docx" in seen, "内部.pdf" in seen) == (True, False)
    own = browser.get(f"{page}photo/{rows(community)[0].file_id}/full/")
    assert own["Content-Disposition"].startswith("attachment")


def test_a_file_with_macros_is_refused_with_the_reason_and_nothing_is_kept(
    community: Place, enter: Enter, sun: Viewer, signed_in: Browser
) -> None:
    receipt = enter()
    macro = package("application/vnd.ms-word.document.macroEnabled.main+xml", "word/vbaProject.bin")
    for browser, address, more in (
        (Client(), f"/t/{receipt.token}/", {"do": "photo"}),
        (signed_in(sun), f"/cases/{receipt.case.id}/step/add_photo/", {"moment": "after"}),
    ):
        answer = browser.post(address, more | {"photo": upload(macro, "表.docx")})
        assert (answer.status_code, "不带宏" in answer.content.decode()) == (422, True)
    assert rows(community) == []
