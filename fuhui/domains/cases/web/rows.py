"""Cases as lines of a list, prepared in Python: a queue of fifty is one loop and no filters in the template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fuhui.domains.cases.rules.clocks import DUE_SOON, PRIORITY_NAMES, Priority
from fuhui.domains.cases.rules.states import ENDED, PAUSED, STATE_NAMES, State
from fuhui.shared.ui.format import Tone, clock_left, day
from fuhui.shared.ui.shapes import Row, row

_SHORT_STATES = STATE_NAMES | {State.ACCEPTED: "待核实", State.ESCALATED: "已上报"}
_STATE_TONES: dict[State, Tone] = {
    State.HANDLING: "accent",
    State.CHECKING: "accent",
    State.CALL_BACK: "accent",
    State.CLOSED: "done",
    State.ARCHIVED: "done",
}


def queue_rows(
    cases: list[dict[str, Any]], *, now: datetime, grids: Mapping[str, str], communities: Mapping[str, str]
) -> list[Row]:
    """Fifty lines: what, where, who, and how much time is left."""
    several = len(communities) > 1
    return [_row(case, now, grids, communities if several else {}) for case in cases]


def _row(case: dict[str, Any], now: datetime, grids: Mapping[str, str], communities: Mapping[str, str]) -> Row:
    state = State(case["state"])
    meta, tone = time_left(case, now)
    is_open = state not in ENDED
    where = (
        " · ".join(
            part
            for part in (
                communities.get(case["community_id"], ""),
                grids.get(case["grid_id"], ""),
                case["place_text"],
            )
            if part
        )
        or "地点未定"
    )
    danger = is_open and case["is_urgent"]
    return row(
        case["title"],
        href=f"/cases/{case['id']}/",
        id=case["id"],
        sub=f"{where} · {case['handler_name'] or '未派单'}",
        meta=meta,
        meta_tone=tone,
        pill="险情" if danger else _SHORT_STATES[state],
        tone="late" if danger else _STATE_TONES.get(state, "neutral"),
        note=marks(case),
    )


def marks(case: Mapping[str, Any]) -> str:
    """Supervision, a priority that is not the usual one, number of reporters and urgings."""
    said = ["督办"] if case["is_supervised"] else []
    if case["priority"] != Priority.NORMAL:
        said.append(PRIORITY_NAMES[Priority(case["priority"])])
    if case["reporter_count"] > 1:
        said.append(f"{case['reporter_count']} 人反映")
    if case["urge_count"]:
        said.append(f"催办 {case['urge_count']} 次")
    return " · ".join(said)


def time_left(case: Mapping[str, Any], now: datetime) -> tuple[str, Tone]:
    """`答复还剩 2 小时`, `办结已超 1 天`, `计时暂停`, or the day it ended."""
    state = State(case["state"])
    if state in ENDED:
        return f"{day(case['ended_at'], now)}结束", "neutral"
    if state in PAUSED:
        return "计时已暂停", "neutral"
    left = clock_left(case["due_at"], now, DUE_SOON)
    return f"{'办结' if case['replied_at'] else '答复'}{left.words}", left.tone
