"""The words of the language library: what goes in and what comes out.

Every type is frozen and plain; ``as_dict`` gives a form that JSON can hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message does in its group."""

    REPORT = "report"
    DETAIL = "detail"
    CONFIRM = "confirm"
    STAFF = "staff"
    CHAT = "chat"


class Category(StrEnum):
    """The fourteen level-1 codes of what residents raise."""

    ENVIRONMENT = "environment"
    PROPERTY = "property"
    FACILITIES = "facilities"
    UTILITIES = "utilities"
    TRAFFIC = "traffic"
    SAFETY = "safety"
    ORDER = "order"
    NOISE = "noise"
    DISPUTE = "dispute"
    WELFARE = "welfare"
    HEALTH = "health"
    CULTURE = "culture"
    CONSTRUCTION = "construction"
    INQUIRY = "inquiry"


CATEGORY_NAMES: Mapping[Category, str] = {
    Category.ENVIRONMENT: "环境卫生",
    Category.PROPERTY: "物业服务",
    Category.FACILITIES: "公共设施",
    Category.UTILITIES: "水电气暖通信",
    Category.TRAFFIC: "交通停车",
    Category.SAFETY: "安全隐患",
    Category.ORDER: "治安秩序",
    Category.NOISE: "噪音扰民",
    Category.DISPUTE: "矛盾纠纷",
    Category.WELFARE: "民生保障",
    Category.HEALTH: "医疗卫生",
    Category.CULTURE: "文体教育",
    Category.CONSTRUCTION: "违建占道",
    Category.INQUIRY: "咨询建议其他",
}

KIND_NAMES: Mapping[Kind, str] = {
    Kind.REPORT: "反映问题",
    Kind.DETAIL: "补充情况",
    Kind.CONFIRM: "确认解决",
    Kind.STAFF: "工作人员发言",
    Kind.CHAT: "闲聊",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one group.

    ``time`` is wall-clock time without a zone, or None where the source tells none.
    ``media`` names what was attached (图片, 视频, 语音, 文件, 链接, 位置, 表情, 聊天记录).
    ``quote`` is the text this message answers, when the source says so.
    """

    id: str
    group: str
    sender: str
    time: datetime | None
    text: str
    media: tuple[str, ...] = ()
    quote: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The five fields other programs read; ``time`` as ``YYYY-MM-DD HH:MM:SS`` or None."""
        time = self.time.strftime("%Y-%m-%d %H:%M:%S") if self.time else None
        return {
            "id": self.id, "group": self.group, "sender": self.sender,
            "time": time, "text": self.text,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as far as the words say.

    ``buildings`` holds every building named; ``building`` is the first of them.
    Numbers are Arabic digits without leading zeros, letters are upper case.
    ``weak`` is true when the place comes from a nickname and not from the message.
    """

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    buildings: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()
    area: str | None = None
    group: str | None = None
    weak: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The fields that are known, as JSON types."""
        pairs: dict[str, Any] = {
            "area": self.area, "building": self.building, "unit": self.unit,
            "floor": self.floor, "room": self.room,
            "buildings": list(self.buildings) if len(self.buildings) > 1 else None,
            "landmarks": list(self.landmarks) or None,
            "group": self.group, "weak": self.weak or None,
        }  # fmt: skip
        return {name: value for name, value in pairs.items() if value is not None}

    @property
    def is_empty(self) -> bool:
        """True when no building, unit, floor, room, landmark or area is known."""
        named = self.building or self.unit or self.floor or self.room or self.area
        return not (named or self.landmarks)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text: ``text == whole[start:end]``; ``type`` says what it holds.

    Types: phone, landline, id_card, bank_card, home, health, plate, email, account.
    """

    start: int
    end: int
    text: str
    type: str


@dataclass(frozen=True, slots=True)
class Label:
    """What one message was understood to be.

    ``case`` is shared by the messages of one matter. ``confidence`` is 0..1, calibrated, and speaks of
    ``kind``; where it is low, ``unsure`` says that a person should look. ``evidence`` gives, per judgement,
    short reasons in Chinese.
    """

    id: str
    kind: Kind
    case: str | None
    category: Category | None
    urgent: bool
    private: tuple[Span, ...]
    place: Place | None
    confidence: float
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsure: bool = False

    def as_dict(self) -> dict[str, Any]:
        """JSON form; ``private`` becomes the list of the exact strings."""
        return {
            "id": self.id, "kind": self.kind.value, "case": self.case,
            "category": self.category.value if self.category else None,
            "urgent": self.urgent, "private": [span.text for span in self.private],
            "place": self.place.as_dict() if self.place else None,
            "confidence": round(self.confidence, 3),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Danger:
    """Someone may be in danger now. ``number`` is one of 110, 119, 120, 122."""

    number: str
    kind: str
    advice: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A matter that a community may not take in: why, and where the law sends it."""

    code: str
    name: str
    reason: str
    channel: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a single message says, without its conversation."""

    kind: Kind
    category: Category | None
    urgent: bool
    private: tuple[Span, ...]
    place: Place | None
    confidence: float
    evidence: Mapping[str, tuple[str, ...]]
    title: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open matter, or a new message, as ``match`` compares them.

    ``place`` may be None: it is then read from ``text``.
    """

    id: str
    text: str
    place: Place | None = None
    category: str | None = None
    time: datetime | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A likely repeat; ``score`` is 0..1, ``evidence_zh`` is for a grid worker to read."""

    candidate_id: str
    score: float
    evidence_zh: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A past answer that may fit a new question; ``score`` is a cosine, 0..1."""

    id: str
    question: str
    answer: str
    score: float


@dataclass(frozen=True, slots=True)
class Known:
    """What a community tells about itself, to understand its groups better.

    ``staff`` are exact nicknames of people on duty; ``areas`` are names of its
    residential quarters; ``landmarks`` are names of spots people refer to.
    """

    staff: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    landmarks: frozenset[str] = frozenset()
