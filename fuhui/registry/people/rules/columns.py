"""Which field each column of a list is, judged by its heading and by what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fuhui.registry.people.rules.address import parse_address
from fuhui.registry.people.rules.cards import NO, YES, Categories, categories_in, category_of_heading
from fuhui.registry.people.rules.contact import looks_like_name, normal_phones
from fuhui.registry.people.rules.dates import parse_date
from fuhui.registry.people.rules.identity import looks_like_identity
from fuhui.registry.people.rules.words import RELATIONS

IGNORE, CARD = "ignore", "card:"
FIELDS: dict[str, str] = {
    "name": "姓名",
    "id_number": "身份证号",
    "phone": "电话",
    "sex": "性别",
    "birth": "出生日期",
    "nation": "民族",
    "political": "政治面貌",
    "relation": "与户主关系",
    "residence": "人口类别（户籍/常住/流动）",
    "address": "住址（一格写全）",
    "area": "小区",
    "building": "楼号",
    "unit": "单元",
    "room": "室号",
    "household_number": "户号",
    "grid": "网格",
    "cards": "人员类别（一格写几个）",
    "note": "备注（并识别人员类别）",
}
# Order matters: the first pattern that fits a heading wins.
_HEADINGS: tuple[tuple[str, str], ...] = (
    (IGNORE, r"^(序号|编号|no\.?|#|年龄|周岁|岁数|签名|签字|照片|填表.*|登记日期|登记时间|核实.*|更新时间)$"),
    (
        IGNORE,
        r"户籍地|户口所在|籍贯|家庭人口|人口数|户主姓名|户主身份证|户主电话|联系人|监护人|配偶(姓名|身份|电话)|紧急",
    ),
    ("id_number", r"身份证|证件号|公民身份|身份号码|证号码|^身份证$"),
    ("phone", r"电话|手机|联系方式|联系号码|移动号码|座机"),
    ("relation", r"关系"),
    ("name", r"^(姓名|名字|居民姓名|人员姓名|成员姓名|家庭成员|住户姓名|户主|业主姓名|业主|住户|租户姓名|name)$|姓名$"),
    ("sex", r"^性别$|^sex$"),
    ("birth", r"出生|生日|birth"),
    ("nation", r"民族"),
    ("political", r"政治面貌|政治身份"),
    ("household_number", r"户号|户编号|户口本号|户口簿号"),
    ("grid", r"网格(?!员)"),
    (
        "residence",
        r"人口类别|人口类型|人口性质|户籍(性质|类型|情况|状态|/)|居住(类型|性质|状态|情况)|人户|是否常住|常住/|户籍$",
    ),
    ("area", r"^(小区|小区名称|小区名|居民小区|院落|住宅区|楼盘|苑区)$|小区名"),
    ("unit", r"^(.*)?单元(号)?$"),
    ("room", r"^(.*)?(室|室号|房号|房间号|门牌|门牌号|房屋号|门号|户室|房室号)$"),
    ("building", r"^(.*)?(楼|楼号|楼栋|楼栋号|栋|栋号|幢|幢号|楼幢|楼座|楼房号|几号楼|号楼)$"),
    ("address", r"住址|地址|住所|居住地|房屋|楼-单元|楼栋单元|门牌"),
    ("cards", r"人员(类别|类型|标签)|人群(类别|类型|分类)|重点人群|特殊人群|标签|困难类型|优抚"),
    ("note", r"备注|说明|其他情况|情况"),
)
_COMPILED = tuple((field, re.compile(pattern, re.I)) for field, pattern in _HEADINGS)
_WEIGHTY = 0.6  # the share of a column's cells that must look alike before contents decide
_ONLY_ONE = frozenset(FIELDS) - {"cards", "note", "phone"}


class Guess(NamedTuple):
    """The field proposed for one column, how sure (0–1), and why."""

    field: str
    confidence: float
    reason: str


def plain_heading(text: object) -> str:
    """A heading without spaces, line breaks, brackets and stars."""
    narrow = unicodedata.normalize("NFKC", str(text))
    return re.sub(r"[\s*:：]|[(\[【].*?[)\]】]", "", narrow)


def field_of_heading(heading: str, categories: Categories) -> str | None:
    """The field that a heading names, None where no word of it is known."""
    plain = plain_heading(heading)
    if not plain:
        return None
    first = next((field for field, pattern in _COMPILED if pattern.search(plain)), None)
    code = category_of_heading(plain, categories) if first in (None, "note") else None
    return f"{CARD}{code}" if code else first


def propose(headings: Sequence[str], columns: Sequence[Sequence[str]], categories: Categories) -> list[Guess]:
    """One guess per column. A field that only one column can be goes to the surest one."""
    guesses = [_guess(heading, cells, categories) for heading, cells in zip(headings, columns, strict=True)]
    taken: dict[str, int] = {}
    for place, guess in sorted(enumerate(guesses), key=lambda pair: -pair[1].confidence):
        if guess.field in taken and (guess.field in _ONLY_ONE or guess.field.startswith(CARD)):
            other = headings[taken[guess.field]] or f"第{taken[guess.field] + 1}列"
            guesses[place] = Guess(IGNORE, 0.5, f"“{other}”列更像{name_of(guess.field, categories)}，这一列先不导入")
        elif guess.field != IGNORE:
            taken.setdefault(guess.field, place)
    return guesses


def name_of(field: str, categories: Categories) -> str:
    """A field's name for people."""
    if field.startswith(CARD):
        return f"人员类别：{categories.get(field.removeprefix(CARD), '')}"
    return FIELDS.get(field, "不导入")


