"""One case prepared for its page: every word of it is made here, the template only places it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from fuhui import triage
from fuhui.domains.cases.actions.receipt import first_answer
from fuhui.domains.cases.permissions import may_see_contact
from fuhui.domains.cases.queries.pages import categories, grid_names
from fuhui.domains.cases.queries.record import CaseRecord, pointless_steps
from fuhui.domains.cases.rules.clocks import DUE_SOON, PRIORITY_NAMES, Priority
from fuhui.domains.cases.rules.states import ENDED, PAUSED, STATE_NAMES, State, Step
from fuhui.domains.cases.web.choices import Choices, buttons_html, choices
from fuhui.domains.cases.web.history import SATISFACTION, history
from fuhui.domains.cases.web.photos import documents, photo_pairs
from fuhui.domains.cases.web.progress import progress
from fuhui.domains.cases.web.reckoning import explained, extension_words, warnings_in
from fuhui.shared.ui.format import clock_left, day, when
from fuhui.shared.ui.pieces import facts_html
from fuhui.shared.viewers import Viewer

_INTAKE = frozenset({State.SUBMITTED, State.ACCEPTED, State.DISPATCH})
_EVIDENCE = {"kind": "类型", "category": "类别", "urgent": "险情", "place": "地点", "private": "隐私", "case": "归并"}
_ROLES = {"lead": "主办", "helper": "协办", "whistled": "吹哨报到"}
_SOURCES = {"chat": "微信群", "form": "居民自报", "phone": "来电来访代录", "patrol": "网格巡查", "api": "系统接口"}


def page_of(viewer: Viewer, record: CaseRecord) -> dict[str, Any]:
    """Everything that the template of one case shows."""
    case, parts, now = record.case, record.parts, timezone.now()
    state, danger, refusal = State(case.state), _danger(record), _refusal(record)
    possible = buttons(record)
    return {
        "case": case,
        "version": case.version,
        "state_name": STATE_NAMES[state],
        "is_open": state not in ENDED,
        "pills": _pills(record),
        "left": _left(record, now),
        "danger": danger,
        "refusal": refusal,
        "steps": progress(
            state,
            passed(parts["steps"]),
            late=state not in ENDED and case.due_at < now,
            notes={"办理": case.handler_name},
        ),
        "facts": facts_html(_facts(record)),
        "voices": _voices(parts["reporters"], case.id),
        "may_see_contact": may_see_contact(record.who, case),
        "evidence": _evidence(case.understood, case.place_facts),
        "explained": explained(case.reckoning),
        "extension": extension_words(case.reckoning),
        "warnings": warnings_in(case.reckoning),
        "suggestions": _suggestions(parts),
        "main": parts["main"],
        "merged": parts["merged"],
        "handlers": _handlers(parts["handlers"]),
        "pairs": photo_pairs(parts["photos"]),
        "papers": documents(parts["photos"]),
        "history": history(parts["steps"], _names(viewer, record)),
        "choices": possible,
        "more": buttons_html(possible.more),
        "shut": facts_html(possible.shut),
        "waiting": _requests(parts),
        "rating": _rating(parts["ratings"]),
        "publication": parts["publication"],
        "group_text": first_answer(case, danger=danger, refusal=refusal) if case.source == "chat" else "",
    }


def head_of(viewer: Viewer, record: CaseRecord) -> dict[str, Any]:
    """The newest state of a case in brief: what stands above every form."""
    case, now = record.case, timezone.now()
    grid = case.grid.name if case.grid else ""
    return {
        "case": case,
        "version": case.version,
        "pills": _pills(record),
        "left": _left(record, now),
        "where": " · ".join(part for part in (grid, case.place_text) if part),
        "state_name": STATE_NAMES[State(case.state)],
    }


def passed(steps: Sequence[Mapping[str, Any]]) -> list[tuple[State, datetime]]:
    """The states entered so far, oldest first."""
    return [
        (State(entry["to"]), datetime.fromisoformat(entry["at"]))
        for entry in steps
        if entry["to"] and entry["to"] != entry["from"]
    ]


def buttons(record: CaseRecord) -> Choices:
    """The steps this viewer may take, decisions that wait first."""
    pointless = pointless_steps(record)
    waiting = [step for step in (Step.DECIDE_EXTENSION, Step.DECIDE_OBJECTION) if step not in pointless]
    return choices(record.who, record.case, impossible=pointless, open_requests=waiting)


def _names(viewer: Viewer, record: CaseRecord) -> Mapping[str, str]:
    """Words for the ids in corrections; looked up only where something was corrected."""
    if not any(entry["step"] == Step.CORRECT for entry in record.parts["steps"]):
        return {}
    community_id = record.case.community_id
    grids = {str(key): name for key, name in grid_names(viewer, community_id).items()}
    return grids | {str(one.id): one.words for one in categories(viewer, community_id)}


def _danger(record: CaseRecord) -> triage.Danger | None:
    return triage.danger(record.case.text) if record.case.is_urgent and record.case.ended_at is None else None


def _refusal(record: CaseRecord) -> triage.Refusal | None:
    return triage.jurisdiction(record.case.text) if State(record.case.state) in _INTAKE else None


def _pills(record: CaseRecord) -> list[tuple[str, str]]:
    case = record.case
    found = [
        (STATE_NAMES[State(case.state)], "accent" if case.ended_at is None else "done"),
        (PRIORITY_NAMES[Priority(case.priority)], "late" if case.priority == Priority.URGENT else "neutral"),
    ]
    marks = (
        (case.is_urgent, "险情", "late"),
        (case.is_supervised, "督办", "soon"),
        (case.is_confidential, "举报 · 保密", "soon"),
        (case.urge_count, f"催办 {case.urge_count} 次", "soon"),
        (case.reopen_count, f"重办 {case.reopen_count} 次", "soon"),
    )
    return found + [(label, tone) for holds, label, tone in marks if holds]


def _left(record: CaseRecord, now: datetime) -> dict[str, str]:
    case = record.case
    if case.ended_at:
        return {"words": f"{day(case.ended_at, now)}结束", "tone": "done"}
    if State(case.state) in PAUSED:
        return {"words": "计时已暂停", "tone": "neutral"}
    left = clock_left(case.due_at, now, DUE_SOON)
    return {"words": f"{'办结' if case.replied_at else '首次答复'}{left.words}", "tone": left.tone}


def _facts(record: CaseRecord) -> list[tuple[str, str]]:
    case = record.case
    place = " · ".join(part for part in (case.grid.name if case.grid else "", case.place_text) if part)
    replied = f"（已于 {when(case.replied_at)} 答复）" if case.replied_at else ""
    pairs = [
        ("地点", place or "还没有确定，请更正"),
        ("类别", case.category.name),
        ("收到", f"{when(case.received_at)} · {_SOURCES.get(case.source, case.source)}"),
        ("首次答复", f"{when(case.reply_due_at)} 前{replied}"),
        ("办结期限", f"{when(case.close_due_at)} 前"),
        ("主办", case.handler_name or "还没有派单"),
        ("反映人", f"{case.reporter_count} 人" if case.reporter_count > 1 else "1 人"),
    ]
    return pairs


def _voices(reporters: list[Mapping[str, Any]], case_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "by": row["name"] or "居民",
            "group": row["group"],
            "at": when(datetime.fromisoformat(row["at"])),
            "words": row["words"],
            "has_phone": row["has_phone"],
            "from_repeat": row["case"] != str(case_id),
        }
        for row in reporters
        if row["words"] or row["has_phone"]
    ]


def _evidence(understood: Mapping[str, Any], place: Mapping[str, Any]) -> dict[str, Any]:
    found = [
        (_EVIDENCE.get(key, key), "；".join(said)) for key, said in (understood.get("evidence") or {}).items() if said
    ]
    if place.get("why"):
        found.append(("所在网格", place["why"]))
    if understood.get("priority"):
        found.append(("优先级", str(understood["priority"])))
    sure = understood.get("confidence")
    return {"rows": facts_html(found), "sure": f"{round(float(sure) * 100)}%" if sure is not None else ""}


def _suggestions(parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": row["id"],
            "main": row["main"],
            "number": row["number"],
            "title": row["title"],
            "state": STATE_NAMES[State(row["state"])],
            "score": f"{round(float(row['score']) * 100)}%",
            "evidence": "；".join(map(str, row["evidence"])),
            "is_open": State(row["state"]) not in ENDED,
        }
        for row in parts["suggestions"]
    ]


def _handlers(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "role": _ROLES[row["role"]],
            "name": row["name"],
            "since": when(datetime.fromisoformat(row["since"])),
            "reply": row["reply"],
            "is_past": bool(row["until"]),
        }
        for row in sorted(rows, key=lambda row: (bool(row["until"]), row["role"] != "lead"))
    ]


def _requests(parts: Mapping[str, Any]) -> list[str]:
    said = [
        f"申请延期 {row['days']} 个工作日，等书记审核。原因：{row['reason']}"
        for row in parts["extensions"]
        if row["state"] == "asked"
    ]
    said += [
        f"办理人提出退回，等书记裁定。原因：{row['reason']}" for row in parts["objections"] if row["is_upheld"] is None
    ]
    said += [f"已上报街道，等回执。原因：{row['reason']}" for row in parts["escalations"] if not row["replied_at"]]
    said += [
        f"挂账，{row['review_on']} 复查。原因：{row['reason']}"
        for row in parts["pauses"]
        if row["kind"] == "suspended" and not row["end"]
    ]
    return said + [
        f"等居民补充：{row['reason']}" for row in parts["pauses"] if row["kind"] == "waiting" and not row["end"]
    ]


def _rating(ratings: list[Mapping[str, Any]]) -> str:
    last = ratings[-1] if ratings else None
    if last is None:
        return ""
    if not last["reached"]:
        return "回访没有联系上。"
    words = f"：{last['words']}" if last["words"] else ""
    return f"居民{SATISFACTION.get(last['satisfaction'], '')}，{'已解决' if last['is_solved'] else '没有解决'}{words}"
