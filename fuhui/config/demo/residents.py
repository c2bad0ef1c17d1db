"""Residents of 福惠社区: the list that its office would have in Excel, imported the way an office imports it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from random import Random
from uuid import UUID

from fuhui.config.demo.people_made import Maker, Somebody, family
from fuhui.config.demo.world import Town, act
from fuhui.registry.people import actions
from fuhui.registry.people.models import Person
from fuhui.registry.people.rules.identity import age_on
from fuhui.shared.errors import RuleBroken
from fuhui.shared.tenancy.scope import enter
from fuhui.shared.viewers import Viewer

HEADINGS = ("姓名", "身份证号", "联系电话", "与户主关系", "家庭住址", "政治面貌", "人口类别", "人员类别")
LIVED_IN = 0.86
NOTICE = "2026-01"
_TAKEN_BACK = (19, 31, 49)  # places of those who gave it for calls and took it back


def import_residents(town: Town, maker: Maker, by: Viewer) -> None:
    """About 1,500 homes with 3,500 people through upload, mapping, check and import. Raises RuleBroken where the
    import reports a problem: the list is ours, so it must go through."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(_rows(town, maker))
    content = text.getvalue().encode("utf-8-sig")
    batch = act(
        by, actions.upload_list, community_id=town.id, file_name="福惠社区居民名册.csv", chunks=[content],
        size=len(content),
    )
    mapping = {int(column): name for column, name in batch.mapping.items()}
    act(by, actions.map_import, batch_id=batch.id, mapping=mapping)
    act(by, actions.check_import, batch_id=batch.id)
    act(by, actions.start_import, batch_id=batch.id)
    done = act(by, actions.run_import, batch_id=batch.id)
    if done.error:
        raise RuleBroken("demo_import", done.error)


def note_consents(town: Town, rng: Random, by: Viewer, count: int = 60) -> None:
    """Consent of some residents, given on paper or on a visit; a few take one back."""
    enter(by)
    chosen = rng.sample(_known(town), count)
    for place, person in enumerate(chosen):
        for purpose in ("registry", "contact", "health")[: 1 + place % 3]:
            channel = rng.choice(["paper", "visit", "wechat"])
            act(by, actions.record_consent, person_id=person, purpose=purpose, version=NOTICE, channel=channel)
        if place in _TAKEN_BACK:
            act(by, actions.withdraw_consent, person_id=person, purpose="contact", channel="phone", note="不想再接电话")


def person_named(town: Town, name: str) -> UUID:
    """The resident of this name."""
    return Person.objects.filter(community_id=town.id, name=name).order_by("id").values_list("id", flat=True)[0]


def grown_ups(town: Town, rng: Random, count: int) -> list[UUID]:
    """Some residents who are of age, for teams and branches."""
    return rng.sample(_known(town), count)


def _known(town: Town) -> list[UUID]:
    rows = Person.objects.filter(community_id=town.id, birth_date__year__lte=2005)
    return list(rows.order_by("birth_date", "name", "sex").values_list("id", flat=True)[:800])


def _rows(town: Town, maker: Maker) -> Iterator[list[str]]:
    wang = maker.person(67, "female", "王")._replace(name="王秀兰")
    home = next(block for block in town.blocks if block.grid == 3)
    yield _row(wang, f"{home.area}{home.number}号楼1单元301", ["独居老人", "愿做志愿者"])
    lin = maker.person(34, "male", "林")._replace(name="林晓峰")
    yield _row(lin, f"{home.area}{home.number}号楼1单元302", ["愿做志愿者"])
    for block in town.blocks:
        for unit in range(1, block.units + 1):
            for door in (f"{floor}0{side}" for floor in range(1, block.floors + 1) for side in (1, 2)):
                taken = block is home and unit == 1 and door in {"301", "302"}
                if not taken and maker.rng.random() < LIVED_IN * min(1.0, 6 / block.floors):
                    yield from _family(maker, f"{block.area}{block.number}号楼{unit}单元{door}")


def _family(maker: Maker, address: str) -> Iterator[list[str]]:
    people = family(maker)
    for one in people:
        yield _row(one, address, _cards(maker, one, alone=len(people) == 1, pair=len(people) == 2))


def _row(one: Somebody, address: str, cards: list[str]) -> list[str]:
    party = "中共党员" if "党员" in cards else "群众"
    residence = "流动人口" if one.number[-2] in "7" else "户籍人口"
    return [one.name, one.number, one.phone, one.relation, address, party, residence, "、".join(cards)]


def _cards(maker: Maker, one: Somebody, *, alone: bool, pair: bool) -> list[str]:
    age, rng = age_on(one.birth, maker.today), maker.rng
    shares = (
        ("独居老人", 1.0 if alone and age >= 65 else 0), ("空巢老人", 0.6 if pair and age >= 65 else 0),
        ("高龄老人", 1.0 if age >= 80 else 0), ("低保", 0.012), ("残疾", 0.035 if age > 30 else 0.006),
        ("慢性病", 0.3 if age >= 60 else 0.03), ("失能卧床", 0.04 if age >= 80 else 0),
        ("党员", 0.14 if age >= 26 else 0), ("退役军人", 0.05 if one.sex == "male" and age >= 25 else 0),
        ("失业", 0.02 if 22 <= age <= 58 else 0), ("愿做志愿者", 0.08 if 16 <= age <= 72 else 0),
        ("孕产妇", 0.04 if one.sex == "female" and 24 <= age <= 38 else 0), ("困境儿童", 0.008 if age < 16 else 0),
    )
    return [name for name, share in shares if rng.random() < share]
