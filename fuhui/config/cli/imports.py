"""fuhui import-chat: a file of group messages from the command line."""

from __future__ import annotations

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import click

from fuhui.config.cli.boot import start_django
from fuhui.config.cli.group import Command

_CHAT = "fuhui.channels.chat.cli"


@click.command("import-chat", cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--username", required=True, help="以哪个工作人员的身份导入")
@click.option("--community", "community_code", default="", help="社区的 12 位代码；这个账号只属于一个社区时可以不写")
@click.option("--group", default="", help="群名；文件里已经写明的以文件为准")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="没有年份的时间，按这一天推断")
@click.option("--make-cases", is_flag=True, help="不停在预览，直接按建议建立诉求")
def import_chat(
    file: Path, username: str, community_code: str, group: str, day: datetime | None, make_cases: bool
) -> None:
    """导入一份群聊记录（微信导出、企业微信、QQ、表格……格式自动识别）。"""
    start_django()
    if find_spec(_CHAT) is None:
        raise click.ClickException("这个安装里没有群聊导入。")
    from fuhui.channels.chat.cli import import_file

    for line in import_file(
        file=file, username=username, community_code=community_code, group=group,
        day=day.date() if day else None, make_cases=make_cases,
    ):
        click.echo(line)
