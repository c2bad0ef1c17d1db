"""What those served may say of a service, until when, and what is bad enough for a note to the leader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fuhui.shared.errors import BadInput, RuleBroken

LATEST = timedelta(days=90)  # later nobody remembers well
BAD = 2  # this many stars and fewer
MOST_WORDS = 200
STAR_WORDS = {5: "很满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}


class Way(StrEnum):
    """How the words reached us."""

    SELF = "self"
    PHONE = "phone"
    DESK = "desk"


WAY_WORDS = {Way.SELF: "本人写的", Way.PHONE: "电话回访", Way.DESK: "当面说的"}


@dataclass(frozen=True)
class Said:
    """One to five stars, a sentence or none, and whether the volunteers' own pages may show the sentence."""

    stars: int
    words: str = ""
    may_show: bool = False
    way: str = Way.SELF


def sound_feedback(said: Said) -> Said:
    """The same, tidied. Raises BadInput naming the field; few stars need a word, so that the leader can act."""
    words = said.words.replace("\x00", "").strip()
    if said.stars not in STAR_WORDS:
        raise BadInput("stars", "请选择满意不满意。", field="stars")
    if len(words) > MOST_WORDS:
        raise BadInput("words", f"最多 {MOST_WORDS} 个字，现在是 {len(words)} 个字。", field="words")
    if said.stars <= BAD and not words:
        raise BadInput("words", "请说一句哪里不满意，好让队长改进。", field="words")
    if said.way not in set(Way):
        raise BadInput("way", "请选择是怎么听到的。", field="way")
    return Said(said.stars, words, said.may_show and bool(words), said.way)


def require_timely(done_on: date, today: date) -> None:
    """Raises RuleBroken before the service and more than 90 days after it."""
    if today < done_on:
        raise RuleBroken("feedback_early", "服务还没有做，做完再评价。")
    if today - done_on > LATEST:
        raise RuleBroken("feedback_late", "服务已经过去三个月，不再评价。有话要说，请联系社区工作者。")
