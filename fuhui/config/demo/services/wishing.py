"""Wishes from the wall to thanks: three winters, and what hangs on the wall now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from fuhui.config.demo.clock import Clock
from fuhui.config.demo.services.programme import YEARS
from fuhui.config.demo.services.years import KEYS
from fuhui.config.demo.world import Span, Town, act
from fuhui.domains.wishes.actions.claiming import ClaimInput, claim_wish
from fuhui.domains.wishes.actions.fulfilling import confirm_claim, deliver_claim, thank
from fuhui.domains.wishes.actions.publishing import Wisher, approve_wish, publish_wish
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.rules.wish import Claimer, Kind, WishWords
from fuhui.shared.viewers import Viewer


class Hope(NamedTuple):
    """A wish: title, words, whose it is, worth, thanks ('' for none), parts."""

    title: str
    text: str
    whom: str
    yuan: int
    thanks: str = ""
    parts: int = 1


WINTERS: tuple[Hope, ...] = (
    Hope("一床厚棉被", "旧被子薄了，夜里冷。", "empty_nest", 180, "被子很厚实，晚上不冷了，谢谢好心人。"),
    Hope("一台电热水袋", "腿脚怕凉。", "hardship", 60, "暖在手上，也暖在心里。"),
    Hope("一双防滑棉鞋", "雪天出门怕摔。", "empty_nest", 120, "鞋底不滑，出门放心了。"),
    Hope("一套课外书", "孩子三年级，喜欢看书。", "migrant_worker", 150, "孩子天天抱着看，谢谢叔叔阿姨。"),
    Hope("一辆助行小推车", "买菜时能推着走。", "disabled", 220, "现在自己能去早市了。"),
    Hope("一件羽绒服", "上班路上穿。", "single_mother", 260, ""),
    Hope("一个书包和文具", "开学要用。", "hardship", 130, "书包很漂亮，我会好好学习。"),
    Hope("一台收音机", "白天一个人在家，想听戏。", "empty_nest", 90, "天天听吕剧，屋里热闹了。"),
    Hope("一把洗澡椅", "站着洗澡累。", "disabled", 140, ""),
    Hope("一箱牛奶和鸡蛋", "给老人补补身体。", "hardship", 110, "谢谢大家惦记。"),
)
NOW: tuple[Hope, ...] = (
    Hope("一台血压计", "想每天自己量一量。", "empty_nest", 160),
    Hope("教我用手机挂号", "去医院看病总要麻烦孩子。", "empty_nest", 0),
    Hope("一套初中英语听力书", "孩子今年升初一。", "single_mother", 80),
    Hope("修一修漏水的水龙头", "厨房的一直滴水。", "disabled", 0),
    Hope("十双棉手套", "给清晨扫雪的保洁师傅。", "migrant_worker", 15, "", 10),
    Hope("一盏护眼台灯", "孩子写作业用。", "hardship", 120),
    Hope("陪着去公园走一走", "一个人出门家里不放心。", "disabled", 0),
    Hope("一个保温饭盒", "中午在工地吃饭。", "migrant_worker", 70),
    Hope("理一次发", "下楼不方便。", "empty_nest", 0),
)
_CLAIMERS = ("毓璜顶医院", "康爱眼科", "物业", "综合党委", "五福百惠")
_NAMES = ("吕桂芳", "曹玉兰", "韩立新", "谢春花", "唐海燕", "冯宝田", "于学礼", "董秀梅", "袁凤霞", "邓志刚")


def wish_of_winters(town: Town, clock: Clock, span: Span) -> None:
    """Ten wishes each December: entered, put on the wall, claimed, brought, confirmed, thanked for."""
    for year in YEARS:
        for place, hope in enumerate(WINTERS):
            clock.set(span.at(date(year, 12, 5), 9, place))
            wish = _hang(town, hope, place, year)
            clock.set(span.at(date(year, 12, 9), 10, place))
            claim = _claim(town, wish, place)
            clock.set(span.at(date(year, 12, 12), 14, place))
            _fulfil(town, wish, claim, hope)


def wish_lately(town: Town, clock: Clock, span: Span) -> None:
    """What came in these weeks: two came true, one is on its way, one waits to be confirmed, the others hang there."""
    wishes: list[Wish] = []
    for place, hope in enumerate(NOW):
        clock.set(span.at(span.last - timedelta(days=9), 9, place))
        wishes.append(_hang(town, hope, place, span.last.year))
    clock.set(span.at(span.last - timedelta(days=5), 10))
    claims = [_claim(town, wish, place) for place, wish in enumerate(wishes[:4])]
    clock.set(span.at(span.last - timedelta(days=2), 15))
    for wish, claim, words in zip(wishes, claims, ("天天量，心里有数了。", "会挂号了，谢谢小林老师。"), strict=False):
        _fulfil(town, wish, claim, Hope("", "", "", 0, words))
    act(_worker(town, 2), deliver_claim, claim_id=claims[2].pk, minutes=30)
    act(town.staff[0], publish_wish, community_id=town.id, request_key=uuid5(KEYS, "wish pending"),
        wisher=Wisher(name="孟繁荣"), wish=WishWords(title="一个新的暖水瓶", text="原来的不保温了。",
                                                  for_whom="hardship", value_yuan=60))


def _hang(town: Town, hope: Hope, place: int, year: int) -> Wish:
    """Written down by a grid worker for the wisher, put on the wall by the secretary."""
    by, grid = _worker(town, place), _grid(town, place)
    wish = WishWords(
        title=hope.title, text=hope.text, kind=Kind.GOODS if hope.yuan else Kind.SERVICE, for_whom=hope.whom,
        value_yuan=hope.yuan, parts=hope.parts, grid=grid,
    )
    row = act(by, publish_wish, community_id=town.id, wish=wish, wisher=Wisher(name=_NAMES[place % len(_NAMES)]),
              request_key=uuid5(KEYS, f"wish {year} {hope.title}"))
    return act(town.secretary, approve_wish, wish_id=row.pk, title=hope.title, text=hope.text)


def _claim(town: Town, wish: Wish, place: int) -> WishClaim:
    """By a unit that rang up, or by a worker for themselves."""
    key = uuid5(KEYS, f"claim {wish.request_key}")
    if place % 3:
        unit = _CLAIMERS[place % len(_CLAIMERS)]
        claim = ClaimInput(kind=Claimer.UNIT, parts=min(wish.parts, 4), name=unit, organisation=town.units[unit],
                           phone=f"1990000{place:04d}", is_self=False)
    else:
        claim = ClaimInput(parts=min(wish.parts, 4))
    return act(_worker(town, place), claim_wish, wish_id=wish.pk, claim=claim, request_key=key)


def _fulfil(town: Town, wish: Wish, claim: WishClaim, hope: Hope) -> None:
    act(town.staff[0], deliver_claim, claim_id=claim.pk, minutes=30)
    act(town.secretary, confirm_claim, claim_id=claim.pk)
    if hope.thanks:
        act(town.secretary, thank, wish_id=wish.pk, words=hope.thanks, is_shown=True)


def _worker(town: Town, place: int) -> Viewer:
    return town.workers[place % len(town.workers) + 1]


def _grid(town: Town, place: int) -> UUID:
    return next(block.grid_id for block in town.blocks if block.grid == place % len(town.workers) + 1)
