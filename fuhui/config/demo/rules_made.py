"""The community's own rules: drafted by the secretary, tried on last month's cases, then switched on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from fuhui.config.demo.world import Town, act
from fuhui.domains.cases.actions.rulebook import save_rule, switch_on, try_rule
from fuhui.domains.cases.rules.clocks import Priority

Rule = tuple[str, Mapping[str, Any]]


def rules(town: Town) -> list[Rule]:
    """Who gets what at once, and what counts as more pressing."""
    return [
        ("routing", {"name": "电梯和门禁直接派物业", "position": 10, "organisation_id": town.units["物业"],
                     "category_codes": ["property.lift", "property.door"]}),
        ("routing", {"name": "停车和宠物先由本网格上门", "position": 20, "to_grid_worker": True,
                     "category_codes": ["traffic.parking", "environment.pet"]}),
        ("priority", {"name": "老人、轮椅出行受阻提为民生急", "position": 10, "priority": Priority.LIVELIHOOD,
                      "words": ["轮椅", "独居", "老人摔"]}),
        ("priority", {"name": "加装电梯和屋面防水按复杂", "position": 20, "priority": Priority.COMPLEX,
                      "words": ["加装电梯", "屋面防水", "顶层漏雨"]}),
    ]  # fmt: skip


def make_rules(town: Town, begin: datetime, later: datetime) -> Iterator[datetime]:
    """Drafts on one day, tried and switched on on another; one draft stays for the next meeting."""
    yield begin
    drafts = [(kind, act(town.secretary, save_rule, community_id=town.id, kind=kind, data=data).id)
              for kind, data in rules(town)]
    yield later
    for kind, rule_id in drafts:
        act(town.secretary, try_rule, community_id=town.id, kind=kind, rule_id=rule_id)
        act(town.secretary, switch_on, community_id=town.id, kind=kind, rule_id=rule_id)
    idea = {"name": "夜里的噪音先由派出所看", "position": 30, "organisation_id": town.units["派出所"],
            "category_codes": ["noise"], "time_from": "22:00", "time_to": "06:00"}  # fmt: skip
    act(town.secretary, save_rule, community_id=town.id, kind="routing", data=idea)

