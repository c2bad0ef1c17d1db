"""The named series of the community and on which days of three years they were held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fuhui.domains.activities.rules.activity import Kind

FIRST_YEAR, YEARS = 2019, (2019, 2020, 2021)
_CLOSED = (date(2020, 1, 24), date(2020, 5, 8))  # nobody gathered in these months


@dataclass(frozen=True)
class Series:
    """A series: its title, what it is, who gives it, when, and about how many come."""

    title: str
    kind: Kind
    service: str
    place: str
    team: str
    months: tuple[int, ...]
    heads: int
    weekday: int = 5
    week: int = 2
    hour: int = 9
    hours: int = 3
    organiser: str = "五福百惠"
    each_week: int = 1


_ALL_YEAR = tuple(range(1, 13))
SERIES: tuple[Series, ...] = (
    Series(
        "和谐睦邻·邻里守望", Kind.FESTIVAL, "warmth.all", "福惠广场", "巾帼队", _ALL_YEAR, 96,
        organiser="彩虹服务队",
    ),
    Series(
        "消夏晚会", Kind.SHOW, "culture.all", "福惠广场", "青年队", (7, 8), 392, weekday=4, week=1, hour=19,
        hours=2, organiser="合唱团", each_week=2,
    ),
    Series(
        "趣味运动会", Kind.SPORTS, "culture.all", "社区小学操场", "青年队", (5, 10), 205, weekday=6, week=3,
    ),
    Series(
        "党建知识抢答赛", Kind.OTHER, "culture.all", "党群服务中心报告厅", "党员队", (6,), 138, weekday=6,
        week=4, organiser="综合党委",
    ),
    Series(
        "“奋斗为人民”文艺演出", Kind.SHOW, "culture.all", "福惠广场", "党员队", (9,), 345, weekday=5,
        week=4, hour=19, hours=2, organiser="综合党委",
    ),
    Series(
        "书画摄影艺术展", Kind.EXHIBITION, "culture.all", "党群服务中心一楼", "慈善义工队", (1, 9), 225,
        weekday=5, week=1, hours=7,
    ),
    Series(
        "“冬天不再寒冷”微心愿认领", Kind.FESTIVAL, "warmth.hardship", "党群服务中心", "慈善义工队", (12,),
        108, weekday=6, week=2, organiser="彩虹服务队",
    ),
    Series(
        "大手牵小手", Kind.COURSE, "skill.migrant_worker", "四点半课堂", "青年队", (3, 6, 9, 11), 46,
        weekday=6, week=2, hours=2, organiser="四点半",
    ),
    Series(
        "情暖福惠", Kind.FESTIVAL, "warmth.empty_nest", "阳光食堂", "阳光助老队", (1, 10), 104, weekday=6,
        week=2, organiser="彩虹服务队",
    ),
    Series(
        "福惠讲堂", Kind.LECTURE, "health.all", "党群服务中心报告厅", "阳光助老队",
        (3, 4, 6, 8, 10), 66, weekday=3, week=3, hours=2, organiser="卫生院",
    ),
    Series(
        "健康义诊", Kind.CLINIC, "health.empty_nest", "健康驿站", "阳光助老队", (3, 6, 9, 12), 88, weekday=5,
        week=4, hours=4, organiser="毓璜顶医院",
    ),
    Series(
        "我们的节日", Kind.FESTIVAL, "culture.all", "福惠广场", "巾帼队", (2, 6, 9), 148, weekday=6, week=3,
    ),
    Series(
        "洁净家园", Kind.OTHER, "clean.all", "各网格", "党员队", (4, 11), 62, weekday=5, week=3, hours=2,
        organiser="彩虹服务队",
    ),
)
_TOPICS = (
    "高血压怎么管", "春季养生", "防诈骗", "家庭急救", "合理用药", "颈椎保健", "垃圾分类", "民法典进家庭",
    "骨质疏松", "冬季防滑",
)
_FEASTS = {2: "元宵", 6: "端午", 9: "中秋"}


@dataclass(frozen=True)
class Held:
    """One activity of a series: its day, its title, and how many come."""

    series: Series
    day: date
    title: str
    heads: int


def programme(rng: Random) -> list[Held]:
    """Everything of the three years in the order of its days, one a day."""
    found = sorted(_held(rng), key=lambda one: one[0])
    held: list[Held] = []
    for day, series, place in found:
        free = max(day, held[-1].day + timedelta(days=1)) if held else day
        heads = int(series.heads * rng.uniform(0.84, 1.1))
        held.append(Held(series, free, _titled(series, free, place), heads))
    return held


def _held(rng: Random) -> Iterator[tuple[date, Series, int]]:
    for year in YEARS:
        for series in SERIES:
            for place, month in enumerate(series.months):
                for again in range(series.each_week):
                    day = _weekday(year, month, series.weekday, series.week + again)
                    if not _CLOSED[0] <= day <= _CLOSED[1]:
                        yield day, series, place + again + rng.randrange(3)


def _weekday(year: int, month: int, weekday: int, week: int) -> date:
    """The n-th such day of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))


def _titled(series: Series, day: date, place: int) -> str:
    if series.title == "福惠讲堂":
        return f"福惠讲堂：{_TOPICS[(day.month + place) % len(_TOPICS)]}"
    if series.title == "我们的节日":
        return f"我们的节日·{_FEASTS[day.month]}"
    return f"{series.title}（{day.year}年{day.month}月）"
