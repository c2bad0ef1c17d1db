"""fuhui token: keys for other programs that call the API."""

from __future__ import annotations

from uuid import UUID

import click

from fuhui.config.cli.boot import start_django
from fuhui.config.cli.group import Command, Group


@click.group(cls=Group)
def token() -> None:
    """接口令牌：给别的程序用。令牌等于一个账号的身份，权限不会超过这个账号。"""


@token.command(cls=Command)
@click.argument("username")
@click.option("--name", required=True, help="用途，例如“12345 对接”")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 730), help="有效天数")
def create(username: str, name: str, days: int) -> None:
    """给账号 USERNAME 发一个令牌。令牌只显示这一次。"""
    start_django()
    from fuhui.registry.accounts.actions import issue_token
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    with acting(system("token")) as by:
        made = issue_token(by=by, username=username, name=name, days=days)
    click.echo("令牌只显示这一次，请现在保存：", err=True)
    click.echo(made)


@token.command("list", cls=Command)
@click.argument("username")
def list_tokens(username: str) -> None:
    """列出账号 USERNAME 的令牌：编号、用途、有效到哪天（令牌本身不再显示）。"""
    start_django()
    from fuhui.registry.accounts.queries import accounts_for, tokens_for
    from fuhui.shared.errors import NotFound
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    with acting(system("token")) as by:
        account = accounts_for(by).filter(username=username.strip()).first()
        if account is None:
            raise NotFound("account", "没有这个用户名。")
        rows = list(tokens_for(by, account.pk))
    for row in rows:
        state = "已收回" if row.revoked_at else f"有效到 {row.expires_at:%Y-%m-%d}" if row.expires_at else "长期有效"
        click.echo(f"{row.id}  {row.name}  {state}")
    if not rows:
        click.echo("这个账号没有令牌。")


@token.command(cls=Command)
@click.argument("token_id", type=click.UUID)
def revoke(token_id: UUID) -> None:
    """收回编号为 TOKEN_ID 的令牌，立刻失效。"""
    start_django()
    from fuhui.registry.accounts.actions import revoke_token
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    with acting(system("token")) as by:
        revoke_token(by=by, token_id=token_id)
    click.echo("已收回。")
