# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Where something is: buildings, units, floors, rooms, streets and spots in Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from fuhui.triage.numerals import half_width, to_number
from fuhui.triage.vocabulary import Place

NUM = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
MARK = r"(?:号楼|號樓|号樓|栋(?!楼)|棟|幢|#楼|#(?=\d|[^\d\w]|[\u4e00-\u9fff]|$)|号院楼)"
LIST = re.compile(
    rf"(?<![\d.\-])({NUM}(?:\s?[、,，和跟与到至\-~—]\s?{NUM}){{1,12}})\s?(?:号楼|栋|幢|#楼|#)"
)
BUILDING = re.compile(rf"(?<![\dA-Za-z.])([A-Za-z]?\d{{1,3}}[A-Za-z]?)\s?{MARK}|([一二三四五六七八九十]{{1,3}})\s?(?:号楼|栋(?!楼)|幢)")
SEAT = re.compile(r"(?<![A-Za-z])([A-Za-z]\d?|\d{1,2})\s?(?:座|栋|幢)(?!位|谈|椅|机)|(?<![A-Za-z0-9])([A-Z]\d?)\s?(?:号楼|楼|区)")
UNIT = re.compile(r"(\d{1,2}|[一二三四五六七八九十甲乙丙丁]|[东中西])\s?(?:单元|單元)|(?<=楼)\s?(\d)\s?门(?!口|卫|禁|前)")
FLOOR = re.compile(r"(?<![\d号])(\d{1,2}|负?[一二三四五六七八九十]{1,3})\s?(?:楼|樓|层)(?!长|道|梯|下|上|顶|管|主|盘)")
UNDER = re.compile(r"[Bb](\d)层?|(?:负|地下)([一二三123])层")
TRIPLE = re.compile(r"(?<![\d\-])(\d{1,2}|[A-Za-z])\s?[-—–_]\s?(\d{1,2})\s?[-—–_]\s?(\d{3,4})(?![\d\-])")
PAIR = re.compile(r"(?<![\d\-A-Za-z.])(\d{1,2}|[A-Za-z]\d?)\s?[-—–]\s?(\d{1,2}0[1-9]|\d{1,2}1\d|\d{1,2}20)(?![\d\-.:年月元块])")
ROOM = re.compile(r"(?:单元|楼|栋|幢|座|#|层)\s?(\d{3,4}|[一二三四五六七八九十零〇]{3,4})(?![\d\-元块斤个人])")
STREET = re.compile(r"[\u4e00-\u9fff]{1,3}?(?:\d{1,4}弄|胡同|大道|巷(?!口)|街(?!道|坊|头|边)|路(?![灯口边面人过上线费由])|巷(?=口)|路(?=口|边|灯|面))")
NUMBERED = re.compile(r"(?<=[路街巷弄])(\d{1,4})号(?!楼)|(?<!\d)(\d{1,4})号(?:院(?!楼)|门口|门前|店|铺|门脸)")
GATE = re.compile(r"([东南西北]|东南|西南|东北|西北|正|大|小|后|侧)门(?!卫|禁|铃|诊)")
SIDE = re.compile(r"(?<=[楼栋幢座])\s?(?:的)?([东南西北])(?:边|侧|头|面|梯|山墙)")
AREA = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:小区|家园|花园(?!里)|花苑|嘉苑|[锦雅华景丽和]苑|公寓|新村|宿舍|公馆|华府|名邸|庄园|佳苑)")
SPOTS = (
    "车棚|自行车棚|充电棚|充电桩|地下车库|地库|车库|停车场|坡道|滑梯|沙坑|秋千|健身器材|健身区|健身角|乒乓球台|"
    "篮球场|足球场|广场|花坛|凉亭|亭子|长廊|花园|小游园|公园|喷泉|水池|池塘|人工湖|湖边|河边|桥头|桥下|"
    "快递柜|驿站|菜鸟|超市|小卖部|菜市场|早市|菜店|水果店|烧烤摊|面馆|饭店|理发店|棋牌室|网吧|酒吧|"
    "幼儿园|学校|小学|中学|卫生站|卫生室|医院|药店|活动室|活动中心|老年食堂|食堂|日间照料|居委会|社区大厅|警务室|"
    "锅炉房|换热站|配电室|配电箱|泵房|水泵房|变压器|基站|粮站|公厕|厕所|茅房|垃圾站|垃圾房|垃圾桶|垃圾点|转运站|"
    "岗亭|门卫|门岗|大厅|电梯间|楼梯间|楼顶|天台|屋顶|顶楼|地下室|储藏室|围墙|红绿灯|十字路口|公交站|人行道|便道|"
    "绿化带|草坪|小树林|空地|晾衣|单元门|消防通道|宣传栏|雕塑|假山|戏台|祠堂|晒场|水塔|机井|大槐树|老槐树"
)
SPOT = re.compile(rf"(?:{SPOTS})")
SAME_SPOT = {
    "自行车棚": "车棚", "充电棚": "车棚", "地下车库": "地库", "车库": "地库", "茅房": "公厕",
    "厕所": "公厕", "楼顶": "天台", "屋顶": "天台", "顶楼": "天台", "亭子": "凉亭", "门卫": "岗亭",
    "门岗": "岗亭", "健身区": "健身器材", "健身角": "健身器材", "垃圾房": "垃圾站", "垃圾点": "垃圾站",
    "便道": "人行道", "水泵房": "泵房", "小学": "学校", "中学": "学校", "驿站": "菜鸟",
}  # fmt: skip
LEADING = "走到在往从去刚和跟与们的于就咱俺我你把对那这由沿至是有个进出"
NO_STREET = frozenset(
    ["马路", "道路", "走路", "一路", "网路", "电路", "线路", "公路", "铁路", "半路", "带路", "大街", "小路", "岔路", "思路", "出路", "回路", "迷路", "让路", "堵路", "水路", "挡路", "占路", "全路", "油路", "管路", "土路", "逛街", "上街", "满街", "扫街", "小巷", "街巷", "大路", "老路", "左路", "右路", "后路", "天路", "山路", "绕路", "问路"]
)
# Without one of these characters the patterns above find nothing: marks of buildings, units and floors; the rest by name.
MARKS, SIDES = frozenset("号號栋棟幢#座楼樓区单層层Bb负地-—–_门"), frozenset("楼栋幢座")
AREA_ENDS, STREET_ENDS = frozenset("区园苑寓村舍馆府邸"), frozenset("弄同道巷街路")
MENTION = re.compile(r"@所有人|@[^\s@，。：:]{1,30}")
CHINESE = "一二三四五六七八九十东西南北前后"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two places relate. ``score`` is -1..1; ``words`` says in Chinese what agrees."""

    conflict: bool
    score: float
    words: str


NOTHING_SAID = Comparison(False, 0.0, "")


@lru_cache(maxsize=8192)
def parse_place(text: str, *, sender: str = "", group: str = "") -> Place | None:
    """The place a message speaks of; None where nothing tells one.

    What the text says comes first. Where it names no building, one in the nickname is taken
    as a weak hint. ``group`` is kept in the result for later comparison, nothing more.
    """
    text = half_width(text[:2000])
    if "@" in text:
        text = MENTION.sub(" ", text)
    place = _named(text, group)
    if place.building or place.area or not sender:
        return None if place.is_empty else place
    hint = _hint(sender[:80], group)
    if not hint.building:
        return None if place.is_empty else place
    weak = place.is_empty
    return Place(
        hint.building, place.unit or hint.unit, place.floor or (hint.floor if weak else None),
        place.room or (hint.room if weak else None), hint.buildings, place.landmarks, None,
        group or None, True,
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _hint(sender: str, group: str) -> Place:
    return _named(half_width(sender), group)


def _named(text: str, group: str) -> Place:
    area = match[0] if not AREA_ENDS.isdisjoint(text) and (match := AREA.search(text)) else None
    if MARKS.isdisjoint(text):
        return Place(None, None, None, None, (), _landmarks(text), area, group or None)
    buildings, unit, room = _buildings(text), None, None
    if match := TRIPLE.search(text):
        building, unit, room = (to_number(part) for part in match.groups())
        buildings = [building, *(b for b in buildings if b != building)]
    elif match := PAIR.search(text):
        building, room = to_number(match[1]), match[2]
        buildings = [building, *(b for b in buildings if b != building)]
    if unit is None and (match := UNIT.search(text)):
        unit = to_number(match[1] or match[2])
    if room is None and (match := ROOM.search(text)):
        room = to_number(match[1])
    first = buildings[0] if buildings else None
    return Place(first, unit, _floor(text), room, tuple(buildings), _landmarks(text), area, group or None)


def _buildings(text: str) -> list[str]:
    found: list[str] = []
    for match in LIST.finditer(text):
        found += _expand(match[1])
    for pattern in (BUILDING, SEAT):
        found += [to_number(match[1] or match[2]) for match in pattern.finditer(text)]
    return list(dict.fromkeys(found))


def _expand(listed: str) -> list[str]:
    numbers = re.findall(NUM, listed)
    values = [to_number(number) for number in numbers]
    if len(values) == 2 and re.search(r"[到至\-~—]", listed):
        low, high = int(values[0]), int(values[1])
        if low < high <= low + 40:
            return [str(n) for n in range(low, high + 1)]
    return values


def _floor(text: str) -> str | None:
    if match := UNDER.search(text):
        return "-" + to_number(match[1] or match[2])
    match = FLOOR.search(text)
    if match is None:
        return None
    word = match[1]
    return "-" + to_number(word[1:]) if word[0] == "负" else to_number(word)


def _landmarks(text: str) -> tuple[str, ...]:
    found = [SAME_SPOT.get(word, word) for word in SPOT.findall(text)]
    if "门" in text:
        found += [side + "门" for side in GATE.findall(text)]
    if not SIDES.isdisjoint(text):
        found += [side + "侧" for side in SIDE.findall(text)]
    if not STREET_ENDS.isdisjoint(text):
        found += [street for word in STREET.findall(text) if (street := _street(word))]
    if "号" in text:
        found += [(a or b) + "号" for a, b in NUMBERED.findall(text)]
    return tuple(dict.fromkeys(found))


def _street(word: str) -> str | None:
    """A street's name without the small words before it; None where it is none."""
    name = word.lstrip(LEADING)
    if len(name) < 2 or name in NO_STREET or any(c in "了着那这条半过卡修" for c in name):
        return None
    return name


