"""The append-only history of a case in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES, Priority
from fuhui.domains.cases.rules.states import STATE_NAMES, STEP_NAMES, State, Step
from fuhui.shared.ui.format import Tone, when
from fuhui.shared.ui.shapes import TimelineItem, timeline_item

SATISFACTION = {"very": "满意", "fairly": "基本满意", "not": "不满意"}
_TONES: dict[Step, Tone] = {
    Step.SOLVE: "done",
    Step.CLOSE: "done",
    Step.PASS_CHECK: "done",
    Step.ANSWER_NOW: "done",
    Step.ESCALATE: "soon",
    Step.URGE: "soon",
    Step.SUPERVISE: "soon",
    Step.REOPEN: "soon",
    Step.REPLY: "accent",
    Step.STREET_REPLY: "accent",
}
_FIELDS = {
    "title": "标题",
    "category": "类别",
    "priority": "优先级",
    "grid": "网格",
    "building": "楼栋",
    "place": "地点",
}


def history(steps: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[TimelineItem]:
    """Every step, newest first, with who, when, words; entries for colleagues only are marked 内部."""
    return [_item(entry, names) for entry in reversed(steps)]


def _item(entry: Mapping[str, Any], names: Mapping[str, str]) -> TimelineItem:
    step = Step(entry["step"])
    facts = step_facts(step, entry["data"] or {}, names)
    moved = f"{STATE_NAMES[State(entry['to'])]}" if entry["from"] and entry["from"] != entry["to"] else ""
    title = STEP_NAMES[step] + (f" → {moved}" if moved else "") + ("" if entry["public"] else "（内部）")
    body = "\n".join(part for part in (facts, entry["note"]) if part)
    return timeline_item(
        when(datetime.fromisoformat(entry["at"])),
        title,
        by=entry["who"] or _actor(entry["actor"]),
        body=body,
        tone=_TONES.get(step, "neutral"),
    )


def _actor(actor: str) -> str:
    if actor.startswith("system:"):
        return "系统"
    return "居民" if actor in {"visitor", "reporter"} else ""


def step_facts(step: Step, data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a step stored besides its words: to whom, which rule, what was changed, what was judged."""
    said = _given(data) + _judged(step, data) + _changed(data.get("changed") or {}, names)
    if data.get("number"):
        said.append(f"主单 {data['number']}")
    if data.get("days"):
        said.append(f"{data['days']} 个工作日")
    if data.get("review_on"):
        said.append(f"复查日 {data['review_on']}")
    if data.get("cases"):
        said.append("拆出 " + "、".join(one["number"] for one in data["cases"]))
    if data.get("channel"):
        said.append(f"告知渠道：{data['channel']}")
    return "，".join(said)


def _given(data: Mapping[str, Any]) -> list[str]:
    to = data.get("to")
    said = [f"给{'、'.join(to) if isinstance(to, list) else to}"] if to else []
    if data.get("rule"):
        said.append(f"按规则“{data['rule']}”")
    if data.get("unit"):
        said.append(str(data["unit"]))
    return said


def _judged(step: Step, data: Mapping[str, Any]) -> list[str]:
    if step is Step.CALL_BACK:
        if not data.get("reached"):
            return ["没有联系上"]
        return ["已解决" if data.get("solved") else "没有解决", SATISFACTION.get(str(data.get("satisfaction")), "")]
    if "granted" in data:
        return ["同意" if data["granted"] else "不同意"]
    if "upheld" in data:
        return ["同意退回" if data["upheld"] else "不同意退回"]
    return ["居民催办"] if data.get("by_reporter") else []


def _changed(changed: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    said = []
    for field, (old, new) in changed.items():
        if field == "building":
            said.append("楼栋已更正")
        else:
            said.append(f"{_FIELDS.get(field, field)}：{_word(field, old, names)} → {_word(field, new, names)}")
    return said


def _word(field: str, value: Any, names: Mapping[str, str]) -> str:
    if value in (None, "", "None"):
        return "无"
    if field == "priority":
        return PRIORITY_NAMES.get(Priority(value), str(value))
    if field in {"category", "grid"}:
        return names.get(str(value), f"其他{_FIELDS[field]}")
    return str(value)
