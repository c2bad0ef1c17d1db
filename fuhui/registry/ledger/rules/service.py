"""What an act of service is made of, what may not be, and the mark of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fuhui.shared.errors import BadInput

DAY_MINUTES = 24 * 60  # nobody serves longer than a day in a day
MOST_HEADS = 100_000
GRACE = timedelta(minutes=10)  # clocks of phones run ahead
TITLE, PLACE, SOURCE, KEY, BRAND = 100, 100, 40, 120, 40


@dataclass(frozen=True, kw_only=True)
class ServedBy:
    """Who served: a resident, a worker's account, or an organisation with `heads` of its people.

    `minutes` are of each of them; None stands for the record's own.
    """

    person: UUID | None = None
    account: UUID | None = None
    organisation: UUID | None = None
    minutes: int | None = None
    heads: int = 1


@dataclass(frozen=True, kw_only=True)
class Served:
    """Who was served: a resident, a household with `heads` of its people, or `heads` unnamed people."""

    person: UUID | None = None
    household: UUID | None = None
    heads: int = 1


@dataclass(frozen=True, kw_only=True)
class Service:
    """One act of service as it is handed in."""

    source: str
    key: str
    kind: str
    title: str
    occurred_at: datetime
    minutes: int
    served_by: Sequence[ServedBy]
    served: Sequence[Served] = ()
    organiser: UUID | None = None
    place: str = ""
    grid: UUID | None = None
    brands: Sequence[str] = ()


def sound(service: Service, now: datetime) -> Service:
    """The service with trimmed texts, or BadInput naming the field and what to do."""
    brands = sorted({brand.strip() for brand in service.brands if brand.strip()})
    tidy = replace(service, source=service.source.strip(), key=service.key.strip(), title=service.title.strip(),
                   place=service.place.strip(), brands=brands)
    _texts(tidy)
    if not 0 < tidy.minutes <= DAY_MINUTES:
        raise BadInput("minutes", "时长要在 1 分钟到 24 小时之间；跨天的服务请按天分开记。", field="minutes")
    if tidy.occurred_at.tzinfo is None:
        raise BadInput("occurred_at", "请写明服务的日期和时间。", field="occurred_at")
    if tidy.occurred_at > now + GRACE:
        raise BadInput("future", "服务时间还没有到。请等服务做完再记，或改正日期和时间。", field="occurred_at")
    _givers(tidy.served_by)
    _receivers(tidy.served)
    return tidy


def _texts(service: Service) -> None:
    if not 1 <= len(service.title) <= TITLE:
        raise BadInput("title", f"请写明做了什么，最多 {TITLE} 个字。", field="title")
    if len(service.place) > PLACE:
        raise BadInput("place", f"地点最多 {PLACE} 个字，请写短一些。", field="place")
    if not 1 <= len(service.source) <= SOURCE or not 1 <= len(service.key) <= KEY:
        raise BadInput("source", "这条记录缺少来源编号，请从原来的页面重新提交。", field="key")
    if any(len(brand) > BRAND for brand in service.brands):
        raise BadInput("brands", f"品牌或项目名最多 {BRAND} 个字。", field="brands")
    if "\x00" in "".join((service.title, service.place, service.source, service.key, *service.brands)):
        raise BadInput("title", "文字里有不能保存的字符，请重新输入。", field="title")


def _givers(parts: Sequence[ServedBy]) -> None:
    if not parts:
        raise BadInput("served_by", "请至少写一位服务的人或一个服务的组织。", field="served_by")
    for part in parts:
        if sum(map(bool, (part.person, part.account, part.organisation))) != 1:
            raise BadInput("served_by", "服务的一方请选居民、工作人员或组织中的一个。", field="served_by")
        if part.minutes is not None and not 0 < part.minutes <= DAY_MINUTES:
            raise BadInput("minutes", "每人的时长要在 1 分钟到 24 小时之间。", field="minutes")
        _heads(part.heads, "served_by", is_one=part.organisation is None)
    _heads(sum(part.heads for part in parts), "served_by")
    _twice((part.person or part.account or part.organisation for part in parts), "served_by", "服务的人")


def _receivers(parts: Sequence[Served]) -> None:
    for part in parts:
        if part.person and part.household:
            raise BadInput("served", "服务对象请选居民或户中的一个。", field="served")
        _heads(part.heads, "served", is_one=part.person is not None)
    _heads(sum(part.heads for part in parts) or 1, "served")
    _twice((part.person or part.household for part in parts), "served", "服务对象")


def _heads(heads: int, field: str, *, is_one: bool = False) -> None:
    if not 0 < heads <= MOST_HEADS or (is_one and heads != 1):
        raise BadInput("heads", "人数要是 1 到 100,000 的整数；一个人只算 1。", field=field)


def _twice(ids: Iterable[UUID | None], field: str, what: str) -> None:
    known = list(ids)
    if len(set(known)) != len(known):
        raise BadInput("twice", f"{what}里有一个写了两次，请去掉一个。未记名的人数请合在一起写。", field=field)


def digest(service: Service) -> str:
    """A mark of the content: equal for the same service sent again, whatever the order of its parts and brands."""
    facts = asdict(service) | {
        "occurred_at": service.occurred_at.astimezone(UTC).isoformat(),
        "brands": sorted(service.brands),
        "served_by": _sorted(service.served_by),
        "served": _sorted(service.served),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _sorted(parts: Sequence[ServedBy] | Sequence[Served]) -> list[str]:
    return sorted(json.dumps(asdict(part), sort_keys=True, default=str) for part in parts)


@dataclass(frozen=True)
class Counts:
    """What one record adds to the figures; the names are those of its columns."""

    got_heads: int
    got_named: int
    got_homes: int
    got_unnamed: int
    gave_heads: int
    gave_named: int
    gave_minutes: int


def counts(service: Service, at_home: Callable[[UUID], bool]) -> Counts:
    """The counts of one service. `at_home` says of a resident whether a household is known."""
    got, gave = service.served, service.served_by
    return Counts(
        got_heads=sum(part.heads for part in got),
        got_named=sum(part.person is not None for part in got),
        got_homes=sum(part.household is not None or (part.person is not None and at_home(part.person)) for part in got),
        got_unnamed=sum(part.heads for part in got if not part.person and not part.household),
        gave_heads=sum(part.heads for part in gave),
        gave_named=sum(part.organisation is None for part in gave),
        gave_minutes=sum(part.heads * (part.minutes or service.minutes) for part in gave),
    )
