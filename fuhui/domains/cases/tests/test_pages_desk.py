"""The desk's pages: the queue, the case, every step, and what a wrong, late or double tap gets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fuhui.domains.cases.actions.handling import Worker, assign_case, reply_to_resident, solve_case
from fuhui.domains.cases.actions.intake import Reporter
from fuhui.domains.cases.actions.receipt import Receipt
from fuhui.domains.cases.models import Case, CaseStep
from fuhui.domains.cases.queries import pages, rulebook
from fuhui.domains.cases.rules.states import State, Step
from fuhui.registry.accounts.queries import forget_second_factor, staff
from fuhui.shared.audit.models import Entry
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place

from .pages import LAMP, newest, words

Browser = Callable[[Viewer], Client]


def test_fifty_rows_cost_at_most_ten_statements(
    chen: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    """Session, account, viewer and scope included, with every cache cold."""
    for number in range(51):
        enter(f"{number}号楼门口的路灯不亮")
    browser = signed_in(chen)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("/queue/")
    assert page.content.decode().count("row-link") >= 50
    assert "下一页" in words(page)
    assert len(asked) <= 10, [one["sql"][:80] for one in asked.captured_queries]


def test_the_second_page_begins_where_the_first_ended(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    numbers = [enter(f"{number}号楼门口的路灯不亮").case.number for number in range(52)]
    browser = signed_in(chen)
    first = browser.get("/queue/").content.decode()
    following = re.search(r'href="(\?tab=open&amp;after=[^"]+)"', first)
    assert following
    second = browser.get("/queue/" + following[1].replace("&amp;", "&")).content.decode()
    with acting(chen):
        ids = {str(one) for one in Case.objects.values_list("id", flat=True)}
    seen = [{one for one in ids if f"/cases/{one}/" in page} for page in (first, second)]
    assert len(seen[0]) == 50
    assert seen[0].isdisjoint(seen[1])
    assert seen[0] | seen[1] == ids
    assert len(numbers) == 52


@pytest.mark.parametrize("tab", ["open", "mine", "unassigned", "waiting", "escalated", "late", "ended", "all", "没有"])
def test_every_tab_opens_and_an_empty_one_says_what_to_do(tab: str, sun: Viewer, signed_in: Browser) -> None:
    page = signed_in(sun).get("/queue/", {"tab": tab})
    assert page.status_code == 200
    assert "empty" in page.content.decode()


def test_zhao_finds_a_case_by_two_characters(zhao: Viewer, enter: Callable[..., Receipt], signed_in: Browser) -> None:
    found, other = enter(), enter("5号楼下水道堵了")
    page = signed_in(zhao).get("/queue/", {"q": "灯不"}).content.decode()
    assert str(found.case.id) in page
    assert str(other.case.id) not in page


def test_a_broken_cursor_is_answered_in_words(zhao: Viewer, signed_in: Browser) -> None:
    page = signed_in(zhao).get("/queue/", {"after": "不是"})
    assert page.status_code == 422
    assert "从第一页重新打开" in words(page)


def test_residents_and_visitors_are_led_away_from_the_queue(wang: Viewer, signed_in: Browser) -> None:
    assert signed_in(wang).get("/queue/").status_code == 403
    assert "/accounts/login/" in Client().get("/queue/")["Location"]


def test_the_case_page_says_everything_in_ten_statements(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    browser = signed_in(chen)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(f"/cases/{case.id}/")
    assert len(asked) <= 10
    said = words(page)
    for part in (case.number, LAMP, "首次答复期限怎么算的", "本社区约定", "受理", "办理记录"):
        assert part in said


def test_a_neighbouring_secretary_gets_the_same_404_as_for_nothing(
    outsider: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    browser = signed_in(outsider)
    theirs, nothing = browser.get(f"/cases/{case.id}/"), browser.get(f"/cases/{uuid4()}/")
    assert theirs.status_code == nothing.status_code == 404
    assert browser.get(f"/cases/{case.id}/step/solve/").status_code == 404
    assert browser.post(f"/cases/{case.id}/contact/").status_code == 404
    assert words(theirs) == words(nothing)


def test_a_trapped_person_comes_before_everything_else(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    page = words(signed_in(chen).get(f"/cases/{enter('3号楼电梯困人了！里面有个老人').case.id}/"))
    assert page.index("请先拨打 119") < page.index("居民原话")


def test_what_courts_decide_is_offered_for_refusal_with_reason_and_channel(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter("法院判决了他还不还钱，要强制执行").case
    form = signed_in(chen).get(f"/cases/{case.id}/step/refuse/").content.decode()
    assert "人民法院" in form


@pytest.mark.parametrize("step", [one for one in Step if one not in {Step.SUBMIT, Step.RESIDENT_ADDS}])
def test_every_step_has_a_page_that_opens(
    step: Step, chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    page = signed_in(chen).get(f"/cases/{enter().case.id}/step/{step}/", follow=True)
    assert page.status_code == 200


def test_what_only_who_raised_it_does_has_no_page_for_the_desk(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter(reporter=Reporter(name="陈静", account_id=chen.account_id)).case
    browser = signed_in(chen)
    page = browser.get(f"/cases/{case.id}/step/resident_adds/")
    assert page.status_code == 404
    assert "由反映人在自己的查询页上做" in words(page)
    assert "resident_adds" not in browser.get(f"/cases/{case.id}/").content.decode()
    assert "补充情况" in words(browser.get(f"/my/{case.id}/"))


@pytest.mark.parametrize("address", ["/queue/?open={}", "/cases/{}/step/correct/", "/cases/{}/step/decide_objection/"])
def test_the_fullest_pages_stay_within_ten_statements_with_every_cache_cold(
    address: str, chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(chen)
    forget_second_factor()
    for kept in (pages._grids, pages._categories, pages._communities, rulebook._kept, staff._kept):
        kept.clear()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address.format(case.id)).status_code == 200
    assert len(asked) <= 10, [one["sql"][:80] for one in asked.captured_queries]


def test_a_step_that_is_not_possible_shows_the_reason(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    browser = signed_in(chen)
    assert "不能核查通过" in words(browser.get(f"/cases/{case.id}/step/pass_check/"))
    answer = browser.post(f"/cases/{case.id}/step/pass_check/", {"version": case.version})
    assert answer.status_code == 409


def test_a_stale_page_keeps_what_was_typed_and_shows_the_newest_state(
    chen: Viewer, sun: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    with acting(sun):
        assign_case(by=sun, case_id=case.id, to=Worker(account_id=sun.account_id))
    page = signed_in(chen).post(f"/cases/{case.id}/step/reply/", {"note": "电工下午到", "version": case.version})
    assert page.status_code == 409
    assert "有人改动了" in words(page)
    assert "电工下午到" in page.content.decode()
    assert "办理中" in words(page)
    fresh = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert fresh
    assert int(fresh[1]) == newest(case.id, community).version


def test_a_second_tap_on_a_slow_network_does_not_act_twice(
    chen: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(chen)
    sent = {"note": "电工下午到", "version": case.version}
    first, second = (browser.post(f"/cases/{case.id}/step/reply/", sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    with acting(chen):
        assert CaseStep.objects.filter(case_id=case.id, step=Step.REPLY).count() == 1


def test_a_missing_reason_stands_beside_its_field(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    page = signed_in(chen).post(
        f"/cases/{case.id}/step/refuse/", {"note": "已在法院审理", "channel": "", "version": case.version}
    )
    assert page.status_code == 422
    assert "请写明居民可以去哪里办" in words(page)
    assert "已在法院审理" in page.content.decode()


def test_assigning_needs_somebody_of_this_community(
    chen: Viewer, outsider: Viewer, zhao: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(chen)
    wrong = browser.post(
        f"/cases/{case.id}/step/assign/", {"to": f"account:{outsider.account_id}", "version": case.version}
    )
    assert wrong.status_code == 422
    right = browser.post(
        f"/cases/{case.id}/step/assign/", {"to": f"account:{zhao.account_id}", "version": case.version}
    )
    assert right.status_code == 302
    assert newest(case.id, community).handler_name == "赵敏"


def test_looking_at_a_phone_is_written_to_the_audit(
    zhao: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(zhao)
    assert "19900000001" not in browser.get(f"/cases/{case.id}/").content.decode()
    assert "19900000001" in browser.post(f"/cases/{case.id}/contact/").content.decode()
    with acting(zhao):
        assert Entry.objects.filter(action="cases.read_contact", subject_id=str(case.id)).count() == 1


def test_a_suggested_repeat_is_merged_and_taken_apart_again(
    chen: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    main, repeat = enter(), enter("3号楼2单元楼道灯还是不亮啊")
    assert repeat.suggestions
    browser = signed_in(chen)
    assert "可能是同一件事" in words(browser.get(f"/cases/{repeat.case.id}/"))
    browser.post(
        f"/cases/{repeat.case.id}/suggestion/",
        {"decision": "merge", "main": str(main.case.id), "version": repeat.case.version},
    )
    merged = newest(repeat.case.id, community)
    assert merged.state == State.MERGED
    browser.post(f"/cases/{repeat.case.id}/step/unmerge/", {"note": "不是一盏灯", "version": merged.version})
    assert newest(repeat.case.id, community).main_case_id is None


def test_the_main_case_is_found_by_its_number(chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser) -> None:
    main, other = enter("5号楼下水道堵了").case, enter().case
    page = signed_in(chen).get(f"/cases/{other.id}/step/merge/", {"q": main.number}).content.decode()
    assert str(main.id) in page
    nobody = signed_in(chen).post(f"/cases/{other.id}/step/merge/", {"version": other.version})
    assert nobody.status_code == 422
    assert "请先选择要并入的主单" in words(nobody)


def test_splitting_keeps_the_parts_when_one_is_wrong(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case, browser = enter().case, signed_in(chen)
    empty = browser.post(
        f"/cases/{case.id}/step/split/", {"text": ["", ""], "title": ["井盖", ""], "version": case.version}
    )
    assert empty.status_code == 422
    assert "井盖" in empty.content.decode()
    browser.post(
        f"/cases/{case.id}/step/split/", {"text": ["井盖响", ""], "title": ["井盖", ""], "version": case.version}
    )
    with acting(chen):
        assert Case.objects.filter(split_from_id=case.id).count() == 1


def test_nothing_private_is_published_even_when_somebody_insists(
    chen: Viewer, community: Place, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter("5号楼3单元302漏水，电话19900000007").case
    with acting(chen):
        from fuhui.domains.cases.actions.closing import answer_now

        done = answer_now(by=chen, case_id=case.id, note="已经修好")
    browser = signed_in(chen)
    form = browser.get(f"/cases/{case.id}/step/publish/").content.decode()
    assert form.count("19900000007") == 2  # the original beside, and above the form
    sent = {"title": "漏水", "text": "电话19900000007", "reply": "已经修好", "version": done.version, "confirmed": "on"}
    refused = browser.post(f"/cases/{case.id}/step/publish/", sent)
    assert refused.status_code == 422
    assert "还有不宜公开的内容" in words(refused)
    assert (
        browser.post(f"/cases/{case.id}/step/publish/", sent | {"text": "楼上漏水", "confirmed": ""}).status_code == 422
    )
    assert browser.post(f"/cases/{case.id}/step/publish/", sent | {"text": "楼上漏水"}).status_code == 302
    public = Client().get(f"/public/{community.code}/").content.decode()
    assert "楼上漏水" in public
    assert "19900000007" not in public


def test_a_past_answer_is_offered_for_a_consultation(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    with acting(chen):
        from fuhui.domains.cases.actions.closing import answer_now

        answer_now(by=chen, case_id=enter("请问医保缴费在哪里办理").case.id, note="带身份证到社区大厅二号窗口")
    later = enter("想问一下医保缴费去哪里办").case
    assert "二号窗口" in signed_in(chen).get(f"/cases/{later.id}/step/answer_now/").content.decode()


def test_a_past_answer_is_found_under_another_category_and_tells_nobodys_number(
    chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    with acting(chen):
        from fuhui.domains.cases.actions.closing import answer_now

        past = enter("请问老年食堂怎么办饭卡，我电话19900000012").case
        answer_now(by=chen, case_id=past.id, note="带身份证到食堂前台登记")
    later = enter("我妈岁数大了懒得做饭，想去你们那吃，楼道里也没写咋办").case
    assert later.category_id != past.category_id
    page = signed_in(chen).get(f"/cases/{later.id}/step/answer_now/").content.decode()
    assert "食堂前台" in page
    assert "19900000012" not in page


def test_a_closed_case_shows_photos_and_judgement_in_the_history(
    chen: Viewer, sun: Viewer, enter: Callable[..., Receipt], signed_in: Browser
) -> None:
    case = enter().case
    with acting(sun):
        assign_case(by=sun, case_id=case.id, to=Worker(account_id=sun.account_id))
        reply_to_resident(by=sun, case_id=case.id, note="已报修")
        solved = solve_case(by=sun, case_id=case.id, note="换了灯泡")
    browser = signed_in(chen)
    browser.post(f"/cases/{case.id}/step/pass_check/", {"version": solved.version})
    page = browser.post(
        f"/cases/{case.id}/step/call_back/",
        {"reached": "yes", "solved": "yes", "satisfaction": "", "words": "很快", "version": solved.version + 1},
    )
    assert page.status_code == 422
    assert "很快" in page.content.decode()
    browser.post(
        f"/cases/{case.id}/step/call_back/",
        {"reached": "yes", "solved": "yes", "satisfaction": "very", "words": "很快", "version": solved.version + 1},
    )
    assert "居民满意，已解决：很快" in words(browser.get(f"/cases/{case.id}/"))


def test_suspending_needs_a_day_after_today(chen: Viewer, enter: Callable[..., Receipt], signed_in: Browser) -> None:
    case = enter().case
    with acting(chen):
        case = assign_case(by=chen, case_id=case.id, to=Worker(account_id=chen.account_id))
    browser = signed_in(chen)
    today = timezone.localdate()
    for day in ("明天", today.isoformat()):
        page = browser.post(
            f"/cases/{case.id}/step/suspend/", {"note": "等资金", "review_on": day, "version": case.version}
        )
        assert page.status_code == 422
    later = (today + timedelta(days=9)).isoformat()
    sent = {"note": "等资金", "review_on": later, "version": case.version}
    assert browser.post(f"/cases/{case.id}/step/suspend/", sent).status_code == 302
