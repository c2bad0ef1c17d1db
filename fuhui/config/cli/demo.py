"""fuhui demo: a whole community on this machine with one command."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import click

from fuhui.config import servers
from fuhui.config.cli.boot import settle, start_django, start_engine
from fuhui.config.cli.group import Command

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a demo is also opened on a phone in the same network
_DEMO = "fuhui.config.demo"


@click.command(cls=Command)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65534),
              help="网页端口（实时推送用下一个）")
@click.option("--host", default=_EVERYWHERE, show_default=True, help="监听的地址；127.0.0.1 表示只给本机用")
@click.option("--reset", is_flag=True, help="清空数据库，重新生成演示社区（每次都一样）")
@click.option("--yes", is_flag=True, help="清空前不再询问")
@click.option("--no-serve", is_flag=True, help="只准备数据，不启动服务")
def demo(port: int, host: str, reset: bool, yes: bool, no_serve: bool) -> None:
    """启动演示社区“福惠社区”：12 个网格、居民、工作人员和三个月的诉求，全部是虚构的。"""
    os.environ["FUHUI_DEMO"] = "yes"
    for number in () if no_serve else (port, port + 1):
        if not servers.port_is_free(host, number):
            raise click.ClickException(f"端口 {number} 已经有程序在用。请换一个：make demo PORT={port + 10}")
    settle()
    from django.conf import settings

    supervisor, started = servers.Supervisor(settings.VAR / "log"), False
    supervisor.listen()
    try:
        with _step("数据库"):
            started = start_engine()
        _prepare(reset, yes)
        if not no_serve:
            _serve(supervisor, host, port)
    finally:
        supervisor.stop()
        if started:
            settings.ENGINE.stop()
    click.echo("演示数据已经准备好。" if no_serve else "已全部停止。")


def _prepare(reset: bool, yes: bool) -> None:
    """Tables and demo data as the installed program wants them; nothing to do on a second start."""
    from fuhui.config import schema

    state = schema.notes()
    if reset:
        _require_resettable(state, yes)
    if reset or state.get("demo") == "loading":  # a load that was broken off is begun again
        with _step("清空数据库"):
            schema.recreate()
        state = {}
    if state.get("migrations") != schema.migrations_digest():
        with _step("建表"):
            start_django(database=False)
            schema.migrate()
    if state.get("demo") != "ready" and find_spec(_DEMO):
        _load()


def _require_resettable(state: dict[str, str], yes: bool) -> None:
    from django.conf import settings

    if settings.DATABASE_URL:
        raise click.ClickException("--reset 只用于内置数据库。FUHUI_DATABASE_URL 指向的数据库请自己清空。")
    if "demo" not in state and state and not yes:
        click.confirm("这个数据库里装的不是演示社区，清空后不能恢复。确定吗？", abort=True)


def _load() -> None:
    start_django(database=False)
    from fuhui.config import schema
    from fuhui.config.demo import is_loaded, load_demo

    if not is_loaded():
        schema.remember(demo="loading")
        with _step("演示社区", last_line_is_progress=True):
            load_demo(_progress)
    schema.remember(demo="ready")


def _progress(what: str, done: int, total: int) -> None:
    click.echo(f"\r\x1b[K  演示社区 … {what} {done}/{total}", nl=False)


def _serve(supervisor: servers.Supervisor, host: str, port: int) -> None:
    live = servers.live_program(host, port + 1, {"FUHUI_DEMO": "yes"})
    environment = {"FUHUI_DEMO": "yes"}
    if live:
        environment["FUHUI_LIVE_PORT"] = str(port + 1)  # phones on the network reach it by this machine's address
    web = servers.web_program(host, port, workers=2, environment=environment)
    with _step("网页和后台任务"):
        supervisor.start(web)
        supervisor.wait_healthy(web, 60)  # alone first: pages are what somebody is waiting for
        for program in (servers.worker_program(environment), *([live] if live else [])):
            supervisor.start(program)
    if not supervisor.stop_asked:
        _welcome(host, port)
        supervisor.watch()
    click.echo("\n正在停止…")


def _welcome(host: str, port: int) -> None:
    lan = servers.lan_address() if host == _EVERYWHERE else ""
    click.secho(f"\n  福惠社区已经打开： http://localhost:{port}/", fg="green", bold=True)
    if lan:
        click.echo(f"  同一网络里的手机：   http://{lan}:{port}/")
    for line in _accounts(f"http://localhost:{port}"):
        click.echo(line)
    click.echo("\n  Ctrl-C 停止；重新生成演示数据：fuhui demo --reset")


def _accounts(address: str) -> list[str]:
    if not find_spec(_DEMO):
        return []
    from fuhui.config.demo import ACCOUNTS

    rows = [("身份", "用户名", "密码", "首页")]
    rows += [(role, username, password, address + page) for role, username, password, page in ACCOUNTS]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    return ["", *("  " + "  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows)]


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


@contextmanager
def _step(name: str, last_line_is_progress: bool = False) -> Iterator[None]:
    begin = time.monotonic()
    click.echo(f"  {name} …", nl=False)
    try:
        yield
    except BaseException:
        click.echo()  # what went wrong begins on a line of its own
        raise
    start = "\r\x1b[K" if last_line_is_progress else "\r"
    click.echo(f"{start}  {name} … {time.monotonic() - begin:.1f} 秒")
