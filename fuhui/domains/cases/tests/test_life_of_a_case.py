"""One lamp from the first word to the call-back, and the ways it may go wrong."""

from __future__ import annotations

from uuid import UUID

import pytest

from fuhui.domains.cases.actions.closing import (
    Judgement,
    answer_now,
    call_back,
    close_case,
    fail_check,
    pass_check,
    refuse_case,
    reopen_case,
)
from fuhui.domains.cases.actions.escalation import escalate_case, reply_from_street, supervise_case, urge_case
from fuhui.domains.cases.actions.handling import (
    Worker,
    accept_case,
    add_helper,
    ask_resident,
    assign_case,
    decide_objection,
    hand_over,
    object_to_case,
    reply_to_resident,
    solve_case,
    take_case,
)
from fuhui.domains.cases.actions.intake import CaseInput, Reporter, submit_case
from fuhui.domains.cases.actions.time import decide_extension, request_extension, resident_answers
from fuhui.domains.cases.models import Case, CaseStep
from fuhui.domains.cases.queries.queue import QueueFilter, case_for, queue
from fuhui.domains.cases.rules.states import State
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken, StalePage
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place

pytestmark = pytest.mark.django_db
LAMP = "3号楼2单元二楼的灯又不亮了，昨天我差点摔一跤"


def enter(by: Viewer, community: Place, text: str = LAMP, request_key: str = "") -> Case:
    """Somebody of the desk writes down what a caller says."""
    with acting(by):
        matter = CaseInput(
            text=text, source="phone", reporter=Reporter(name="王阿姨", phone="19900000001"), request_key=request_key
        )
        return submit_case(by=by, community_id=community.id, matter=matter).case


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_a_lamp_is_taken_repaired_checked_and_judged(community: Place, zhao: Viewer, chen: Viewer) -> None:
    case = enter(zhao, community)
    assert case.grid_id == community.grids[3]
    with acting(zhao):
        assert case.category.code.startswith(("facilities", "property"))
        take_case(by=zhao, case_id=case.id)
        reply_to_resident(by=zhao, case_id=case.id, note="收到，马上联系物业。")
        solve_case(by=zhao, case_id=case.id, note="灯管已换。")
    with acting(chen):
        pass_check(by=chen, case_id=case.id)
        done = call_back(by=chen, case_id=case.id, judgement=Judgement(is_solved=True, satisfaction="very"))
        steps = list(CaseStep.objects.filter(case=case).order_by("id").values_list("step", flat=True))
    assert (done.state, done.ended_at is not None, done.replied_at is not None) == (State.CLOSED, True, True)
    assert steps == ["submit", "assign", "reply", "solve", "pass_check", "call_back"]


def test_the_receipt_says_number_what_was_understood_and_the_promised_date(community: Place, zhao: Viewer) -> None:
    with acting(zhao):
        receipt = submit_case(by=zhao, community_id=community.id, matter=CaseInput(text=LAMP, source="phone"))
    assert receipt.case.number in receipt.answer
    assert "前办结" in receipt.answer
    assert receipt.token


