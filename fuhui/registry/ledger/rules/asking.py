"""What a figure is, and what is asked of the book: one community, a period, and what narrows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Days from `since` to `until`, both inside. Empty fields do not narrow. `as_of`: the book as it stood then."""

    community: UUID
    since: date
    until: date
    kind: str = ""
    send: str = ""
    help: str = ""
    brand: str = ""
    organiser: UUID | None = None
    grid: UUID | None = None
    place: str = ""
    source: str = ""
    as_of: datetime | None = None

    @property
    def is_plain(self) -> bool:
        """True where only the period narrows."""
        return not any(value for name, value in asdict(self).items() if name not in {"community", "since", "until"})


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A figure's code, name, meaning in words, and unit."""

    code: str
    name: str
    words: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value with its definition, its period, as-of, and the number of records it opens as.

    `denominator` is there for shares: the value is then the numerator.
    """

    definition: Definition
    value: int
    records: int
    since: date
    until: date
    as_of: datetime
    denominator: int | None = None


SESSIONS = Definition(code="sessions", name="场次", unit="场", words="做了多少次服务：台账里没有冲正的服务记录数。")
ATTENDANCES = Definition(
    code="attendances", name="服务对象人次", unit="人次", words="每场服务到场的人数相加，同一个人来几次算几次。"
)
PERSONS = Definition(
    code="persons", name="服务对象人数", unit="人",
    words="记了姓名的不同居民数，同一个人来几次只算一次。未记名的人不在内，所以不等于人次。",
)
HOUSEHOLDS = Definition(
    code="households", name="服务户数", unit="户",
    words="服务到的不同户数：按户记的，加上记名居民当时所在的户，同一户只算一次。",
)
UNNAMED = Definition(
    code="unnamed", name="其中未记名人次", unit="人次", words="只记了人数、没有记姓名或户的服务对象人次。"
)
SERVINGS = Definition(
    code="servings", name="参与服务人次", unit="人次", words="每场出力的人数相加（居民、工作人员、单位派出的人）。"
)
SERVERS = Definition(
    code="servers", name="参与服务人数", unit="人", words="记了姓名的不同服务人（居民和工作人员），一人只算一次。"
)
MINUTES = Definition(
    code="minutes", name="服务时长", unit="分钟", words="每个服务人的分钟数相加；单位按派出人数乘每人分钟。"
)
BOOK = (SESSIONS, ATTENDANCES, PERSONS, HOUSEHOLDS, UNNAMED, SERVINGS, SERVERS, MINUTES)
