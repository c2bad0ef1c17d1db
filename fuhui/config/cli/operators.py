"""fuhui operator: the first account of an installation, and the way back in for whoever lost the password."""

from __future__ import annotations

import sys

import click

from fuhui.config.cli.boot import start_django
from fuhui.config.cli.group import Command, Group


@click.group(cls=Group)
def operator() -> None:
    """系统管理员：建立第一个账号。以后的账号在网页“账号”里开，这里只在进不去的时候用。"""


@operator.command(cls=Command)
@click.argument("username")
@click.option("--name", required=True, help="姓名，同事看到的就是它")
@click.option("--another", is_flag=True, help="已经有系统管理员时，仍然再建一位")
@click.option("--generate", is_flag=True, help="不询问，生成一个临时密码，只显示一次")
def create(username: str, name: str, another: bool, generate: bool) -> None:
    """建立系统管理员 USERNAME。密码在屏幕上询问，不写在命令里，也就不会留在命令历史里。"""
    start_django()
    from fuhui.registry.accounts.actions import create_operator
    from fuhui.registry.accounts.queries import require_no_operator
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    with acting(system("operator")) as by:
        if not another:
            require_no_operator(by)  # before the password is asked for
        password = "" if generate or not sys.stdin.isatty() else _asked()
        made = create_operator(by=by, username=username, display_name=name, password=password, another=another)
    click.echo(f"已建立系统管理员 {made.account.username}（{made.account.display_name}）。", err=True)
    _show_once(made.password)
    click.echo("下一步：登录网页，在“社区”里开通社区，再在“账号”里给社区书记开账号。", err=True)


@operator.command("list", cls=Command)
def list_operators() -> None:
    """列出能登录的系统管理员。"""
    start_django()
    from fuhui.registry.accounts.queries import operators_for
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    with acting(system("operator")) as by:
        rows = operators_for(by)
    for row in rows:
        click.echo(f"{row.username}  {row.display_name}")
    if not rows:
        click.echo("还没有系统管理员。请运行：fuhui operator create 用户名 --name 姓名", err=True)


@operator.command(cls=Command)
@click.argument("username")
@click.option("--drop-second-factor", is_flag=True, help="手机丢了：同时取消两步验证，登录后请重新设置")
def password(username: str, drop_second_factor: bool) -> None:
    """给系统管理员 USERNAME 一个临时密码（忘了密码时用），只显示一次，登录后要换成自己的。"""
    start_django()
    from fuhui.registry.accounts.actions import remove_second_factor, set_password
    from fuhui.registry.accounts.queries import operators_for
    from fuhui.shared.errors import NotFound
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    with acting(system("operator")) as by:
        found = next((row for row in operators_for(by) if row.username == username.strip()), None)
        if found is None:
            raise NotFound("operator", "没有这位系统管理员。别的账号请由系统管理员或社区书记在网页“账号”里重设密码。")
        given = set_password(by=by, account_id=found.pk)
        if drop_second_factor:
            remove_second_factor(by=by, account_id=found.pk)
    _show_once(given)


def _asked() -> str:
    """Typed twice without being shown; empty when a generated one is wanted."""
    typed: str = click.prompt("密码（直接回车则生成一个临时密码）", default="", show_default=False, hide_input=True)
    if typed and click.prompt("再输入一次", hide_input=True, default="", show_default=False) != typed:
        raise click.ClickException("两次输入的密码不一样，什么都没有建立。请再运行一次。")
    return typed


def _show_once(given: str) -> None:
    if given:
        click.echo("临时密码只显示这一次，登录后要换成自己的：", err=True)
        click.echo(given)
