"""The API of cases: the second door to the same actions. Hot answers are plain dictionaries, dumped by orjson."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from fuhui.domains.cases.actions.closing import Judgement, answer_now, call_back, close_case, pass_check, refuse_case
from fuhui.domains.cases.actions.escalation import escalate_case, reply_from_street, urge_case
from fuhui.domains.cases.actions.handling import (
    Worker,
    accept_case,
    assign_case,
    reply_to_resident,
    solve_case,
    verify_case,
)
from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.merging import merge_case
from fuhui.domains.cases.actions.receipt import Receipt
from fuhui.domains.cases.permissions import may_enter
from fuhui.domains.cases.queries.queue import QueueFilter, queue
from fuhui.domains.cases.queries.record import case_record, possible_steps
from fuhui.domains.cases.rules.states import STATE_NAMES, State, Step
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.viewers import Viewer

router = Router(tags=["cases"])
MOST_ROWS = 100


class CaseIn(Schema):
    """A matter as another system hands it in."""

    community: UUID
    text: str
    title: str = ""
    category: str = Field("", description="code of the community's own table; empty: understood from the text")
    priority: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    place: str = ""
    building: UUID | None = None
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    received_at: datetime | None = None
    id: UUID | None = Field(None, description="UUIDv7 made by the client")
    request_key: str = Field("", max_length=64, description="the same key twice enters the matter once")


class StepIn(Schema):
    """A step of the workflow; what else is needed depends on the step."""

    note: str = ""
    version: int | None = None
    account: UUID | None = None
    organisation: UUID | None = None
    channel: str = ""
    main: UUID | None = None
    reached: bool = True
    is_solved: bool | None = None
    satisfaction: str = ""


@router.post("/cases", url_name="cases_create")
def create(request: HttpRequest, matter: CaseIn) -> HttpResponse:
    """Enters a case and answers its first answer: number, what was understood, promised dates."""
    by = _viewer(request)
    may_enter(by, matter.community).require()
    receipt = submit_case(by=by, community_id=matter.community, matter=_input(matter))
    return answer(_receipt(receipt), status=201)


@router.get("/cases", url_name="cases_queue")
def list_queue(
    request: HttpRequest,
    community: UUID | None = None,
    tab: str = "open",
    words: str = "",
    after: str = "",
    limit: int = 50,
    priority: str = "",
    grid: UUID | None = None,
) -> HttpResponse:
    """One page of the queue, by keyset: pass `next` as `after`. At most 100 rows."""
    if not 1 <= limit <= MOST_ROWS:
        raise BadInput("bad_limit", f"limit 在 1 到 {MOST_ROWS} 之间。", field="limit")
    page = queue(
        _viewer(request),
        QueueFilter(community_id=community, tab=tab, words=words, priority=priority, grid_id=grid),
        after=after,
        limit=limit,
    )
    return answer({"cases": page.rows, "next": page.next})


@router.get("/cases/{case_id}", url_name="cases_one")
def one(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case with its history. Contacts are not in it."""
    record = case_record(_viewer(request), case_id)
    case = record.case
    return answer(
        {
            **_facts(case),
            "text": case.text,
            "reply": case.reply,
            "reckoning": case.reckoning,
            "steps": [step.value for step in possible_steps(record)],
            "history": record.parts["steps"],
            "handlers": record.parts["handlers"],
            "merged": record.parts["merged"],
            "suggestions": record.parts["suggestions"],
            "main": record.parts["main"],
        }
    )


@router.post("/cases/{case_id}/steps/{step}", url_name="cases_step")
def take_step(request: HttpRequest, case_id: UUID, step: str, data: StepIn) -> HttpResponse:
    """Takes one step. 409 with the possible steps when it is not allowed now, 409 stale_page on an old version."""
    if step not in _STEPS:
        raise NotFound("unknown_step", f"没有这一步。可用：{'、'.join(_STEPS)}。")
    case = _STEPS[step](_viewer(request), case_id, data)
    return answer(_facts(case))