def test_who_is_not_satisfied_gets_it_worked_on_again(community: Place, zhao: Viewer, chen: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        take_case(by=zhao, case_id=case.id)
        solve_case(by=zhao, case_id=case.id, note="换了灯泡")
        pass_check(by=zhao, case_id=case.id)
        again = call_back(
            by=zhao, case_id=case.id, judgement=Judgement(is_solved=False, satisfaction="not", words="还是不亮")
        )
    assert (again.state, again.reopen_count) == (State.HANDLING, 1)


def test_nobody_reached_leaves_the_case_waiting_for_the_call_back(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        take_case(by=zhao, case_id=case.id)
        solve_case(by=zhao, case_id=case.id, note="好了")
        pass_check(by=zhao, case_id=case.id)
        assert call_back(by=zhao, case_id=case.id, judgement=Judgement(reached=False)).state == State.CALL_BACK
        assert close_case(by=zhao, case_id=case.id, note="三次电话未接通").state == State.CLOSED


def test_a_step_that_is_not_allowed_says_what_is(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao), pytest.raises(RuleBroken, match=r"待受理.*受理") as caught:
        solve_case(by=zhao, case_id=case.id, note="好了")
    assert caught.value.code == "wrong_state"


def test_a_stale_page_writes_nothing(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        accept_case(by=zhao, case_id=case.id, version=case.version)
        with pytest.raises(StalePage):
            take_case(by=zhao, case_id=case.id, version=case.version)
        assert state_of(case) == State.ACCEPTED


def test_the_worker_of_another_grid_does_not_see_it(community: Place, zhao: Viewer, qian: Viewer) -> None:
    case = enter(zhao, community)
    with acting(qian), pytest.raises(NotFound):
        case_for(qian, case.id)


def test_another_communitys_secretary_gets_the_same_answer_as_for_nothing(
    community: Place, zhao: Viewer, outsider: Viewer
) -> None:
    case = enter(zhao, community)
    with acting(outsider):
        with pytest.raises(NotFound) as theirs:
            accept_case(by=outsider, case_id=case.id)
        with pytest.raises(NotFound) as nothing:
            accept_case(by=outsider, case_id=UUID(int=7))
    assert theirs.value.message == nothing.value.message


def test_up_to_the_street_and_back(community: Place, zhao: Viewer, liu: Viewer) -> None:
    case = enter(zhao, community, "主干道路口的信号灯坏了三天，社区修不了")
    with acting(zhao):
        escalate_case(by=zhao, case_id=case.id, note="属于市政，社区无权处理")
        with pytest.raises(NotAllowed, match="街道干部"):
            reply_from_street(by=zhao, case_id=case.id, note="我替街道回")
    with acting(liu):
        back = reply_from_street(by=liu, case_id=case.id, note="已协调市政，本周五前修复")
    assert (back.state, back.handler_name) == (State.HANDLING, "赵敏")


def test_a_handler_objects_once_and_the_secretary_decides(
    community: Place, zhao: Viewer, sun: Viewer, chen: Viewer
) -> None:
    case = enter(chen, community)
    with acting(chen):
        assign_case(by=chen, case_id=case.id, to=Worker(account_id=zhao.account_id))
    with acting(zhao):
        object_to_case(by=zhao, case_id=case.id, note="这是物业的事")
    with acting(chen):
        decide_objection(
            by=chen, case_id=case.id, uphold=True, note="改由孙丽联系物业", to=Worker(account_id=sun.account_id)
        )
    with acting(sun), pytest.raises(RuleBroken, match="不能再次退回"):
        object_to_case(by=sun, case_id=case.id, note="也不是我的")


def test_more_time_is_asked_before_expiry_and_granted_by_another(community: Place, zhao: Viewer, chen: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        take_case(by=zhao, case_id=case.id)
        request_extension(by=zhao, case_id=case.id, days=3, note="等配件")
        with pytest.raises(RuleBroken, match="已有一次"):
            request_extension(by=zhao, case_id=case.id, days=3, note="再等等")
    with acting(chen):
        longer = decide_extension(by=chen, case_id=case.id, grant=True)
        assert longer.close_due_at > case.close_due_at
    with acting(zhao), pytest.raises(RuleBroken, match="只能延期一次"):
        request_extension(by=zhao, case_id=case.id, days=1, note="还要等")


def test_the_secretary_cannot_grant_her_own_extension(community: Place, chen: Viewer) -> None:
    case = enter(chen, community)
    with acting(chen):
        take_case(by=chen, case_id=case.id)
        request_extension(by=chen, case_id=case.id, days=3, note="等配件")
        with pytest.raises(RuleBroken, match="自己提出"):
            decide_extension(by=chen, case_id=case.id, grant=True)


def test_waiting_for_the_resident_stops_the_clock(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        take_case(by=zhao, case_id=case.id)
        waiting = ask_resident(by=zhao, case_id=case.id, note="请问是几楼？")
        assert waiting.state == State.WAITING
        assert resident_answers(by=zhao, case_id=case.id, note="二楼").state == State.HANDLING


def test_a_matter_of_the_courts_is_refused_with_reason_and_channel(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community, "我要告法院判错了")
    with acting(zhao):
        with pytest.raises(BadInput, match="可以去哪里办"):
            refuse_case(by=zhao, case_id=case.id, note="诉讼不归社区", channel="")
        done = refuse_case(by=zhao, case_id=case.id, note="诉讼不归社区。", channel="福山区人民法院诉讼服务中心")
    assert (done.state, "诉讼服务中心" in done.reply) == (State.REFUSED, True)


def test_a_question_is_answered_on_the_spot(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community, "请问高龄津贴今年还要本人按手印吗")
    with acting(zhao):
        assert answer_now(by=zhao, case_id=case.id, note="不用，手机刷脸即可。").state == State.CLOSED


def test_a_failed_check_goes_back_and_a_closed_case_can_be_reopened(community: Place, zhao: Viewer) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        take_case(by=zhao, case_id=case.id)
        solve_case(by=zhao, case_id=case.id, note="好了")
        fail_check(by=zhao, case_id=case.id, note="现场还黑着")
        solve_case(by=zhao, case_id=case.id, note="真的好了")
        pass_check(by=zhao, case_id=case.id)
        call_back(by=zhao, case_id=case.id, judgement=Judgement(is_solved=True, satisfaction="fairly"))
        assert reopen_case(by=zhao, case_id=case.id, note="又灭了").state == State.HANDLING


def test_handing_over_keeps_one_lead_and_helpers_stand_beside(
    community: Place, zhao: Viewer, sun: Viewer, chen: Viewer
) -> None:
    case = enter(zhao, community)
    with acting(zhao):
        take_case(by=zhao, case_id=case.id)
        add_helper(by=zhao, case_id=case.id, to=Worker(account_id=chen.account_id))
        moved = hand_over(by=zhao, case_id=case.id, to=Worker(account_id=sun.account_id), note="我休假")
        live = list(case.handlers.filter(until=None).values_list("role", "name"))
    assert moved.handler_name == "孙丽"
    assert sorted(live) == [("helper", "陈静"), ("lead", "孙丽")]


def test_urging_is_counted_and_supervision_stays(community: Place, zhao: Viewer, chen: Viewer) -> None:
    case = enter(zhao, community)
    with acting(chen):
        urge_case(by=chen, case_id=case.id, note="快一点")
        with pytest.raises(RuleBroken, match="一小时内"):
            urge_case(by=chen, case_id=case.id)
        assert supervise_case(by=chen, case_id=case.id, note="书记督办").is_supervised


def test_the_same_request_sent_twice_is_one_case(community: Place, zhao: Viewer) -> None:
    first = enter(zhao, community, request_key="abc")
    second = enter(zhao, community, request_key="abc")
    assert first.id == second.id


@pytest.mark.parametrize(
    ("text", "code"), [("", "text_missing"), ("  \x00 ", "text_missing"), ("灯" * 5001, "text_too_long")]
)
def test_a_matter_without_words_or_with_too_many_says_so(community: Place, zhao: Viewer, text: str, code: str) -> None:
    with acting(zhao), pytest.raises(BadInput) as caught:
        submit_case(by=zhao, community_id=community.id, matter=CaseInput(text=text, source="phone"))
    assert caught.value.code == code


def test_a_phone_that_is_none_and_a_category_that_does_not_exist_are_named(community: Place, zhao: Viewer) -> None:
    with acting(zhao):
        with pytest.raises(BadInput, match="不像电话号码"):
            submit_case(
                by=zhao,
                community_id=community.id,
                matter=CaseInput(text=LAMP, source="phone", reporter=Reporter(phone="12345678901234")),
            )
        with pytest.raises(BadInput, match="没有“火星”这个类别"):
            submit_case(
                by=zhao, community_id=community.id, matter=CaseInput(text=LAMP, source="phone", category_code="火星")
            )


def test_the_queue_shows_by_due_date_and_finds_by_two_characters(community: Place, zhao: Viewer) -> None:
    enter(zhao, community)
    enter(zhao, community, "7号楼下水道堵了，污水往外冒")
    with acting(zhao):
        page = queue(zhao, QueueFilter(community_id=community.id))
        dues = [row["due_at"] for row in page.rows]
        found = queue(zhao, QueueFilter(community_id=community.id, words="污水", tab="all"))
    assert dues == sorted(dues)
    assert len(page.rows) == 2
    assert len(found.rows) == 1
