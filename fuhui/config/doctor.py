"""Checks of an installation. Each says what it found and, where something is wrong, what to do."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fuhui.config import environment as env

LEAST_FREE_GB = 2
MOST_SKEW_SECONDS = 5
WORKER_SILENT_SECONDS = 90
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)(?: *; *(.*?))? *\\?$")


class State(StrEnum):
    """good; warn: works, but look at it; bad: something is broken."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the check-up. `advice` is empty where nothing needs doing."""

    title: str
    state: State
    said: str
    advice: str = ""


def check_up() -> Iterator[Finding]:
    """Every check in turn; a check that itself fails is a finding, and without a database its checks are left out."""
    for title, check in _BEFORE_DATABASE:
        yield _guarded(title, check)
    database = _guarded("数据库", _database)
    yield database
    if database.state is not State.BAD:
        for title, check in _IN_DATABASE:
            yield _guarded(title, check)


def _guarded(title: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # the point of a check-up is to go on and tell
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        return Finding(title, State.BAD, f"检查时出错：{said}", "请先解决上面的问题；还出现时把这一行发给维护人员。")


def _python() -> Finding:
    here = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("Python", State.GOOD, here)
    return Finding("Python", State.BAD, here, "请用 Python 3.11、3.12 或 3.13 重新运行 make setup。")


def _packages() -> Finding:
    lock = env.ROOT / "requirements" / "main.txt"
    if not lock.exists():
        return Finding("安装的包", State.WARN, "没有找到锁文件，无法核对")
    wrong = [name for name, versions in _locked(lock).items() if _installed(name) not in versions]
    if not wrong:
        return Finding("安装的包", State.GOOD, "与锁文件一致")
    return Finding("安装的包", State.BAD, f"与锁文件不一致：{'、'.join(sorted(wrong)[:6])}", "请运行 make setup。")


def _locked(lock: Path) -> dict[str, set[str]]:
    """Locked versions by package; a package for other systems only may also be absent ('')."""
    locked: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if found := _PINNED.match(line):
            name, pinned, marker = found.groups()
            locked.setdefault(name, set()).update({pinned, ""} if marker else {pinned})
    return locked


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _disk() -> Finding:
    var = env.folder("FUHUI_VAR", env.ROOT / "var")
    free = shutil.disk_usage(var if var.exists() else env.ROOT).free / 1024**3
    if free >= LEAST_FREE_GB:
        return Finding("磁盘", State.GOOD, f"{var} 还有 {free:.0f} GB")
    state = State.BAD if free < LEAST_FREE_GB / 4 else State.WARN
    return Finding("磁盘", state, f"{var} 只剩 {free:.1f} GB", "请清理磁盘，或把 FUHUI_VAR 移到更大的磁盘。")


def _secrets() -> Finding:
    path = env.folder("FUHUI_VAR", env.ROOT / "var") / "secrets.json"
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Finding("密钥文件", State.BAD, f"{path} 别的用户也能读（{mode:o}）", f"请运行：chmod 600 {path}")
    return Finding("密钥文件", State.GOOD, "只有所有者能读；请确认它与数据库分开备份")


def _static() -> Finding:
    from django.conf import settings

    if (settings.STATIC_ROOT / "staticfiles.json").exists() or settings.DEBUG:
        return Finding("静态文件", State.GOOD, "已收集")
    return Finding("静态文件", State.BAD, "还没有收集，页面会没有样式", "请运行：fuhui setup-files")


def _mail() -> Finding:
    from django.conf import settings

    if not settings.EMAIL_URL_HOST:
        return Finding("邮件", State.WARN, f"没有设置，邮件只写进 {settings.EMAIL_FILE_PATH}",
                       "要真的发出去，请设置 FUHUI_MAIL_HOST。")
    from django.core.mail import get_connection

    with get_connection(timeout=5):
        return Finding("邮件", State.GOOD, f"{settings.EMAIL_URL_HOST} 可以连接")


def _texting() -> Finding:
    if env.text("FUHUI_SMS_URL"):
        return Finding("短信", State.GOOD, "已设置网关")
    return Finding("短信", State.WARN, "没有设置网关，验证码不会真的发出", "要真的发出去，请设置 FUHUI_SMS_URL。")


def _database() -> Finding:
    row = _one("SELECT current_setting('server_version'), current_setting('server_version_num')::int, current_user,"
               " now() IS NOT NULL")
    if row[1] < 150000:
        return Finding("数据库", State.BAD, f"PostgreSQL {row[0]}", "需要 15 以上的版本。")
    return Finding("数据库", State.GOOD, f"PostgreSQL {row[0]}，身份 {row[2]}")


def _role() -> Finding:
    powerful, owner = _one(
        "SELECT r.rolsuper OR r.rolbypassrls, pg_has_role(r.oid, d.datdba, 'MEMBER') FROM pg_roles r, pg_database d"
        " WHERE r.rolname = current_user AND d.datname = current_database()"
    )
    if powerful or owner:
        return Finding("数据库身份", State.BAD, "应用用的身份权限过大，行级安全不起作用",
                       "FUHUI_DATABASE_URL 请改用普通身份 fuhui_app，所有者只写在 FUHUI_OWNER_DATABASE_URL。")
    return Finding("数据库身份", State.GOOD, "不是所有者，行级安全有效")


def _walls() -> Finding:
    if not _one("SELECT count(*) FROM pg_proc WHERE proname = 'fuhui_communities'")[0]:
        return Finding("社区隔离", State.BAD, "行级安全的函数不存在", "请运行：fuhui migrate")
    open_tables = _all(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'community_id'"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity"
    )
    if open_tables:
        names = "、".join(row[0] for row in open_tables[:5])
        return Finding("社区隔离", State.WARN, f"这些带社区的表没有行级安全：{names}", "请确认它们是有意公开的。")
    return Finding("社区隔离", State.GOOD, "每张社区的表都有行级安全")


def _migrations() -> Finding:
    from fuhui.config import schema

    waiting = 0 if schema.is_current() else schema.unapplied()
    if waiting:
        return Finding("数据库的表", State.BAD, f"还有 {waiting} 个迁移没有应用", "请运行：fuhui migrate")
    return Finding("数据库的表", State.GOOD, "是最新的")


def _clock() -> Finding:
    there: datetime = _one("SELECT clock_timestamp()")[0]
    skew = abs((datetime.now(UTC) - there).total_seconds())
    if skew > MOST_SKEW_SECONDS:
        return Finding("时钟", State.BAD, f"本机与数据库相差 {skew:.0f} 秒，期限会算错",
                       "请在两台机器上打开时间同步（NTP）。")
    return Finding("时钟", State.GOOD, f"与数据库相差 {skew:.1f} 秒")


def _work_days() -> Finding:
    from django.utils import timezone

    from fuhui.shared.calendar.queries import warnings_for

    missing = warnings_for(timezone.now())
    if missing:
        return Finding("工作日表", State.WARN, missing[0], "录入前，跨到那一年的期限会注明是推算的。")
    return Finding("工作日表", State.GOOD, "要用到的年份都已录入")


def _jobs() -> Finding:
    alive, late = _one(
        "SELECT (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),"
        " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
        "  AND coalesce(scheduled_at, now()) < now() - interval '5 minutes')"
    )
    if alive is None or alive > WORKER_SILENT_SECONDS:
        waiting = f"，{late} 个任务在等" if late else ""
        return Finding("后台任务", State.WARN, f"没有在运行{waiting}",
                       "请启动 fuhui worker；它停着的时候不会有提醒和到期检查。")
    if late:
        return Finding("后台任务", State.WARN, f"在运行，但有 {late} 个任务晚了 5 分钟以上",
                       "请查看 worker 的日志，或多启动一个。")
    return Finding("后台任务", State.GOOD, "在运行")


def _round() -> Finding:
    from fuhui.shared.jobs import overdue_jobs

    overdue = [job.name for job in overdue_jobs()]
    if overdue:
        return Finding("定时任务", State.WARN, f"很久没有跑成：{'、'.join(overdue[:4])}",
                       "请查看 worker 的日志（var/log/worker.log）。")
    return Finding("定时任务", State.GOOD, "都按时跑过")


def _one(statement: str) -> tuple[Any, ...]:
    return _all(statement)[0]


def _all(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


_BEFORE_DATABASE: list[tuple[str, Callable[[], Finding]]] = [
    ("Python", _python), ("安装的包", _packages), ("磁盘", _disk), ("密钥文件", _secrets), ("静态文件", _static),
    ("邮件", _mail), ("短信", _texting),
]
_IN_DATABASE: list[tuple[str, Callable[[], Finding]]] = [
    ("数据库身份", _role), ("数据库的表", _migrations), ("社区隔离", _walls), ("时钟", _clock),
    ("工作日表", _work_days), ("后台任务", _jobs), ("定时任务", _round),
]