_STEPS: dict[str, Any] = {
    Step.ACCEPT: lambda by, case, d: accept_case(by=by, case_id=case, note=d.note, version=d.version),
    Step.VERIFY: lambda by, case, d: verify_case(by=by, case_id=case, note=d.note, version=d.version),
    Step.ASSIGN: lambda by, case, d: assign_case(
        by=by, case_id=case, to=Worker(d.account, d.organisation), note=d.note, version=d.version
    ),
    Step.REPLY: lambda by, case, d: reply_to_resident(by=by, case_id=case, note=d.note, version=d.version),
    Step.SOLVE: lambda by, case, d: solve_case(by=by, case_id=case, note=d.note, version=d.version),
    Step.PASS_CHECK: lambda by, case, d: pass_check(by=by, case_id=case, note=d.note, version=d.version),
    Step.CALL_BACK: lambda by, case, d: call_back(
        by=by, case_id=case, judgement=Judgement(d.reached, d.is_solved, d.satisfaction, d.note), version=d.version
    ),
    Step.CLOSE: lambda by, case, d: close_case(by=by, case_id=case, note=d.note, version=d.version),
    Step.ANSWER_NOW: lambda by, case, d: answer_now(by=by, case_id=case, note=d.note, version=d.version),
    Step.REFUSE: lambda by, case, d: refuse_case(
        by=by, case_id=case, note=d.note, channel=d.channel, version=d.version
    ),
    Step.ESCALATE: lambda by, case, d: escalate_case(by=by, case_id=case, note=d.note, version=d.version),
    Step.STREET_REPLY: lambda by, case, d: reply_from_street(by=by, case_id=case, note=d.note, version=d.version),
    Step.URGE: lambda by, case, d: urge_case(by=by, case_id=case, note=d.note, version=d.version),
    Step.MERGE: lambda by, case, d: merge_case(
        by=by, case_id=case, main_id=_needed(d.main, "main"), note=d.note, version=d.version
    ),
}


def answer(data: Any, status: int = 200) -> HttpResponse:
    """A JSON answer; ids and times are written by orjson."""
    return HttpResponse(_written(data), content_type="application/json", status=status)


def _written(data: Any) -> bytes:
    try:
        return orjson.dumps(data, default=str)
    except TypeError:  # half a character that was sent comes back in an error's words
        return json.dumps(data, default=str).encode()


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def _needed(value: UUID | None, field: str) -> UUID:
    if value is None:
        raise BadInput("field_missing", f"这一步需要字段 {field}。", field=field)
    return value


def _input(matter: CaseIn) -> CaseInput:
    return CaseInput(
        text=matter.text,
        source="api",
        title=matter.title,
        category_code=matter.category,
        priority=matter.priority,
        reporter=Reporter(name=matter.reporter_name, phone=matter.reporter_phone),
        case_id=matter.id,
        place=PlaceInput(
            building_id=matter.building, words=matter.place, longitude=matter.longitude, latitude=matter.latitude
        ),
        received_at=matter.received_at,
        request_key=matter.request_key,
    )


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        **_facts(receipt.case),
        "token": receipt.token,
        "answer": receipt.answer,
        "suggestions": receipt.suggestions,
        "dial": receipt.danger.number if receipt.danger else None,
        "refusal": {"reason": receipt.refusal.reason, "channel": receipt.refusal.channel} if receipt.refusal else None,
    }


def _facts(case: Any) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "state": case.state,
        "state_name": STATE_NAMES[State(case.state)],
        "title": case.title,
        "category": case.category_id,
        "priority": case.priority,
        "is_urgent": case.is_urgent,
        "grid": case.grid_id,
        "building": case.building_id,
        "place": case.place_text,
        "handler": case.handler_name,
        "received_at": case.received_at,
        "reply_due_at": case.reply_due_at,
        "close_due_at": case.close_due_at,
        "due_at": case.due_at,
        "version": case.version,
    }
