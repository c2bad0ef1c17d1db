"""Invented people: names, identity numbers of an area code that is not assigned, phones of a reserved block."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from fuhui.registry.people.rules.identity import check_digit

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文曲初栾迟丛牟隋衣慕宫"
)
_OLD = {"male": "国强|建国|德福|永刚|志远|福海|树林|洪亮|殿文|玉山|学礼|宝田|成林|振东|明德|守义|长顺|春生",
        "female": "秀兰|桂英|淑芬|玉珍|凤霞|秀梅|桂芹|翠萍|爱华|素云|美荣|玉兰|淑贤|瑞芝|金凤|惠敏|月娥|春花"}
_MIDDLE = {"male": "海涛|志刚|晓东|建军|伟|磊|永辉|立新|文斌|春晓|卫东|鹏|宏伟|振宇|军|勇|世杰|洪波",
           "female": "丽娜|晓红|海燕|静|敏|雪梅|慧|春玲|艳|玉玲|文静|芳|娟|晓燕|彩霞|丽华|红梅|莉"}
_YOUNG = {"male": "子轩|浩然|宇航|俊熙|一鸣|梓豪|嘉树|明哲|天佑|思源|家豪|奕辰|泽宇|皓宸|铭泽|书恒",
          "female": "梓涵|欣怡|诗涵|雨桐|思琪|可馨|若曦|语嫣|佳宁|一诺|梦瑶|芷晴|悦溪|沐瑶|心妍|清妍"}


class Somebody(NamedTuple):
    """One invented resident; `relation` to the head of the household."""

    name: str
    sex: str
    birth: date
    number: str
    phone: str
    relation: str


class Maker:
    """Makes people one after another, no identity number and no phone twice."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng, self.today, self._made = rng, today, 0

    def person(self, age: int, sex: str, surname: str = "", relation: str = "户主") -> Somebody:
        """Somebody of about this age; children have no phone."""
        birth = self.today - timedelta(days=age * 365 + age // 4 + self.rng.randint(1, 350))
        self._made += 1
        phone = f"1990000{1000 + self._made % 8800:04d}" if age >= 16 else ""
        name = (surname or self.rng.choice(SURNAMES)) + self._given(age, sex)
        return Somebody(name, sex, birth, self._number(birth, sex), phone, relation)

    def _given(self, age: int, sex: str) -> str:
        pool = _OLD if age >= 58 else _MIDDLE if age >= 24 else _YOUNG
        return self.rng.choice(pool[sex].split("|"))

    def _number(self, birth: date, sex: str) -> str:
        order = self._made % 500 * 2 + (1 if sex == "male" else 0)
        area = 990100 + self._made // 500
        first = f"{area}{birth:%Y%m%d}{order:03d}"
        return first + check_digit(first)


def family(maker: Maker) -> list[Somebody]:
    """The people behind one door, the head first: old couples, people alone, parents with children, three ages."""
    rng, kind = maker.rng, maker.rng.random()
    if kind < 0.13:
        return [maker.person(rng.randint(66, 90), rng.choice(["female", "female", "male"]))]
    if kind < 0.23:
        return [maker.person(rng.randint(23, 45), rng.choice(["female", "male"]))]
    if kind < 0.45:
        return _couple(maker, rng.randint(60, 82))
    parents = _couple(maker, rng.randint(29, 54))
    surname, children = parents[0].name[0], rng.choice([1, 1, 1, 2, 0])
    own = [_child(maker, parents[1].birth, surname) for _ in range(children)]
    return [*parents, *own, *([_elder(maker, surname)] if kind > 0.88 else [])]


def _couple(maker: Maker, age: int) -> list[Somebody]:
    wife = maker.person(max(24, age - maker.rng.randint(0, 4)), "female", relation="配偶")
    return [maker.person(age, "male"), wife]


def _child(maker: Maker, mother: date, surname: str) -> Somebody:
    sex = maker.rng.choice(["male", "female"])
    age = max(1, (maker.today - mother).days // 365 - maker.rng.randint(23, 33))
    return maker.person(min(age, 26), sex, surname, "子" if sex == "male" else "女")


def _elder(maker: Maker, surname: str) -> Somebody:
    sex = maker.rng.choice(["female", "male"])
    relation = "母" if sex == "female" else "父"
    return maker.person(maker.rng.randint(65, 88), sex, surname if sex == "male" else "", relation)
