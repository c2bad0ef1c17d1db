"""Cases by COPY: one in fifty open, three months to years old, words of real shape, steps and reporters beside."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from fuhui.domains.cases.models.case import words_vector

ENDED, OPEN_SHARE = "closed", 50
_PARTS = (
    "楼道灯",
    "井盖",
    "电梯",
    "水管",
    "暖气",
    "垃圾桶",
    "门禁",
    "路面",
    "消防通道",
    "健身器材",
    "下水道",
    "围墙",
    "路灯",
    "停车位",
)
_FAULTS = (
    "不亮了",
    "裂了缝",
    "停在半空",
    "漏水",
    "不热",
    "满了没人倒",
    "打不开",
    "塌了一块",
    "被车堵住",
    "松动",
    "反味",
    "歪了",
    "一直闪",
    "被占",
)
_TAILS = (
    "老人出门不方便",
    "已经三天了",
    "昨晚差点摔一跤",
    "请尽快派人来看",
    "孩子上学要走这里",
    "群里说过没人理",
    "麻烦社区联系物业",
    "下雨更严重",
)


def copy_cases(
    db: psycopg.Connection[Any],
    *,
    community: UUID,
    grids: list[UUID],
    buildings: list[UUID],
    categories: list[UUID],
    handler: UUID,
    count: int,
    seed: int = 7,
) -> list[UUID]:
    """Copies `count` cases with one reporter and two steps each; returns some of their ids. Constraints and triggers
    are left out while copying (superuser), indexes are not."""
    chance = random.Random(seed)
    sample: list[UUID] = []
    with db.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        rows = list(_rows(chance, community, grids, buildings, categories, handler, count))
        with cursor.copy(_COPY_CASES) as copy:
            for position, row in enumerate(rows):
                copy.write_row(row[:-1])
                if position % max(count // 500, 1) == 0:
                    sample.append(row[1])
        with cursor.copy(_COPY_REPORTERS) as copy:
            for row in rows:
                copy.write_row((row[0], _id(chance, row[-1], 1), row[1], "居民", "", row[-1], True, row[5]))
        with cursor.copy(_COPY_STEPS) as copy:
            for row in rows:
                for number, (step, before, after) in enumerate(
                    (("submit", "", "submitted"), ("assign", "submitted", row[3]))
                ):
                    copy.write_row(
                        (
                            row[0],
                            _id(chance, row[-1], 2 + number),
                            row[1],
                            step,
                            before,
                            after,
                            row[-1],
                            "system:bench",
                            "bench",
                            "",
                            True,
                            "{}",
                        )
                    )
        cursor.execute("SET session_replication_role = DEFAULT")
    return sample


_COPY_CASES = (
    "COPY cases_case (community_id, id, number, state, title, text, category_id, priority, is_urgent, is_confidential,"
    " source, grid_id, building_id, place_text, place_facts, understood, received_at, received_by, pace, reply_due_at,"
    " replied_at, close_due_at, due_at, reckoning, ended_at, solved_at, reply, handler_account_id, handler_name,"
    " reporter_count, reopen_count, urge_count, is_supervised, version, search) FROM STDIN"
)
_COPY_REPORTERS = (
    "COPY cases_casereporter (community_id, id, case_id, name, group_name, said_at, is_first, words) FROM STDIN"
)
_COPY_STEPS = (
    "COPY cases_casestep (community_id, id, case_id, step, state_from, state_to, at, actor, actor_name, note,"
    " is_public, data) FROM STDIN"
)


def _rows(
    chance: random.Random,
    community: UUID,
    grids: list[UUID],
    buildings: list[UUID],
    categories: list[UUID],
    handler: UUID,
    count: int,
) -> Iterator[tuple[Any, ...]]:
    now = datetime.now(UTC)
    step = timedelta(days=700) / count
    for position in range(count):
        at = now - timedelta(days=700) + step * position
        is_open = count - position <= count // OPEN_SHARE
        place = f"{chance.randrange(1, 40)}号楼{chance.randrange(1, 5)}单元"
        text = f"{place}{chance.choice(_PARTS)}{chance.choice(_FAULTS)}，{chance.choice(_TAILS)}"
        number = f"{at:%y%m%d}-{position:07d}"
        due = at + timedelta(days=5) if not is_open else now + timedelta(minutes=position % 10_000 - 2_000)
        ended = None if is_open else at + timedelta(days=3)
        case_id = _id(chance, at, 0)
        words = words_vector(case_id, f"{number} {text}")
        yield (
            community,
            case_id,
            number,
            "handling" if is_open else ENDED,
            text[:20],
            text,
            chance.choice(categories),
            "normal",
            False,
            False,
            "chat",
            chance.choice(grids),
            chance.choice(buildings),
            place,
            "{}",
            "{}",
            at,
            "system:bench",
            "working",
            at + timedelta(hours=2),
            at + timedelta(hours=1),
            due,
            due,
            "{}",
            ended,
            ended,
            "" if is_open else "已处理",
            handler,
            "网格员",
            1,
            0,
            0,
            False,
            1,
            words,
            at,
        )


def _id(chance: random.Random, at: datetime, extra: int) -> UUID:
    """A UUIDv7 of that time, so that ids sort as they would have."""
    millis = int(at.timestamp() * 1000)
    value = millis << 80 | 7 << 76 | (chance.getrandbits(10) << 2 | extra) << 64 | 2 << 62 | chance.getrandbits(62)
    return UUID(int=value)
