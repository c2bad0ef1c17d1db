"""What is open today: matters of the last days that stop where somebody has to act, one of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from fuhui.config.demo.planning import Plan, plan_one
from fuhui.config.demo.texts import Matter
from fuhui.config.demo.world import Span, Town
from fuhui.shared.calendar.queries import load_calendar

Row = tuple[int, int, int, str, str]
# Working days before the last day, hour and minute; where the story stops; the beginning of the matter's first voice.
_LATELY: tuple[Row, ...] = (
    (0, 6, 42, "new", "{b}的垃圾桶"), (0, 8, 5, "new", "{d}单元门锁坏了"), (0, 9, 26, "new", "楼上天天半夜"),
    (0, 13, 12, "new", "想借"), (0, 15, 40, "new", "{d}二楼的灯又不亮了"), (0, 16, 21, "new", "又有车停在"),
    (0, 10, 8, "accepted", "一下雨{b}"), (0, 11, 15, "handling", "{d}电梯又坏了"), (0, 9, 2, "handling", "家里水流"),
    (1, 15, 30, "extension", "{b}南面那棵大杨树"), (0, 8, 45, "extension", "单元门口有三级台阶"),
    (1, 10, 20, "objection", "烤冷面的"), (2, 14, 10, "objection", "{b}后面一辆破面包"),
    (4, 10, 0, "street", "学校放学那半小时"), (6, 9, 15, "street", "福惠路人行道"),
    (9, 14, 30, "street", "{b}后院墙歪了"), (1, 14, 5, "waiting", "楼上漏水"), (3, 9, 50, "waiting", "我家那口子"),
    (12, 10, 30, "suspended", "儿童滑梯"), (20, 15, 10, "suspended", "手机在{b}"),
    (3, 16, 0, "whistle", "地下室让人"), (1, 9, 5, "checking", "{b}前头路上"), (1, 11, 0, "checking", "{d}楼梯扶手"),
    (2, 10, 45, "call_back", "健身器材"), (1, 8, 50, "call_back", "{b}有俩"), (9, 9, 30, "handling", "{a}中心花坛"),
    (11, 16, 10, "handling", "晚上十点"), (8, 13, 30, "handling", "有人在{b}"),
)  # fmt: skip
# What Wang of the resident's account has raised, newest last; an empty stop: told to its end.
_WANGS: tuple[Row, ...] = (
    (64, 9, 20, "", "社区活动室"), (40, 15, 10, "", "{d}二楼的灯"), (24, 8, 40, "", "路灯"),
    (4, 10, 15, "call_back", "单杠"), (1, 14, 40, "handling", "{d}一楼下水道"), (0, 8, 55, "new", "建议在"),
)  # fmt: skip
# What waits in each neighbouring community; the number is added to the days, so that they differ.
_NEXT_DOOR: tuple[Row, ...] = (
    (0, 9, 12, "new", "{b}东头那两个"), (0, 14, 20, "new", "门禁刷卡"), (1, 10, 30, "handling", "老跳闸"),
    (2, 9, 30, "street", "{b}后院墙歪了"), (7, 15, 10, "handling", "地库保洁"), (1, 14, 50, "checking", "{b}东头井盖"),
    (4, 10, 5, "street", "学校放学那半小时"),
)  # fmt: skip
HOME_GRID = 3


def lately(town: Town, matters: list[Matter], span: Span, rng: Random) -> list[Plan]:
    """The open matters of 福惠社区, and those of the resident who can sign in."""
    return [*_chosen(town, matters, span, rng, _LATELY, ""), *_chosen(town, matters, span, rng, _WANGS, "wang")]


def _chosen(
    town: Town, matters: list[Matter], span: Span, rng: Random, rows: tuple[Row, ...], wants: str,
) -> Iterator[Plan]:
    for days, hour, minute, stop, begins in rows:
        matter, voice = _find(matters, begins)
        blocks = [block for block in town.blocks if block.grid == HOME_GRID] if wants or not days else town.blocks
        block = rng.choice(blocks if wants else town.blocks)
        at = span.at(_working_days_back(span.last, days), hour, minute)
        plan = plan_one(town, matter, voice, block, at, rng)
        plan.stop, plan.wants, plan.further = stop, wants, []
        plan.source = "form" if wants else plan.source
        yield plan


def lately_next_door(town: Town, place: int, matters: list[Matter], span: Span, rng: Random) -> list[Plan]:
    """The open matters of the neighbour at `place`; not all of them wait for the street."""
    return list(_chosen(town, matters, span, rng, _NEXT_DOOR[: len(_NEXT_DOOR) - place], ""))


def _working_days_back(day: date, count: int) -> date:
    """The working day that lies so many working days before `day`; the day itself for none."""
    while count:
        day -= timedelta(days=1)
        count -= load_calendar().is_working(day)
    return day


def _find(matters: list[Matter], begins: str) -> tuple[Matter, int]:
    for matter in matters:
        for number, voice in enumerate(matter.voices):
            if voice.startswith(begins):
                return matter, number
    return next((matter, n) for matter in matters for n, voice in enumerate(matter.voices) if begins in voice)
