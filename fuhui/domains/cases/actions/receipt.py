"""The first answer: number, what was understood, the promised date. For chats, a text to copy back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fuhui.domains.cases.models import Case
from fuhui.shared.ui.format import when
from fuhui.triage import Danger, Refusal


@dataclass(frozen=True)
class Receipt:
    """What the one who entered a case gets back at once. `token` opens its tracking page; it is shown once."""

    case: Case
    token: str
    answer: str
    danger: Danger | None = None
    refusal: Refusal | None = None
    suggestions: tuple[dict[str, Any], ...] = ()


def first_answer(case: Case, *, danger: Danger | None = None, refusal: Refusal | None = None) -> str:
    """In plain words: dial first where there is danger; then number, what was understood, who and by when."""
    lines = []
    if danger:
        lines.append(f"【紧急】{danger.advice}")
    lines.append(f"您反映的“{case.title}”已收到，编号 {case.number}。")
    if refusal:
        lines.append(f"这件事可能属于{refusal.name}，{refusal.channel} 工作人员会再核对后答复您。")
    where = f"地点：{case.place_text}。" if case.place_text else ""
    who = f"由{case.handler_name}办理。" if case.handler_name else ""
    lines.append(f"{where}{who}最晚 {when(case.reply_due_at)} 前答复，{when(case.close_due_at)} 前办结。")
    return "\n".join(lines)


def group_answer(cases: list[Case]) -> str:
    """One text for the group: what was taken up, by number, without names, doors or phones."""
    lines = ["各位邻居，大家反映的事已登记："]
    lines += [
        f"{position}. {case.title}（{case.number}），{when(case.reply_due_at)} 前答复"
        for position, case in enumerate(cases, 1)
    ]
    lines.append("进展会在群里告诉大家。紧急情况请先拨打 110、119、120。")
    return "\n".join(lines)