def _guess(heading: str, cells: Sequence[str], categories: Categories) -> Guess:
    values = [cell for cell in cells if cell.strip()]
    by_word = field_of_heading(heading, categories)
    by_content, share = _by_content(values, categories)
    shown = f"{round(share * 100)}%的内容像{name_of(by_content, categories)}" if by_content else ""
    if by_word and (by_word == by_content or by_content is None or not _contradicts(by_word, by_content, share)):
        both = f"，{shown}" if by_word == by_content else ""
        return Guess(by_word, 0.98 if both else 0.85, f"列名“{heading}”{both}")
    if by_content and share >= _WEIGHTY:
        # Contents decide against the heading only where they are beyond doubt.
        return Guess(
            by_content, round(0.5 + share * 0.4, 2), shown + (f"（列名是“{heading}”）" if heading else "（没有列名）")
        )
    return Guess(IGNORE, 0.3 if values else 0.9, "看不出是什么" if values else "整列是空的")


def _contradicts(by_word: str, by_content: str, share: float) -> bool:
    strong = {"id_number", "phone"}
    return share > 0.8 and by_content in strong and by_word not in {IGNORE, "note"}


def _by_content(values: Sequence[str], categories: Categories) -> tuple[str | None, float]:
    if not values:
        return None, 0.0
    for field, looks in _LOOKS:
        share = sum(map(looks, values)) / len(values)
        if share >= _WEIGHTY:
            return field, share
    share = sum(bool(categories_in(value, categories)) for value in values) / len(values)
    return ("cards", share) if share >= _WEIGHTY and set(map(str.lower, values)) - YES - NO else (None, 0.0)


def _is_phone(text: str) -> bool:
    return len(text) >= 7 and normal_phones(text) is not None and parse_date(text) is None


def _is_birth(text: str) -> bool:
    return len(text) >= 6 and parse_date(text) is not None


_LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("id_number", looks_like_identity),
    ("birth", _is_birth),
    ("phone", _is_phone),
    ("sex", lambda text: text.strip() in {"男", "女"}),
    ("nation", lambda text: bool(re.fullmatch(r"汉|[\u4e00-\u9fff]{1,5}族", text.strip()))),
    (
        "political",
        lambda text: text.strip() in {"群众", "中共党员", "党员", "共青团员", "团员", "预备党员", "中共预备党员"},
    ),
    (
        "relation",
        lambda text: text.strip() in RELATIONS or text.strip() in {"本人", "妻", "夫", "妻子", "丈夫", "儿子", "女儿"},
    ),
    (
        "residence",
        lambda text: text.strip() in {"户籍", "常住", "流动", "户籍人口", "常住人口", "流动人口", "人户分离"},
    ),
    ("address", lambda text: parse_address(text) is not None),
    ("name", looks_like_name),
)
