"""fuhui serve, worker and live: the processes of a real installation."""

from __future__ import annotations

import os
import sys

import click

from fuhui.config.cli.boot import settle, start_django, start_engine
from fuhui.config.cli.group import Command


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址；放在反向代理后面时不用改")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="进程数，一般等于 CPU 核数")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="每个进程的线程数")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """启动网页和接口。先运行 fuhui migrate；后台任务请另外启动 fuhui worker。"""
    start_engine()
    from fuhui.config import schema, servers

    _require_port(host, port)
    if not schema.is_current():
        start_django(database=False)
        if waiting := schema.unapplied():
            raise click.ClickException(f"还有 {waiting} 个数据库迁移没有应用，请先运行 fuhui migrate。")
    program = servers.web_program(host, port, workers, threads, respawn=True)
    click.echo(f"http://{host}:{port}/  （Ctrl-C 停止）")
    sys.stdout.flush()
    os.execv(program.command[0], program.command)  # noqa: S606 - fixed program; signals reach it directly


@click.command(cls=Command)
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="同时处理的任务数")
@click.option("--once", is_flag=True, help="做完现有的任务就退出")
def worker(concurrency: int, once: bool) -> None:
    """启动后台任务：到期提醒、看门狗、发送消息。"""
    start_django()
    from fuhui.shared.jobs.worker import run_worker

    run_worker(wait=not once, concurrency=concurrency)


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="端口")
def live(host: str, port: int) -> None:
    """启动实时推送（一个进程即可服务上万个打开的页面）。"""
    settle()
    start_engine()
    from fuhui.config import servers

    _require_port(host, port)
    program = servers.live_program(host, port)
    if program is None:
        raise click.ClickException("这个安装里没有实时推送。网页不受影响，只是要手动刷新。")
    os.execv(program.command[0], program.command)  # noqa: S606 - fixed program


def _require_port(host: str, port: int) -> None:
    from fuhui.config.servers import port_is_free

    if not port_is_free(host, port):
        raise click.ClickException(f"{host}:{port} 已经有程序在用。请换一个端口：--port {port + 10}")
