"""Residents' pages: report, receipt, tracking, finding by phone, and what everybody may read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from fuhui.domains.cases.actions.closing import pass_check
from fuhui.domains.cases.actions.handling import Worker, ask_resident, assign_case, reply_to_resident, solve_case
from fuhui.domains.cases.actions.publishing import PublicWords, publish_case
from fuhui.domains.cases.models import Case, CasePhoto, CaseReporter, CaseStep
from fuhui.domains.cases.rules.states import State, Step
from fuhui.shared.messages.models import PhoneCode
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place

from .pages import words

Browser = Callable[[Viewer], Client]
PHONE = "19900000003"


def picture(colour: str = "red") -> SimpleUploadedFile:
    """A small photo as a phone would send it."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(kept, "JPEG")
    return SimpleUploadedFile("灯.jpg", kept.getvalue(), "image/jpeg")


@pytest.fixture
def report(community: Place) -> Callable[..., str]:
    """`report("…")` sends the form as a visitor and gives the address of the tracking page."""

    def send(text: str = "3号楼2单元楼道灯不亮", **more: object) -> str:
        answer = Client().post(f"/report/{community.code}/", {"text": text, "request_key": str(uuid4()), **more})
        assert answer.status_code == 302, words(answer)
        return str(answer["Location"]).removesuffix("?new=1")

    return send


def the_case(community: Place) -> Case:
    """The only case there is."""
    with acting(system("tests", community.id)):
        return Case.objects.get()


def test_wang_reports_without_an_account_and_gets_number_dates_and_link(
    community: Place, report: Callable[..., str]
) -> None:
    address = report(phone=PHONE, name="王秀兰")
    page = Client().get(address, {"new": "1"})
    case = the_case(community)
    for part in ("已收到，谢谢您", case.number, "3号楼2单元楼道灯不亮", "前答复", "复制链接"):
        assert part in words(page)
    assert "data:image/svg+xml" in page.content.decode()
    assert 'data-type="large"' in page.content.decode()
    assert (case.source, case.received_by) == ("form", "visitor")


def test_every_public_page_needs_at_most_ten_statements(community: Place, report: Callable[..., str]) -> None:
    address = report()
    for page in (
        f"/report/{community.code}/",
        address,
        f"{address}?new=1",
        f"/find/{community.code}/",
        f"/public/{community.code}/",
    ):
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(page).status_code == 200
        assert len(asked) <= 10, page


def test_danger_is_told_before_anything_else(report: Callable[..., str]) -> None:
    page = words(Client().get(report("3号楼电梯困人了，快救命"), {"new": "1"}))
    assert page.index("请先拨打 119") < page.index("已收到")


def test_danger_is_already_told_while_writing(community: Place) -> None:
    page = Client().post(f"/report/{community.code}/", {"text": "楼下着火了，好大的烟", "look": "1"})
    assert page.status_code == 200
    assert "请先拨打 119" in words(page)
    with acting(system("tests", community.id)):
        assert Case.objects.count() == 0


def test_what_courts_decide_can_still_be_filed_with_the_channel_shown(report: Callable[..., str]) -> None:
    page = words(Client().get(report("法院判决了他不执行，要强制执行"), {"new": "1"}))
    assert "人民法院" in page
    assert "已收到" in page


def test_an_empty_or_endless_text_and_a_phone_that_is_none_lose_nothing(community: Place) -> None:
    address = f"/report/{community.code}/"
    for sent, said in (
        ({"text": "  ", "name": "王秀兰"}, "请写一句您要反映的事"),
        ({"text": "灯" * 5001, "name": "王秀兰"}, "最多 5000 字"),
        ({"text": "灯不亮", "name": "王秀兰", "phone": "12345"}, "这不像电话号码"),
    ):
        page = Client().post(address, sent)
        assert page.status_code == 422
        assert said in words(page)
        assert 'value="王秀兰"' in page.content.decode()


