"""fuhui doctor."""

from __future__ import annotations

import json

import click

from fuhui.config.binaries import NoPostgres
from fuhui.config.cli.boot import start_django, start_engine
from fuhui.config.cli.group import Command

_MARKS = {"good": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，给监控程序用")
def doctor(as_json: bool) -> None:
    """逐项检查这套安装，并说明每个问题怎么解决。有坏的项目时退出码为 1。"""
    trouble = ""
    try:
        start_engine()
    except NoPostgres as error:
        trouble = str(error)
    start_django(database=False)
    from fuhui.config.doctor import check_up

    findings = list(check_up())
    if as_json:
        click.echo(json.dumps([vars(finding) for finding in findings], ensure_ascii=False, indent=1))
    for finding in () if as_json else findings:
        mark, colour = _MARKS[finding.state]
        click.echo(f"{click.style(mark, fg=colour, bold=True)} {finding.title}：{finding.said}")
        if finding.advice:
            click.echo(f"    → {finding.advice}")
    if trouble:
        click.secho(trouble, fg="red", err=True)
    broken = sum(finding.state == "bad" for finding in findings)
    if not as_json:
        click.echo("\n一切正常。" if not broken else f"\n有 {broken} 项需要处理。")
    raise click.exceptions.Exit(1 if broken else 0)