def compare(a: Place | None, b: Place | None) -> Comparison:
    """Conflict or agreement of two places, the most telling part first."""
    if a is None or b is None or a.is_empty or b.is_empty:
        return Comparison(False, 0.0, "")
    if a.area and b.area and not _overlap(a.area, b.area):
        return Comparison(True, -1.0, "不是同一个小区")
    if a.building and b.building:
        return _compare_buildings(a, b)
    return _compare_spots(a, b)


def compare_best(place: Place | None, others: Iterable[Place]) -> Comparison:
    """The closest of many comparisons; a conflict only where all conflict."""
    best = NOTHING_SAID
    for at, other in enumerate(others):
        found = _compared(place, other) if place is not None else NOTHING_SAID
        if at == 0 or found.score > best.score:
            best = found
    return best


@lru_cache(maxsize=16_384)
def _compared(a: Place, b: Place) -> Comparison:
    return compare(a, b)


def _compare_buildings(a: Place, b: Place) -> Comparison:
    weak = a.weak or b.weak
    shared = set(a.buildings) & set(b.buildings)
    if not shared:
        if not weak:
            return Comparison(True, -1.0, "不是同一栋楼")
        spots = _compare_spots(a, b)
        return spots if spots.score > 0 else Comparison(False, -0.25, "")
    if a.unit and b.unit and a.unit != b.unit:
        return Comparison(not weak, -0.8, "不是同一个单元")
    spots = _compare_spots(a, b)
    if spots.conflict:
        return spots
    if a.room and a.room == b.room:
        return Comparison(False, 1.0, "同一户")
    if a.unit and a.unit == b.unit:
        return Comparison(False, 0.95 if a.floor == b.floor else 0.8, "同一单元")
    return Comparison(False, 0.5 if weak else 0.8, "同一栋楼")


