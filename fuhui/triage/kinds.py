# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Is a message a matter for the community, and what does it do there?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from fuhui.triage.features import DENSE, MEDIA_ONLY, Reading
from fuhui.triage.model import Model
from fuhui.triage.vocabulary import Kind

RULE_WEIGHTS: dict[str, float] = {
    "problem": 0.8, "anger": 0.7, "request": 0.55, "question": 0.3, "service": 0.8, "building": 0.45,
    "unit": 0.4, "landmark": 0.3, "alarm": 4.0, "still": 0.4, "catmax": 0.45, "plus": 0.5,
    "mention_staff": 0.9, "fixed": 0.5, "ask_end": 0.2, "first": 0.2, "shout": 0.4, "long": 0.2,
    "trade": -0.9, "price": -0.7, "listing": -3.0, "phone": -0.8, "greeting": -1.3, "ack": -1.1,
    "laugh": -0.9, "social": -0.9, "forward": -1.6, "past": -0.9, "hypo": -0.8, "deny": -1.4,
    "media_only": -2.5, "short": -0.5, "notsame": 1.0, "bias": -1.7,
}  # fmt: skip
VECTOR = tuple(RULE_WEIGHTS.get(name, 0.0) for name in DENSE)
WEIGHED = tuple((at, weight) for at, weight in enumerate(VECTOR) if weight)
RULE_SHARE, LEARNT_SHARE = 0.15, 1.0
REASONS: dict[str, str] = {
    "problem": "说到毛病", "anger": "在抱怨", "request": "提出请求", "question": "在提问", "service": "问办事",
    "still": "还没解决", "plus": "附和别人", "fixed": "说已经好了", "trade": "像广告或买卖", "greeting": "问候",
    "ack": "致谢或应答", "laugh": "带玩笑", "social": "聊家常", "forward": "转发内容", "past": "说的是过去",
    "hypo": "是假设", "deny": "在否认", "notsame": "说明不是同一件事",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindChances:
    """How likely a message is a matter (0..1), each kind among those of residents, and a danger now (0..1).

    ``alone`` are the kinds if nothing were said around it.
    """

    matter: float
    kinds: dict[str, float]
    codes: dict[str, float]
    danger: float = 0.0
    alone: dict[str, float] = field(default_factory=dict)


def all_chances(readings: Sequence[Reading], model: Model | None) -> list[KindChances]:
    """Rules and model together, for many messages at once; rules alone where there is no model."""
    rules = [sum([weight * reading.dense[at] for at, weight in WEIGHED]) for reading in readings]
    if model is None:
        return [KindChances(_sigmoid(rule), {}, {}) for rule in rules]
    return [_both(rule, *judged) for rule, judged in zip(rules, model.judge_all(readings), strict=True)]


def chances(reading: Reading, model: Model | None) -> KindChances:
    """The same for one message."""
    return all_chances([reading], model)[0]


def by_itself(chance: KindChances) -> float:
    """How likely a message is a matter where nothing is known of what was said around it."""
    return 1 - chance.alone[Kind.CHAT] if chance.alone else chance.matter


def _both(rule: float, kinds: dict[str, float], codes: dict[str, float], danger: float, alone: dict[str, float]) -> KindChances:
    chat = min(max(kinds[Kind.CHAT], 1e-4), 1 - 1e-4)
    learnt = math.log((1 - chat) / chat)
    return KindChances(_sigmoid(RULE_SHARE * rule + LEARNT_SHARE * learnt), kinds, codes, danger, alone)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def says_fixed(reading: Reading, kinds: dict[str, float]) -> bool:
    """True when a resident says that something works again."""
    sure = kinds.get(Kind.CONFIRM, 0.0)
    if (not reading.has("fixed") and sure < 0.4) or reading.has("hypo"):
        return False
    opening = reading.plain[:8]
    begins = any(word in opening for word in reading.hits.get("fixed", ()))
    asks = reading.plain[-1:] in "？?吗呢" and bool(reading.plain)
    if (asks and not (begins and len(reading.plain) > 12)) or any(word in reading.plain for word in NOT_YET):
        return False
    return (sure if kinds else 1.0) > (0.05 if begins else 0.12)


NOT_YET = (
    "没修好", "没好", "没亮", "没通", "没来", "没热", "还没", "才好", "刚好", "好了又", "又坏", "又堵", "又停", "什么时候", "啥时候",
    "几点", "修好了吗", "修好没", "没解决", "没找到", "能不能", "又不", "又漏", "又黑", "没人修", "没找着", "好了一", "好了两", "好了三",
)  # fmt: skip


def is_media_only(text: str) -> bool:
    """True when a message holds nothing but attachments."""
    return MEDIA_ONLY.match(text) is not None


def reasons(reading: Reading) -> tuple[str, ...]:
    """Why the message was read so, with the words that show it."""
    found = []
    for name, reason in REASONS.items():
        if name in reading.hits:
            words = "、".join(dict.fromkeys(reading.hits[name][:3]))
            found.append(f"{reason}（{words}）")
    if reading.alarm:
        found.insert(0, f"有危险（{reading.alarm.words}）")
    return tuple(found[:4])
