"""How long a residents' list of 50,000 rows takes from upload to done. Run it on a scratch installation:

FUHUI_VAR=/tmp/bench-var python -m bench.people_import [rows]
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉春梅海燕志新云莲真环雪荣爱妹香月莺媛"
_HEADINGS = (
    "序号",
    "姓名",
    "性别",
    "身份证号码",
    "民族",
    "楼号",
    "单元",
    "室",
    "联系电话",
    "与户主关系",
    "人口类别",
    "政治面貌",
    "低保",
    "残疾情况",
    "备注",
)
PER_HOME = 3
T = TypeVar("T")


def main() -> None:
    """Makes the list, imports it, imports it again, takes it back; prints seconds per step as JSON."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    _start()
    path = _workbook(count)
    community, grid, by = _community()
    from fuhui.registry.people import actions

    def imported() -> Any:
        batch = _timed(
            "upload",
            lambda: actions.upload_list(by=by, community_id=community, file_name=path.name, chunks=[path.read_bytes()]),
        )
        mapping = {int(column): name for column, name in batch.mapping.items()}
        actions.map_import(by=by, batch_id=batch.pk, mapping=mapping, default_grid=grid)
        return _timed("check", lambda: actions.check_import(by=by, batch_id=batch.pk))

    checked = imported()
    actions.start_import(by=by, batch_id=checked.pk)
    done = _timed("import", lambda: actions.run_import(by=by, batch_id=checked.pk))
    again = imported()
    actions.start_undo(by=by, batch_id=done.pk)
    undone = _timed("undo", lambda: actions.undo_import(by=by, batch_id=done.pk))
    report = {
        "rows": count,
        "seconds": SECONDS,
        "state": done.state,
        "error": done.error,
        "counts": done.counts,
        "again": again.counts,
        "undone": undone.counts,
        "undo_state": undone.state,
        "undo_error": undone.error,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))


SECONDS: dict[str, float] = {}


def _timed(name: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    result = work()
    label = name if name not in SECONDS else f"{name}_again"
    SECONDS[label] = round(time.perf_counter() - began, 2)
    return result


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuhui.config.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.ENGINE.ensure()
    django.setup()
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def _community() -> tuple[Any, Any, Any]:
    from fuhui.registry.places import actions
    from fuhui.registry.places.cli import shipped_rows
    from fuhui.registry.places.models import Community, Region
    from fuhui.shared.tenancy.scope import enter
    from fuhui.shared.viewers import system

    enter(system("bench"))
    actions.import_divisions(by=system("bench"), rows=shipped_rows())
    used = Community.objects.values("region_id")
    region = Region.objects.filter(level="community").exclude(pk__in=used).order_by("code")[0]
    community = actions.open_community(by=system("bench"), region_code=region.code, name="测量社区")
    by = system("bench", community.pk)
    enter(by)
    grid = actions.save_grid(by=by, community_id=community.pk, number=1, name="第1网格")
    return community.pk, grid.pk, by


def _workbook(count: int) -> Path:
    from django.conf import settings
    from openpyxl import Workbook

    path = Path(settings.VAR) / f"people-{count}.xlsx"
    if path.exists():
        return path
    book = Workbook(write_only=True)
    sheet = book.create_sheet("居民名册")
    sheet.append(["居民信息登记表（全部为虚构）"])
    sheet.append(_HEADINGS)
    for row in _people(count):
        sheet.append(row)
    book.save(path)
    return path


def _people(count: int) -> Iterator[list[Any]]:
    from fuhui.registry.people.rules.identity import check_digit

    chance = random.Random(370611)
    for number in range(count):
        home, member = divmod(number, PER_HOME)
        building, door = divmod(home, 72)
        unit, place = divmod(door, 24)
        floor, side = divmod(place, 4)
        year, month, day = chance.randint(1935, 2020), chance.randint(1, 12), chance.randint(1, 28)
        first = f"99{number // 999:04d}{year}{month:02d}{day:02d}{number % 999:03d}"
        male = int(first[16]) % 2
        name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2))
        yield [
            number + 1,
            name,
            "男" if male else "女",
            first + check_digit(first),
            "汉族",
            f"{building + 1}号楼",
            unit + 1,
            f"{floor + 1}{side + 1:02d}",
            f"1990000{number % 10_000:04d}",
            ("户主", "配偶", "子")[member],
            "户籍",
            "群众",
            "是" if number % 40 == 0 else "否",
            "肢体三级" if number % 70 == 0 else "",
            "独居" if number % 90 == 0 else "",
        ]


if __name__ == "__main__":
    main()
