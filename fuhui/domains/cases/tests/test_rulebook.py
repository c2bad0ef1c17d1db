"""The community's own rules: tried on past cases before they are switched on."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from fuhui.domains.cases.actions.rulebook import (
    move_rule,
    retire,
    rules_of,
    save_category,
    save_rule,
    switch_on,
    try_rule,
)
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place, moment

from .conftest import Enter

pytestmark = pytest.mark.django_db


def test_a_routing_rule_is_tried_switched_on_and_gives_cases_to_the_grid_worker(
    community: Place, entered: Enter, zhao: Viewer, chen: Viewer
) -> None:
    entered(chen, "3号楼楼道灯不亮")
    entered(chen, "5号楼垃圾没人收")
    with acting(chen):
        data = {"name": "灯归网格员", "words": ["灯"], "to_grid_worker": True}
        rule = save_rule(by=chen, community_id=community.id, kind="routing", data=data)
        with pytest.raises(RuleBroken, match="试运行"):
            switch_on(by=chen, community_id=community.id, kind="routing", rule_id=rule.id)
        tried = try_rule(by=chen, community_id=community.id, kind="routing", rule_id=rule.id)
        switch_on(by=chen, community_id=community.id, kind="routing", rule_id=rule.id)
    assert (tried.looked_at, tried.matched) == (2, 1)
    assert (tried.changes[0].before, tried.changes[0].after) == ("未派单", "赵敏")
    case = entered(chen, "3号楼2单元的灯坏了")
    assert (case.state, case.handler_name) == ("handling", "赵敏")
    with acting(chen):
        retire(by=chen, community_id=community.id, kind="routing", rule_id=rule.id)
    assert entered(chen, "3号楼3单元的灯坏了").state == "submitted"


def test_a_clock_for_one_category_replaces_the_general_one(community: Place, entered: Enter, chen: Viewer) -> None:
    with acting(chen):
        data = {
            "priority": "normal", "category_code": "noise", "reply_amount": 30, "reply_unit": "minutes",
            "close_amount": 2, "close_unit": "days", "pace": "continuous",
        }  # fmt: skip
        row = save_rule(by=chen, community_id=community.id, kind="clock", data=data)
        try_rule(by=chen, community_id=community.id, kind="clock", rule_id=row.id)
        switch_on(by=chen, community_id=community.id, kind="clock", rule_id=row.id)
    case = entered(chen, "楼上电钻声太吵了，天天噪音", received_at=moment("2026-03-06 16:00"))
    assert (case.pace, case.close_due_at) == ("continuous", moment("2026-03-08 16:00"))


def test_a_night_rule_makes_noise_pressing(community: Place, entered: Enter, chen: Viewer) -> None:
    with acting(chen):
        data = {
            "name": "夜间噪音", "category_codes": ["noise"], "time_from": time(22), "time_to": time(6),
            "priority": "livelihood",
        }  # fmt: skip
        rule = save_rule(by=chen, community_id=community.id, kind="priority", data=data)
        try_rule(by=chen, community_id=community.id, kind="priority", rule_id=rule.id)
        switch_on(by=chen, community_id=community.id, kind="priority", rule_id=rule.id)
    night = entered(chen, "楼下酒吧音响太吵睡不着", received_at=moment("2026-03-09 23:30"))
    day = entered(chen, "楼下酒吧音响太吵", received_at=moment("2026-03-09 15:30"))
    assert (night.priority, day.priority) == ("livelihood", "normal")


def test_rules_are_the_secretarys(community: Place, zhao: Viewer) -> None:
    with acting(zhao), pytest.raises(NotAllowed, match="书记"):
        save_rule(by=zhao, community_id=community.id, kind="priority", data={"name": "x", "priority": "urgent"})


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("routing", {"name": "没有去向"}, "routing_target"),
        ("priority", {"name": "没有优先级", "priority": "火星"}, "bad_field"),
        ("clock", {"priority": "normal", "reply_amount": -1, "close_amount": 1, "pace": "working"}, "bad_field"),
    ],
)
def test_a_rule_that_makes_no_sense_names_the_field(
    community: Place, chen: Viewer, kind: str, data: dict[str, object], code: str
) -> None:
    with acting(chen), pytest.raises(BadInput) as caught:
        save_rule(by=chen, community_id=community.id, kind=kind, data=data)
    assert caught.value.code == code
    assert caught.value.details["field"]


def test_a_changed_rule_takes_the_place_of_the_old_one_and_order_can_be_changed(community: Place, chen: Viewer) -> None:
    with acting(chen):
        here: dict[str, Any] = {"by": chen, "community_id": community.id, "kind": "priority"}
        first = save_rule(**here, data={"name": "甲", "words": ["灯"], "priority": "livelihood", "position": 10})
        second = save_rule(**here, data={"name": "乙", "words": ["水"], "priority": "livelihood", "position": 20})
        for rule in (first, second):
            try_rule(**here, rule_id=rule.id)
            switch_on(**here, rule_id=rule.id)
        assert [row.id for row in move_rule(**here, rule_id=second.id, up=True)] == [second.id, first.id]
        changed = save_rule(**here, rule_id=first.id, data={"name": "甲改", "words": ["路灯"], "priority": "normal"})
        try_rule(**here, rule_id=changed.id)
        switch_on(**here, rule_id=changed.id)
        states = {getattr(row, "name", ""): row.state for row in rules_of(chen, community.id, "priority")}
    assert states == {"甲": "retired", "甲改": "active", "乙": "active"}


def test_a_category_of_the_communitys_own_can_be_added(community: Place, entered: Enter, chen: Viewer) -> None:
    with acting(chen):
        row = save_category(by=chen, community_id=community.id, data={"code": "own.parcel", "name": "快递柜"})
    assert row.name == "快递柜"