def _compare_spots(a: Place, b: Place) -> Comparison:
    if not (a.landmarks and b.landmarks):
        return _compare_floors(a, b)
    streets = [_same_street(x, y) for x in _streets(a.landmarks) for y in _streets(b.landmarks)]
    if set(a.landmarks) & set(b.landmarks) and (any(streets) or not streets):
        shared = next(word for word in a.landmarks if word in b.landmarks)
        if not _sides_differ(a.landmarks, b.landmarks):
            return Comparison(False, 0.7, f"都在{shared}")
    if any(streets):
        return Comparison(False, 0.7, "同一条街巷")
    if streets or _sides_differ(a.landmarks, b.landmarks):
        return Comparison(True, -1.0, "不是同一处")
    floors = _compare_floors(a, b)
    return floors if floors.score < 0 else Comparison(False, -0.35, "")


def _compare_floors(a: Place, b: Place) -> Comparison:
    if a.floor and b.floor and a.floor != b.floor and not (a.building or b.building):
        return Comparison(False, -0.3, "")
    return NOTHING_SAID


def _streets(words: Iterable[str]) -> list[str]:
    return [word for word in words if word[-1] in "巷街路弄" or word.endswith(("胡同", "大道"))]


def _same_street(a: str, b: str) -> bool:
    shared = 0
    while shared < min(len(a), len(b)) and a[-1 - shared] == b[-1 - shared]:
        shared += 1
    tail = 3 if a.endswith(("胡同", "大道")) else 2
    if shared < tail:
        return False
    rest = a[: len(a) - shared][-1:], b[: len(b) - shared][-1:]
    return not (rest[0] and rest[1] and (rest[0] in CHINESE and rest[1] in CHINESE))


def _sides_differ(a: Iterable[str], b: Iterable[str]) -> bool:
    for tail in ("门", "侧", "号"):
        left = {w for w in a if w.endswith(tail) and len(w) <= 5}
        right = {w for w in b if w.endswith(tail) and len(w) <= 5}
        if left and right and not left & right:
            return True
    return False


def _overlap(a: str, b: str) -> bool:
    return a in b or b in a or a[-3:] == b[-3:]