def test_a_photo_that_is_not_one_is_refused_before_anything_is_written(community: Place) -> None:
    fake = SimpleUploadedFile("灯.jpg", b"MZ not a photo", "image/jpeg")
    page = Client().post(f"/report/{community.code}/", {"text": "灯不亮", "photos": [picture(), fake]})
    assert page.status_code == 422
    assert "第 2 张" in words(page)
    assert "灯不亮" in page.content.decode()
    with acting(system("tests", community.id)):
        assert Case.objects.count() == 0


def test_photos_are_shown_to_who_sent_them_and_to_nobody_else(
    community: Place, report: Callable[..., str], outsider: Viewer, signed_in: Browser
) -> None:
    address = report(photos=[picture(), picture("blue")])
    page = Client().get(address).content.decode()
    photo = re.search(r'src="(/t/[^"]+/photo/[^"]+)"', page)
    assert photo
    shown = Client().get(photo[1])
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/webp"
    with acting(system("tests", community.id)):
        file_id = CasePhoto.objects.values_list("file_id", flat=True)[0]
    assert signed_in(outsider).get(f"/files/{file_id}/full").status_code == 404
    assert Client().get(f"/files/{file_id}/full", {"in": str(community.id)}).status_code == 404
    assert Client().get(report("另一件事") + f"photo/{file_id}/full/").status_code == 404


def test_the_same_form_sent_twice_is_one_case_with_the_same_link_and_photos_once(community: Place) -> None:
    key, browser = str(uuid4()), Client()
    first, second = (
        browser.post(
            f"/report/{community.code}/",
            {"text": "3号楼2单元楼道灯不亮", "request_key": key, "photos": [picture()]},
        )
        for _ in range(2)
    )
    case = the_case(community)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert case.number in words(browser.get(second["Location"]))
    with acting(system("tests", community.id)):
        assert CasePhoto.objects.filter(case_id=case.id).count() == 1


def test_she_says_more_at_any_time_and_a_second_tap_says_it_once(
    sun: Viewer, community: Place, report: Callable[..., str]
) -> None:
    address, browser = report(), Client()
    case = the_case(community)
    assert "补充情况" in words(browser.get(address))
    sent = {"do": "add", "note": "今天又闪了一下", "version": str(case.version)}
    assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 302]
    with acting(system("tests", community.id)):
        assert CaseStep.objects.filter(case_id=case.id, step=Step.RESIDENT_ADDS).count() == 1
    page = words(browser.get(address))
    assert page.count("今天又闪了一下") == 1
    empty = browser.post(address, {"do": "add", "note": " "})
    assert empty.status_code == 422
    with acting(sun):
        assign_case(by=sun, case_id=case.id, to=Worker(account_id=sun.account_id))
    stale = browser.post(address, {"do": "add", "note": "六点以后在家", "version": str(case.version)})
    assert stale.status_code == 409
    assert "六点以后在家" in stale.content.decode()
    assert "由孙丽办理" in words(stale)


def test_the_poster_brings_its_place_along(community: Place, neighbour: Place) -> None:
    building = community.buildings["3"]
    form = Client().get(f"/report/{community.code}/", {"place": str(building)})
    assert "福惠小区3号楼" in words(form)
    Client().post(f"/report/{community.code}/", {"text": "灯不亮", "place": str(building)})
    case = the_case(community)
    assert (case.building_id, case.grid_id) == (building, community.grids[3])
    foreign = Client().get(f"/report/{community.code}/", {"place": str(neighbour.buildings["3"])})
    assert "来自二维码" not in words(foreign)


def test_a_report_against_somebody_is_not_seen_by_the_grid_worker(
    community: Place, zhao: Viewer, chen: Viewer, report: Callable[..., str], signed_in: Browser
) -> None:
    report("3号楼物业经理吃回扣", confidential="on")
    case = the_case(community)
    assert signed_in(zhao).get(f"/cases/{case.id}/").status_code == 404
    assert "举报 · 保密" in words(signed_in(chen).get(f"/cases/{case.id}/"))


