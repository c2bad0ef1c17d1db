"""What each step's page says, which form it has and which action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fuhui.domains.cases.actions import closing, details, escalation, handling, merging, publishing, time
from fuhui.domains.cases.actions.handling import Worker
from fuhui.domains.cases.actions.moving import require_note
from fuhui.domains.cases.queries.record import CaseRecord
from fuhui.domains.cases.rules.states import Step
from fuhui.domains.cases.web import step_forms as forms
from fuhui.domains.cases.web.base import uuid_in
from fuhui.domains.cases.web.shapes import PageForm
from fuhui.domains.cases.web.step_forms import note_form
from fuhui.shared.errors import StalePage
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class Turn:
    """A sent form about to become an action."""

    by: Viewer
    record: CaseRecord
    data: dict[str, Any]
    version: int | None

    @property
    def common(self) -> dict[str, Any]:
        """What every step's action takes."""
        return {"by": self.by, "case_id": self.record.case.id, "version": self.version}

    @property
    def noted(self) -> dict[str, Any]:
        """The same with the words."""
        return {**self.common, "note": self.data.get("note", "")}


@dataclass(frozen=True)
class StepPage:
    """One step: a sentence on what it does, its form, the action, and what is said afterwards."""

    says: str
    done: str
    form: type[PageForm]
    run: Callable[[Turn], object]
    tone: str = "primary"
    wants: tuple[str, ...] = ()


def worker(value: str) -> Worker:
    """`account:…` or `organisation:…` as a worker; an empty one for anything else, which the action refuses."""
    kind, _, key = value.partition(":")
    return Worker(account_id=uuid_in(key)) if kind == "account" else Worker(organisation_id=uuid_in(key))


def _noted(action: Callable[..., object]) -> Callable[[Turn], object]:
    return lambda turn: action(**turn.noted)


def _given(action: Callable[..., object]) -> Callable[[Turn], object]:
    return lambda turn: action(**turn.noted, to=worker(turn.data["to"]))


def _whistle(turn: Turn) -> object:
    return handling.whistle(**turn.noted, to=[worker(one) for one in turn.data["to"]])


def _whistle_reply(turn: Turn) -> object:
    return handling.answer_whistle(**turn.noted, handler_id=UUID(turn.data["handler"]))


def _decide_objection(turn: Turn) -> object:
    to = turn.data["to"]
    return handling.decide_objection(**turn.noted, uphold=turn.data["uphold"] == "yes", to=worker(to) if to else None)


def _call_back(turn: Turn) -> object:
    reached = turn.data["reached"] == "yes"
    solved = {"yes": True, "no": False}.get(turn.data["solved"]) if reached else None
    judged = closing.Judgement(
        reached=reached,
        is_solved=solved,
        words=turn.data["words"],
        satisfaction=turn.data["satisfaction"] if reached else "",
    )
    return closing.call_back(**turn.common, judgement=judged)


def _correct(turn: Turn) -> object:
    data, case = turn.data, turn.record.case
    building = uuid_in(data["building"])
    return details.correct_case(
        **turn.common,
        title=data["title"],
        category_code=data["category"],
        priority=data["priority"],
        grid_id=uuid_in(data["grid"]),
        place_text=data["place"],
        building_id=building if building != case.building_id else None,
    )


def _photo(turn: Turn) -> object:
    return details.add_file(
        by=turn.by,
        case_id=turn.record.case.id,
        upload=turn.data["photo"],
        moment=turn.data["moment"],
        note=turn.data["note"],
    )


def _solve(turn: Turn) -> object:
    """The photo first: if it is none, nothing is closed. Its own step moves the version on by one."""
    require_note(Step.SOLVE, turn.data["note"])
    if not turn.data["photo"]:
        return _closed_with(turn, turn.version)
    if turn.version is not None and turn.version != turn.record.case.version:
        raise StalePage("stale_page", "您打开页面之后，有人改动了这件诉求。请看过最新情况再提交。")
    photo = details.add_photo(by=turn.by, case_id=turn.record.case.id, upload=turn.data["photo"], moment="after")
    return _closed_with(turn, photo.case.version)


def _closed_with(turn: Turn, version: int | None) -> object:
    return handling.solve_case(**{**turn.noted, "version": version})


