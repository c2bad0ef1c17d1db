"""What is read out of the sent forms, and how it is shown again when something was wrong."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict

from fuhui.domains.activities.rules.activity import Kind, Party, Plan
from fuhui.domains.activities.rules.series import Repeat
from fuhui.registry.places.web.desk import number
from fuhui.registry.places.web.entry import day, key, text
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.format import ZONE


def plan_in(post: QueryDict) -> Plan:
    """The plan that was typed. Raises BadInput naming the field."""
    return Plan(
        title=text(post, "title", 2000), text=text(post, "text", 5000), kind=text(post, "kind") or Kind.OTHER,
        place=text(post, "place", 2000), starts_at=moment(post, "starts_at", "开始时间"),
        ends_at=moment(post, "ends_at", "结束时间"), capacity=number(post, "capacity", "名额"),
        service_code=text(post, "service_code") or "culture.all", organiser=key(post, "organiser", "主办单位"),
    )


def repeat_in(post: QueryDict) -> Repeat | None:
    """How the plan is repeated; None for a single one. Raises BadInput without a last day."""
    every = text(post, "every")
    if not every:
        return None
    until = day(post, "until", "最后一天")
    if until is None:
        raise BadInput("until", "请填写重复到哪一天。", field="until")
    return Repeat(every, until, skip_holidays=bool(post.get("skip_holidays")))


def party_in(post: QueryDict) -> Party:
    """Who signs up."""
    heads = number(post, "heads", "人数") if post.get("heads", "").strip() else 1
    return Party(name=text(post, "name", 200), phone=text(post, "phone", 40), heads=heads)


def moment(post: QueryDict, name: str, what: str) -> datetime:
    """A moment on Shanghai's clock. Raises BadInput for none, or something else."""
    try:
        found = datetime.fromisoformat(text(post, name, 30))
    except ValueError as error:
        raise BadInput(name, f"请填写{what}，例如 2026-03-02 09:30。", field=name) from error
    return found.replace(tzinfo=ZONE) if found.tzinfo is None else found