def test_an_unknown_link_or_community_is_a_plain_404(community: Place) -> None:
    assert Client().get("/t/没有这样的链接/").status_code == 404
    for page in ("report", "find", "public"):
        assert Client().get(f"/{page}/370611009999/").status_code == 404


def test_the_resident_reads_words_for_her_and_nothing_internal(
    chen: Viewer, community: Place, report: Callable[..., str]
) -> None:
    address, case = report(), the_case(community)
    with acting(chen):
        from fuhui.domains.cases.actions.details import note_case

        assign_case(by=chen, case_id=case.id, to=Worker(account_id=chen.account_id))
        note_case(by=chen, case_id=case.id, note="这位居民反复来电")
        reply_to_resident(by=chen, case_id=case.id, note="电工下午到")
    page = words(Client().get(address))
    assert "电工下午到" in page
    assert "反复来电" not in page
    assert "首次答复期限怎么算的" in page


def test_she_answers_what_was_asked_and_the_clock_goes_on(
    chen: Viewer, community: Place, report: Callable[..., str]
) -> None:
    address, case = report(), the_case(community)
    with acting(chen):
        assign_case(by=chen, case_id=case.id, to=Worker(account_id=chen.account_id))
        ask_resident(by=chen, case_id=case.id, note="是几层的灯？")
    assert "是几层的灯？" in words(Client().get(address))
    empty = Client().post(address, {"do": "answer", "note": ""})
    assert empty.status_code == 422
    Client().post(address, {"do": "answer", "note": "三层"})
    assert the_case(community).state == State.HANDLING


def solved(chen: Viewer, case: Case) -> None:
    """Worked on, checked, waiting for the resident's judgement."""
    with acting(chen):
        assign_case(by=chen, case_id=case.id, to=Worker(account_id=chen.account_id))
        solve_case(by=chen, case_id=case.id, note="换了灯泡")
        pass_check(by=chen, case_id=case.id)


def test_she_judges_and_half_a_judgement_is_kept(chen: Viewer, community: Place, report: Callable[..., str]) -> None:
    address, case = report(), the_case(community)
    solved(chen, case)
    half = Client().post(address, {"do": "rate", "solved": "yes", "words": "挺快的"})
    assert half.status_code == 422
    assert "挺快的" in half.content.decode()
    Client().post(address, {"do": "rate", "solved": "yes", "satisfaction": "very", "words": "挺快的"})
    assert the_case(community).state == State.CLOSED
    assert "您的评价：满意，已解决" in words(Client().get(address))


def test_not_satisfied_sends_it_back_and_later_it_can_be_opened_again(
    chen: Viewer, community: Place, report: Callable[..., str]
) -> None:
    address, case = report(), the_case(community)
    solved(chen, case)
    Client().post(address, {"do": "rate", "solved": "no", "satisfaction": "not", "words": "还是不亮"})
    assert the_case(community).state == State.HANDLING
    with acting(chen):
        solve_case(by=chen, case_id=case.id, note="换了线路")
        pass_check(by=chen, case_id=case.id)
    Client().post(address, {"do": "rate", "solved": "yes", "satisfaction": "fairly", "words": ""})
    Client().post(address, {"do": "reopen", "note": "又坏了"})
    assert the_case(community).state == State.HANDLING


def test_urging_twice_within_the_hour_is_answered_kindly(community: Place, report: Callable[..., str]) -> None:
    address = report()
    assert Client().post(address, {"do": "urge", "note": "老人要下楼"}).status_code == 302
    again = Client().post(address, {"do": "urge", "note": "还没人来"})
    assert again.status_code == 409
    assert "已经催过一次" in words(again)
    assert "还没人来" in again.content.decode()
    assert Client().post(address, {"do": "什么"}).status_code == 422


def code_of(phone: str) -> str:
    """The code as the phone would receive it."""
    return str(PhoneCode.objects.order_by("-made_at", "-id")[0].sealed_code)