STEP_PAGES: dict[Step, StepPage] = {
    Step.ACCEPT: StepPage(
        "受理后居民会收到通知。", "已受理。", note_form("对居民说一句", needed=False), _noted(handling.accept_case)
    ),
    Step.VERIFY: StepPage(
        "事实核对清楚了，等待派单。",
        "已核实，等待派单。",
        note_form("核实的情况", needed=False),
        _noted(handling.verify_case),
    ),
    Step.ASSIGN: StepPage(
        "只有一位主办，居民会知道由谁办理。", "已派单。", forms.WorkerForm, _given(handling.assign_case), wants=("to",)
    ),
    Step.HAND_OVER: StepPage(
        "换一位主办，原来的主办会留在记录里。",
        "已转办。",
        forms.HandOverForm,
        _given(handling.hand_over),
        wants=("to",),
    ),
    Step.ADD_HELPER: StepPage(
        "协办人一起办理，主办不变。", "已增加协办。", forms.WorkerForm, _given(handling.add_helper), wants=("to",)
    ),
    Step.OBJECT: StepPage(
        "每件诉求只能退回一次，由书记裁定；裁定后不能再退。",
        "已提出退回，等书记裁定。",
        note_form("为什么不该由您办"),
        _noted(handling.object_to_case),
    ),
    Step.DECIDE_OBJECTION: StepPage(
        "裁定后不能再次退回。", "已裁定。", forms.ObjectionDecisionForm, _decide_objection, wants=("to",)
    ),
    Step.REQUEST_EXTENSION: StepPage(
        "要在期限之前申请，每件只能延期一次，由书记审核。",
        "已提出延期申请。",
        forms.ExtensionForm,
        lambda turn: time.request_extension(**turn.noted, days=turn.data["days"]),
    ),
    Step.DECIDE_EXTENSION: StepPage(
        "同意后居民会收到新的期限和原因。",
        "已审核。",
        forms.ExtensionDecisionForm,
        lambda turn: time.decide_extension(**turn.noted, grant=turn.data["grant"] == "yes"),
    ),
    Step.ASK_RESIDENT: StepPage(
        "等居民回答期间，计时暂停。",
        "已请居民补充，计时暂停。",
        note_form("想问居民什么"),
        _noted(handling.ask_resident),
    ),
    Step.RESIDENT_ANSWERS: StepPage(
        "居民在电话里或当面说的，可以代为填写。",
        "已补充，继续计时。",
        note_form("居民补充的情况"),
        _noted(time.resident_answers),
    ),
    Step.SUSPEND: StepPage(
        "条件不具备时挂账，计时暂停，到复查日再看。",
        "已挂账。",
        forms.SuspendForm,
        lambda turn: handling.suspend_case(**turn.noted, review_on=turn.data["review_on"]),
    ),
    Step.RESUME: StepPage(
        "恢复办理，继续计时。", "已恢复办理。", note_form("说明", needed=False), _noted(time.resume_case)
    ),
    Step.WHISTLE: StepPage(
        "一家办不了的，请几家单位一起到现场。", "已吹哨。", forms.WhistleForm, _whistle, wants=("to",)
    ),
    Step.WHISTLE_REPLY: StepPage(
        "记下报到单位做了什么。", "已记录报到情况。", forms.WhistleReplyForm, _whistle_reply, wants=("handler",)
    ),
    Step.ESCALATE: StepPage(
        "社区自身解决不了的，报街道协调。写清已经做过什么。",
        "已上报街道，居民也会知道。",
        note_form("为什么上报，已经做过什么"),
        _noted(escalation.escalate_case),
    ),
    Step.STREET_REPLY: StepPage(
        "街道的安排或决定，社区据此继续办理。",
        "已回执。",
        note_form("街道的安排或决定"),
        _noted(escalation.reply_from_street),
    ),
    Step.SOLVE: StepPage("提交后由社区核查，再请居民评价。", "已提交，等待核查。", forms.SolveForm, _solve),
    Step.PASS_CHECK: StepPage(
        "核查通过后请居民评价。",
        "核查通过，等待回访。",
        note_form("核查的情况", needed=False),
        _noted(closing.pass_check),
    ),
    Step.FAIL_CHECK: StepPage(
        "退回办理人重新办理。", "已退回重办。", note_form("哪里没有办好"), _noted(closing.fail_check), "danger"
    ),
    Step.CALL_BACK: StepPage(
        "满意即办结；没解决或不满意会退回重办。没联系上只记一笔。", "回访已记录。", forms.CallBackForm, _call_back
    ),
    Step.CLOSE: StepPage(
        "没有评价也要办结时使用，例如三次都没联系上。",
        "已办结。",
        note_form("为什么没有评价就办结"),
        _noted(closing.close_case),
    ),
    Step.REOPEN: StepPage(
        "办结 30 天内可以重新办理。", "已重新办理。", note_form("为什么重新办理"), _noted(closing.reopen_case)
    ),
    Step.ANSWER_NOW: StepPage(
        "当场能答的，答复后直接办结。", "已答复并办结。", note_form("答复居民的话"), _noted(closing.answer_now)
    ),
    Step.REFUSE: StepPage(
        "要写清理由，并告诉居民可以去哪里。",
        "已告知不予受理的理由和渠道。",
        forms.RefuseForm,
        lambda turn: closing.refuse_case(**turn.noted, channel=turn.data["channel"]),
        "danger",
    ),
    Step.UNMERGE: StepPage(
        "撤销后单独办理，期限照旧。",
        "已撤销并案。",
        note_form("为什么要分开办"),
        _noted(merging.unmerge_case),
        "danger",
    ),
    Step.URGE: StepPage(
        "办理人会立刻收到；同一人一小时内只能催一次。",
        "已催办。",
        note_form("说一句", needed=False),
        _noted(escalation.urge_case),
    ),
    Step.SUPERVISE: StepPage(
        "督办后会一直标着，直到办结。", "已督办。", note_form("督办要求"), _noted(escalation.supervise_case)
    ),
    Step.REPLY: StepPage(
        "所有反映人都会收到；第一次答复会停下首次答复的计时。",
        "已答复居民。",
        note_form("答复居民的话"),
        _noted(handling.reply_to_resident),
    ),
    Step.NOTE: StepPage("只有同事看得到。", "已记下。", note_form("备注"), _noted(details.note_case)),
    Step.CORRECT: StepPage(
        "改了类别或优先级，期限会从收到时重新计算。",
        "已更正。",
        forms.CorrectForm,
        _correct,
        wants=("category", "grid", "building"),
    ),
    Step.ADD_PHOTO: StepPage(
        "照片里的定位信息会自动去掉。PDF、Word、Excel 文件只有同事能看到。", "已添加。", forms.PhotoForm, _photo
    ),
    Step.UNPUBLISH: StepPage(
        "从公开页撤下。", "已撤回公开。", note_form("为什么撤回"), _noted(publishing.unpublish_case), "danger"
    ),
    Step.ARCHIVE: StepPage(
        "归档之后不能再改动。",
        "已归档。",
        forms.NothingForm,
        lambda turn: closing.archive_case(by=turn.by, case_id=turn.record.case.id),
        "danger",
    ),
}
