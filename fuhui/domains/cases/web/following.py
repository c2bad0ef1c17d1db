"""A resident's matter prepared for its page, whichever door it was opened by: token, phone or account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from fuhui.domains.cases.actions.closing import Judgement, call_back, reopen_case
from fuhui.domains.cases.actions.details import add_file
from fuhui.domains.cases.actions.escalation import urge_case
from fuhui.domains.cases.actions.following import add_as_reporter
from fuhui.domains.cases.actions.time import resident_answers
from fuhui.domains.cases.permissions import may_step
from fuhui.domains.cases.queries.pages import community_card, main_steps
from fuhui.domains.cases.queries.record import CaseRecord, case_record
from fuhui.domains.cases.rules.states import ENDED, PAUSED, STATE_NAMES, STEP_NAMES, State, Step, Who
from fuhui.domains.cases.web.again import sent_twice
from fuhui.domains.cases.web.base import Errors, errors_of, version_in
from fuhui.domains.cases.web.history import SATISFACTION
from fuhui.domains.cases.web.photos import documents, photo_pairs
from fuhui.domains.cases.web.progress import progress
from fuhui.domains.cases.web.reckoning import explained, extension_words, warnings_in
from fuhui.domains.cases.web.record import passed
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.ui.format import clock_left, day, when
from fuhui.shared.ui.shapes import Row, TimelineItem, row, timeline_item
from fuhui.shared.ui.shapes import Step as PageStep
from fuhui.shared.viewers import Viewer

More = Callable[[CaseRecord], dict[str, object]]
_REPORTER = frozenset({Who.REPORTER})
# Steps whose words are meant for the resident; of the others only the fact is shown.
_SPOKEN = frozenset(
    {
        Step.REPLY,
        Step.SOLVE,
        Step.ANSWER_NOW,
        Step.ASK_RESIDENT,
        Step.REFUSE,
        Step.SUSPEND,
        Step.STREET_REPLY,
        Step.CLOSE,
        Step.RESIDENT_ADDS,
        Step.RESIDENT_ANSWERS,
        Step.URGE,
        Step.REOPEN,
        Step.CALL_BACK,
        Step.UNMERGE,
        Step.ACCEPT,
        Step.DECIDE_EXTENSION,
    }
)
_SHOWN = _SPOKEN | {
    Step.SUBMIT,
    Step.ASSIGN,
    Step.HAND_OVER,
    Step.ESCALATE,
    Step.PASS_CHECK,
    Step.FAIL_CHECK,
    Step.MERGE,
    Step.SUPERVISE,
    Step.RESUME,
    Step.WHISTLE,
}


@dataclass(frozen=True)
class Door:
    """How the page was opened: who acts, the page's own address, and where its photos are."""

    viewer: Viewer
    case_id: UUID
    address: str
    photo: Callable[[UUID, str], str]
    back: str = ""


def follow(request: HttpRequest, door: Door, more: More | None = None) -> HttpResponse:
    """The matter's page; what is sent from it becomes an action of its reporter."""
    if request.method != "POST":
        return _show(request, door, {}, more=more)
    wanted = request.POST.get("do", "")
    try:
        act = _ACTS.get(wanted)
        if act is None:
            raise BadInput("unknown_act", "请从页面上的按钮选择要做的事。")
        done = act(request, door)
    except PeopleError as error:
        if error.status in _AGAIN and _came_twice(request, door, wanted):
            return redirect(door.address)
        return _show(request, door, errors_of(error), wanted=wanted, status=error.status, more=more)
    messages.success(request, done)
    return redirect(door.address)


def _came_twice(request: HttpRequest, door: Door, wanted: str) -> bool:
    said = request.POST.get("words" if wanted == "rate" else "note", "")
    return wanted in _STEPS and sent_twice(door.viewer, case_record(door.viewer, door.case_id), _STEPS[wanted], said)