def test_she_finds_her_matters_by_phone(community: Place, report: Callable[..., str]) -> None:
    report(phone=PHONE)
    report("5号楼下水道堵了", phone="19900000004")
    browser, address = Client(), f"/find/{community.code}/"
    assert browser.post(address, {"phone": "不是"}).status_code == 422
    assert "验证码已发到" in words(browser.post(address, {"phone": PHONE}))
    wrong = browser.post(address, {"do": "check", "phone": PHONE, "code": "000000"})
    assert wrong.status_code == 422
    assert "还可以再试" in words(wrong)
    assert browser.post(address, {"do": "check", "phone": PHONE, "code": code_of(PHONE)}).status_code == 302
    found = words(browser.get(address))
    assert "楼道灯" in found
    assert "下水道" not in found
    with acting(system("tests", community.id)):
        mine = CaseReporter.objects.get(case__title__contains="楼道灯").case_id
        other = Case.objects.exclude(pk=mine).get().id
    assert browser.get(f"{address}{mine}/").status_code == 200
    assert browser.get(f"{address}{other}/").status_code == 404
    browser.post(address, {"do": "leave"})
    assert browser.get(f"{address}{mine}/").status_code == 302


def test_a_code_cannot_be_guessed(community: Place) -> None:
    browser, address = Client(), f"/find/{community.code}/"
    browser.post(address, {"phone": PHONE})
    answers = [
        browser.post(address, {"do": "check", "phone": PHONE, "code": f"{guess:06d}"}).status_code for guess in range(8)
    ]
    assert 429 in answers
    assert browser.post(address, {"do": "check", "phone": PHONE, "code": code_of(PHONE) or "1"}).status_code == 429


def test_the_code_is_never_on_the_page_outside_a_demo(community: Place) -> None:
    page = Client().post(f"/find/{community.code}/", {"phone": PHONE})
    assert "演示" not in words(page)
    assert code_of(PHONE) not in page.content.decode()


def test_wang_sees_her_matters_with_her_account(
    wang: Viewer, community: Place, signed_in: Browser, report: Callable[..., str]
) -> None:
    browser = signed_in(wang)
    assert "您还没有反映过" in words(browser.get("/my/"))
    report("别人的事，7号楼垃圾没人清")
    browser.post(f"/report/{community.code}/", {"text": "3号楼2单元楼道灯不亮", "request_key": str(uuid4())})
    listed = words(browser.get("/my/"))
    assert "楼道灯" in listed
    assert "垃圾" not in listed
    with acting(system("tests", community.id)):
        mine, other = Case.objects.get(text__contains="楼道灯").id, Case.objects.get(text__contains="垃圾").id
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"/my/{mine}/").status_code == 200
    assert len(asked) <= 10
    assert browser.get(f"/my/{other}/").status_code == 404


def test_the_public_reads_what_was_confirmed_and_photos_only_where_confirmed(
    chen: Viewer, community: Place, report: Callable[..., str]
) -> None:
    report(photos=[picture()])
    case = the_case(community)
    solved(chen, case)
    address = f"/public/{community.code}/"
    assert "还没有公开的事" in words(Client().get(address))
    with acting(chen):
        from fuhui.domains.cases.actions.closing import close_case

        close_case(by=chen, case_id=case.id, note="三次没有联系上")
        publish_case(by=chen, case_id=case.id, words=PublicWords("楼道灯", "楼道灯不亮", "换了灯泡"), show_photos=True)
    page = Client().get(address)
    assert "换了灯泡" in words(page)
    one = re.search(rf'href="({address}[0-9a-f-]+/)"', page.content.decode())
    assert one
    detail = Client().get(one[1]).content.decode()
    photo = re.search(r'src="(/files/[^"]+)"', detail)
    assert photo
    assert Client().get(photo[1].replace("&amp;", "&")).status_code == 200
    assert Client().get(f"{address}{uuid4()}/").status_code == 404
