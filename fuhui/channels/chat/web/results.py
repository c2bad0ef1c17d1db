"""The page after the cases were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fuhui import triage
from fuhui.channels.chat.queries import ChatBatch, ChatDraft
from fuhui.channels.chat.rules import DraftState
from fuhui.domains.cases.actions.receipt import first_answer, group_answer
from fuhui.shared.ui.format import day
from fuhui.shared.ui.shapes import stat


def page(batch: ChatBatch, drafts: Sequence[ChatDraft], groups: Mapping[UUID, list[str]]) -> dict[str, Any]:
    """Numbers, one text for each group (a matter of two groups is answered in both), the answer of each case."""
    made = [draft for draft in drafts if draft.state == DraftState.MADE]
    linked = [draft for draft in drafts if draft.state == DraftState.LINKED]
    return {
        "batch": batch, "texts": _texts(drafts, groups), "made": [_line(draft) for draft in made],
        "linked": [_line(draft) for draft in linked],
        "stats": [
            stat("生成诉求", str(len(made)), unit="件", tone="accent"),
            stat("补充到原有诉求", str(len(linked)), unit="件"),
            stat("没有生成的发言", str(batch.counts.get("chatter", 0)), unit="条",
                 sub=f"{day(batch.kept_until)} 后自动删除"),
        ],
    }


def _texts(drafts: Sequence[ChatDraft], groups: Mapping[UUID, list[str]]) -> list[dict[str, Any]]:
    by_group: dict[str, list[Any]] = {}
    for draft in drafts:
        for group in groups.get(draft.id, [""]):
            cases = by_group.setdefault(group, [])
            if draft.case not in cases:
                cases.append(draft.case)
    return [{"id": f"copy-{position}", "group": group or "群里", "text": group_answer(cases), "count": len(cases)}
            for position, (group, cases) in enumerate(by_group.items(), 1)]


def _line(draft: ChatDraft) -> dict[str, Any]:
    case = draft.case
    if case is None:  # the constraint chat_draft_made_has_case keeps this from happening
        return {}
    answer = first_answer(case, danger=triage.danger(case.text), refusal=triage.jurisdiction(case.text))
    return {"id": f"answer-{case.id}", "href": f"/cases/{case.id}/", "number": case.number, "title": case.title,
            "urgent": case.is_urgent, "handler": case.handler_name, "answer": answer}