def _rate(request: HttpRequest, door: Door) -> str:
    sent = request.POST
    judged = Judgement(
        is_solved={"yes": True, "no": False}.get(sent.get("solved", "")),
        satisfaction=sent.get("satisfaction", ""),
        words=sent.get("words", ""),
    )
    call_back(by=door.viewer, case_id=door.case_id, judgement=judged)
    return "谢谢您的评价。" if judged.is_solved and judged.satisfaction != "not" else "已记下，会退回重新办理。"


def _answer(request: HttpRequest, door: Door) -> str:
    resident_answers(by=door.viewer, case_id=door.case_id, note=request.POST.get("note", ""))
    return "已补充，工作人员会继续办理。"


def _add(request: HttpRequest, door: Door) -> str:
    note = request.POST.get("note", "")
    add_as_reporter(by=door.viewer, case_id=door.case_id, note=note, version=version_in(request))
    return "已补充，办理人会收到。"


def _urge(request: HttpRequest, door: Door) -> str:
    urge_case(by=door.viewer, case_id=door.case_id, note=request.POST.get("note", ""))
    return "已催办，办理人会立刻收到。"


def _reopen(request: HttpRequest, door: Door) -> str:
    reopen_case(by=door.viewer, case_id=door.case_id, note=request.POST.get("note", ""))
    return "已重新办理。"


def _photo(request: HttpRequest, door: Door) -> str:
    upload = request.FILES.get("photo")
    if upload is None:
        raise BadInput("photo_missing", "请先选择一张照片或一份文件。", field="photo")
    add_file(by=door.viewer, case_id=door.case_id, upload=upload, moment="before")
    return "已添加。"


_ACTS: dict[str, Callable[[HttpRequest, Door], str]] = {
    "rate": _rate,
    "answer": _answer,
    "add": _add,
    "urge": _urge,
    "reopen": _reopen,
    "photo": _photo,
}
_STEPS = {
    "rate": Step.CALL_BACK,
    "answer": Step.RESIDENT_ANSWERS,
    "add": Step.RESIDENT_ADDS,
    "urge": Step.URGE,
    "reopen": Step.REOPEN,
}
_AGAIN = frozenset({409, 429})  # what a form gets that has already been sent


def _show(
    request: HttpRequest, door: Door, errors: Errors, *, status: int = 200, wanted: str = "", more: More | None = None
) -> HttpResponse:
    record = case_record(door.viewer, door.case_id)
    case, sent = record.case, request.POST
    state = State(record.parts["main"]["state"] if record.parts["main"] else case.state)
    return render(
        request,
        "cases/follow.html",
        {
            "case": case,
            "community": community_card(door.viewer, case.community_id),
            "address": door.address,
            "back": door.back,
            "steps": _steps(record),
            "promise": _promise(record),
            "words": _words(record),
            "explained": explained(case.reckoning),
            "extension": extension_words(case.reckoning),
            "warnings": warnings_in(case.reckoning),
            "pairs": photo_pairs(_public_photos(record), door.photo),
            "papers": documents(record.parts["photos"], door.photo, own=True),
            "main": record.parts["main"],
            "rating": _rating(record),
            "asked": _asked(record),
            "errors": errors,
            "wanted": wanted,
            "sent": {key: sent.get(key, "") for key in ("words", "solved", "satisfaction")},
            "typed": {wanted: sent.get("note", "")},
            "version": case.version,
            **_possible(record, state),
            **(more(record) if more else {}),
        },
        status=status,
    )


def _possible(record: CaseRecord, state: State) -> dict[str, bool]:
    """What the resident may do now; the same policy decides again when it is sent."""
    may = {step: may_step(_REPORTER, record.case, step).allowed for step in (*_STEPS.values(), Step.ADD_PHOTO)}
    return {
        "may_rate": may[Step.CALL_BACK],
        "may_answer": may[Step.RESIDENT_ANSWERS],
        "may_add": may[Step.RESIDENT_ADDS],
        "may_urge": may[Step.URGE],
        "may_reopen": may[Step.REOPEN] and state is State.CLOSED,
        "may_photo": may[Step.ADD_PHOTO],
    }


