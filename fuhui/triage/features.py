# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""What a single message shows: words, place, danger, and the numbers a model reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from fuhui.triage.lexicon import category_scores, scan, things
from fuhui.triage.numerals import half_width
from fuhui.triage.places import parse_place
from fuhui.triage.urgency import Alarm, find_alarm
from fuhui.triage.vocabulary import Category, Place
from fuhui.triage.words import SIGNALS

LONGEST = 1500
CLEAN = re.compile(r"@[^\s@]{1,30}\s?|\[[^\[\]]{1,8}\]|\s+")
SIGN = re.compile(r"[\s，。！？；：、,.!?;:~…“”\"'（）()【】\-—]+")
PRICE = re.compile(r"\d+(?:\.\d+)?\s?(?:元|块|一斤|/斤|一份|一箱|折|[wW万]|平)|¥|￥|[一二三四五六七八九十两]块[一二三四五六七八九五钱]?|毛(?:一|钱)")
LISTING = re.compile(r"#?接龙|(?:^|\n)\s*\d+[.、 ]\s*\S+.*(?:\n|$)\s*\d+[.、 ]?")
DIGIT, PRICED, STAFF_SIGNS = re.compile(r"\d"), frozenset("¥￥块毛"), frozenset("@主书网物客管干")
PHONE_AD = re.compile(r"1[3-9]\d[\d \-]{8,10}")
MEDIA_ONLY = re.compile(r"^(?:\s*\[(?:图片|视频|语音|文件|表情|位置)\]\s*)+$")
SHORT_PLUS = re.compile(r"^\W*(?:\+1|＋1|\+\d+|1|同|顶|也是|同问|加一|[一-龥\d]{0,8}楼?也(?:是|没|不|停|断|凉|这样|一样))\W*")
CODES: tuple[str, ...] = tuple(category.value for category in Category)
CONTEXT: tuple[str, ...] = (
    *(f"{side}_{name}" for side in ("before", "after") for name in ("near", "matter", "matter2", "staff", "staff_at_once", "own", "own_there")),
    "shared_before", "shared_after", "alike_before", "alike_after", "called", "calls", "fixed_before", "alarm_before",
    "laugh_after", "trade_before",
)  # fmt: skip
IDLE = ("trade", "laugh", "past", "hypo", "forward", "greeting", "social", "deny")
ALONE = (0.0,) * len(CONTEXT)
SIGNAL_AT = {name: at for at, name in enumerate(sorted(SIGNALS))}
CODE_AT = {code: at for at, code in enumerate(CODES)}
ROOTS = (0.0, 1.0, 2**0.5, 3**0.5)
DENSE: tuple[str, ...] = (
    *SIGNAL_AT, "building", "unit", "landmark", "alarm", "price", "listing", "phone", "short",
    "long", "media_only", "mention_staff", "catmax", "catsum", "shout", "ask_end", "bias", "problem_here", "problem_plain", "phone_plain", *(f"words_{code}" for code in CODES), *CONTEXT,
)  # fmt: skip
MENTION_STAFF = re.compile(r"@[^\s]{0,12}(?:网格|物业|社区|客服|主任|书记|管家|老师|助手|机器人)|(?:主任|书记|网格员|物业|客服|管家|干部)[，, 的]?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as seen alone. ``scores`` are category weights of its words."""

    text: str
    plain: str
    hits: Mapping[str, list[str]]
    things: frozenset[str]
    scores: Mapping[str, float]
    place: Place | None
    alarm: Alarm | None
    grams: frozenset[str]
    dense: tuple[float, ...]

    def beside(self, dense: tuple[float, ...]) -> Reading:
        """The same message with other numbers, those of its neighbours among them."""
        return Reading(
            self.text, self.plain, self.hits, self.things, self.scores, self.place, self.alarm, self.grams, dense
        )

    def has(self, *signals: str) -> bool:
        """True when any of the named word groups occurs."""
        return any(signal in self.hits for signal in signals)


@lru_cache(maxsize=20_000)
def read_message(text: str, sender: str = "", group: str = "") -> Reading:
    """All features of a message; bounded, as only its first 1,500 characters are weighed."""
    shown = half_width(text[:LONGEST])
    plain = CLEAN.sub(" ", shown).strip()
    hits = scan(shown)
    place = parse_place(text[:LONGEST], sender=sender, group=group)
    alarm = find_alarm(text[:LONGEST])
    scores = category_scores(hits)
    dense = _dense(shown, plain, hits, place, alarm, scores)
    return Reading(
        text, plain, hits, things(hits), scores, place, alarm, _grams(plain), dense
    )  # fmt: skip


def _grams(plain: str) -> frozenset[str]:
    bare = SIGN.sub("", plain)[:400]
    return frozenset(map(add, bare, bare[1:])) or frozenset([bare])


def _dense(
    shown: str,
    plain: str,
    hits: Mapping[str, list[str]],
    place: Place | None,
    alarm: Alarm | None,
    scores: Mapping[str, float],
) -> tuple[float, ...]:
    top = max(scores.values(), default=0.0)
    digits = DIGIT.search(shown) is not None
    price = (digits or not PRICED.isdisjoint(shown)) and PRICE.search(shown) is not None
    phone = "1" in shown and PHONE_AD.search(shown) is not None
    named = place if place and not place.weak else None
    extra = (
        bool(named and named.building), bool(named and named.unit), bool(named and named.landmarks),
        alarm is not None, price, (digits or "接龙" in shown) and bool(LISTING.search(shown)),
        phone, len(plain) <= 8, len(plain) >= 60,
        bool(MEDIA_ONLY.match(shown)), _to_staff(shown), min(top, 9) / 3,
        min(sum(scores.values()), 18) / 6, "！！" in shown or "？？" in shown,
        plain[-1:] in "？?吗呢不" and bool(plain), True,
        "problem" in hits and bool(named and (named.building or named.landmarks)),
        "problem" in hits and not any(name in hits for name in IDLE),
        phone and not ("trade" in hits or price),
    )  # fmt: skip
    signals, words = [0.0] * len(SIGNAL_AT), [0.0] * len(CODES)
    for name, found in hits.items():
        if name in SIGNAL_AT:
            signals[SIGNAL_AT[name]] = ROOTS[min(len(found), 3)]
    for code, value in scores.items():
        words[CODE_AT[code]] = min(value, 9.0) / 3
    return (*signals, *map(float, extra), *words, *ALONE)


def _to_staff(shown: str) -> bool:
    return not STAFF_SIGNS.isdisjoint(shown) and MENTION_STAFF.search(shown) is not None


def terms(plain: str) -> set[str]:
    """Character n-grams (1..3) of a message, the sparse features of the model."""
    bare = f"^{SIGN.sub('', plain)[:300]}$"
    pairs = [*map(add, bare, bare[1:])]
    return {*bare[1:-1], *pairs, *map(add, pairs, bare[2:])}

