"""fuhui migrate, shell and django."""

from __future__ import annotations

import click

from fuhui.config.cli.boot import start_django
from fuhui.config.cli.group import Command


@click.command(cls=Command)
@click.option("--check", is_flag=True, help="只检查，不改动；还有没应用的迁移时退出码为 1")
def migrate(check: bool) -> None:
    """建立或升级数据库的表（用数据库所有者的身份；日常运行用另一个没有这些权限的身份）。"""
    start_django()
    from fuhui.config import schema

    waiting = schema.unapplied()
    if check:
        click.echo(f"还有 {waiting} 个迁移没有应用。" if waiting else "数据库的表是最新的。")
        raise click.exceptions.Exit(1 if waiting else 0)
    schema.migrate(verbosity=1 if waiting else 0)
    click.echo(f"完成：应用了 {waiting} 个迁移。" if waiting else "数据库的表已经是最新的。")


@click.command(cls=Command, context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def django(words: tuple[str, ...]) -> None:
    """运行 Django 管理命令，例如：fuhui django showmigrations。"""
    start_django()
    from django.core.management import ManagementUtility

    ManagementUtility(["fuhui django", *(words or ("help",))]).execute()


@click.command(cls=Command)
def shell() -> None:
    """打开 Python 命令行；应用、数据库都已就绪。"""
    start_django()
    from django.core.management import call_command

    call_command("shell")