def _public_steps(record: CaseRecord) -> list[dict[str, Any]]:
    return [one for one in record.parts["steps"] if one["public"]]


def _public_photos(record: CaseRecord) -> list[dict[str, Any]]:
    return [one for one in record.parts["photos"] if one["moment"] in {"before", "after"}]


def _steps(record: CaseRecord) -> list[PageStep]:
    case, main = record.case, record.parts["main"]
    if main and case.state == State.MERGED:
        return progress(State(main["state"]), passed(main_steps(case)))
    late = State(case.state) not in ENDED and case.due_at < timezone.now()
    notes = {"办理": f"由{case.handler_name}办理" if case.handler_name else "", "不予受理": case.reply}
    return progress(State(case.state), passed(_public_steps(record)), late=late, notes=notes)


def _promise(record: CaseRecord) -> dict[str, str]:
    """The date that counts next, in one line."""
    case, now = record.case, timezone.now()
    state = State(case.state)
    if state in ENDED:
        return {"title": STATE_NAMES[state], "when": day(case.ended_at, now), "left": "", "tone": "done"}
    if state in PAUSED:
        return {"title": STATE_NAMES[state], "when": "计时已暂停，继续后会重新推算期限", "left": "", "tone": "soon"}
    left = clock_left(case.due_at, now)
    title = "最晚办结" if case.replied_at else "最晚答复"
    return {"title": title, "when": when(case.due_at, now), "left": left.words, "tone": left.tone}


def _words(record: CaseRecord) -> list[TimelineItem]:
    items = []
    for one in reversed(_public_steps(record)):
        step = Step(one["step"])
        if step in _SHOWN:
            items.append(
                timeline_item(
                    when(datetime.fromisoformat(one["at"])),
                    _title(step, one["data"] or {}),
                    by=_by(one["actor"], one["who"]),
                    body=one["note"] if step in _SPOKEN else "",
                )
            )
    return items


def _title(step: Step, data: dict[str, Any]) -> str:
    to = data.get("to")
    if to and step in {Step.ASSIGN, Step.HAND_OVER}:
        return f"{STEP_NAMES[step]}给{to}"
    if data.get("review_on"):
        return f"{STEP_NAMES[step]}，{data['review_on']} 复查"
    return "您反映了这件事" if step is Step.SUBMIT else STEP_NAMES[step]


def _by(actor: str, name: str) -> str:
    if actor.startswith("system:"):
        return "系统"
    return "您" if actor in {"reporter", "visitor"} else name


def _asked(record: CaseRecord) -> str:
    """What the community wants to know, while it waits for the answer."""
    if record.case.state != State.WAITING:
        return ""
    return next((str(one["note"]) for one in reversed(record.parts["steps"]) if one["step"] == Step.ASK_RESIDENT), "")


def _rating(record: CaseRecord) -> str:
    last = next((one for one in reversed(record.parts["ratings"]) if one["reached"]), None)
    if last is None:
        return ""
    return f"您的评价：{SATISFACTION[last['satisfaction']]}，{'已解决' if last['is_solved'] else '没有解决'}"


def matter_row(case: Any, href: str) -> Row:
    """One of my matters as a line: its step and date."""
    state, now = State(case.state), timezone.now()
    if state in ENDED:
        return row(
            case.title,
            href=href,
            sub=case.number,
            pill=STATE_NAMES[state],
            tone="done",
            meta=f"{day(case.ended_at, now)}结束",
        )
    left = clock_left(case.due_at, now)
    if state in PAUSED:
        return row(case.title, href=href, sub=case.number, pill=STATE_NAMES[state], tone="accent", meta="计时已暂停")
    words = f"{'办结' if case.replied_at else '答复'}{left.words}"
    return row(
        case.title, href=href, sub=case.number, pill=STATE_NAMES[state], tone="accent", meta=words, meta_tone=left.tone
    )
