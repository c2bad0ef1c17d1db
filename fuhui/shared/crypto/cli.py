"""The command `fuhui keys`."""

from __future__ import annotations

import click


@click.group()
def keys() -> None:
    """字段加密的密钥：更换密钥，并用新密钥重新加密。"""


@keys.command()
def rotate() -> None:
    """生成新密钥并重新加密全部密文。可以中断；中断后用 reseal 接着做。"""
    from fuhui.shared.crypto.rotation import rotate_keys
    from fuhui.shared.viewers import system

    click.echo(f"新密钥 {rotate_keys(by=system('keys'))} 已写入 secrets.json，请立即备份这个文件；旧密钥仍保留。")
    _reseal()


@keys.command()
def reseal() -> None:
    """把仍用旧密钥的密文改用最新密钥加密。"""
    _reseal()


def _reseal() -> None:
    from fuhui.shared.crypto.rotation import reseal_all
    from fuhui.shared.jobs import community_ids
    from fuhui.shared.viewers import system

    done = reseal_all(system("keys", community) for community in community_ids())
    for column, count in sorted(done.items()):
        click.echo(f"  {column}: {count}")
    click.echo(f"重新加密了 {done.total()} 个值。")
