"""Which card categories a word in a list means."""

from __future__ import annotations

import re
from collections.abc import Mapping

YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "1", "true", "对", "在册", "享受", "☑"})
NO = frozenset({"", "否", "无", "没有", "不是", "x", "×", "✗", "n", "no", "0", "false", "-", "/", "—", "未", "不", "☐"})
_ALIASES: dict[str, tuple[str, ...]] = {
    "elder_alone": ("独居",),
    "elder_empty": ("空巢",),
    "elder_old": ("高龄",),
    "low_income": ("低保",),
    "poor_support": ("特困", "五保"),
    "low_margin": ("低保边缘", "低边"),
    "disabled": ("残疾", "残障"),
    "disabled_mind": ("精神残疾", "智力残疾", "精神障碍"),
    "chronic": ("慢性病", "慢病", "高血压", "糖尿病"),
    "serious_illness": ("重病", "大病"),
    "bedridden": ("失能", "卧床", "瘫痪"),
    "pregnant": ("孕妇", "孕产妇", "怀孕"),
    "child_left": ("留守儿童",),
    "child_hardship": ("困境儿童", "孤儿"),
    "lost_only_child": ("失独", "计生特殊"),
    "party_member": ("党员",),
    "veteran": ("退役", "退伍", "复员", "转业军人"),
    "martyr_family": ("烈属", "军属"),
    "unemployed": ("失业",),
    "volunteer_willing": ("志愿者",),
    "resident_delegate": ("居民代表",),
    "building_head": ("楼长", "楼栋长", "楼组长"),
}
# What swallows another: 低保边缘 is not 低保, 精神残疾 is its own category.
_SWALLOWS = {"low_income": ("低保边缘",), "disabled": ("精神残疾", "智力残疾"), "child_left": ()}
_NEGATIONS = re.compile(r"(?:非|不是|无|没有|未|取消|已退出|退出|原|曾)(?:是|享受|任)?$")
_PARTS = re.compile(r"[、，,;；。/\s|+]+")

Categories = Mapping[str, str]  # code → name


def words_of(code: str, name: str) -> tuple[str, ...]:
    """The words by which a category is recognised: its name and what lists call it."""
    return tuple(dict.fromkeys((name, *_ALIASES.get(code, ()))))


def category_of_heading(heading: str, categories: Categories) -> str | None:
    """The code of the category that a column's heading names, the longest word winning."""
    best = max(
        ((word, code) for code, name in categories.items() for word in words_of(code, name) if word in heading),
        key=lambda found: len(found[0]),
        default=None,
    )
    return best[1] if best else None


def categories_in(text: str, categories: Categories) -> list[str]:
    """The codes of every category that a remark names; 非低保, 已退出低保 and the like do not count."""
    return [code for code, name in categories.items() if _is_named(text, code, name)] if text else []


def _is_named(text: str, code: str, name: str) -> bool:
    for other in _SWALLOWS.get(code, ()):
        text = text.replace(other, "")
    return any(_stands(part, word) for part in _PARTS.split(text) for word in words_of(code, name))


def _stands(part: str, word: str) -> bool:
    place = part.find(word)
    return place >= 0 and not _NEGATIONS.search(part[:place])


def is_yes(text: str) -> bool:
    """True for 是, √, 1 and for a text that describes (肢体三级); False for 否, 无 and an empty cell."""
    return text.strip().lower() not in NO


def detail_of(text: str) -> str:
    """What a yes-column says beyond yes: 肢体三级; '' for a bare yes."""
    return "" if text.strip().lower() in YES else text.strip()[:200]
