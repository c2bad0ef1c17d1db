"""A command group whose commands are imported when called, listed in sections, in Chinese."""

from __future__ import annotations

import copy
import difflib
import importlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import click


class Part(NamedTuple):
    """One command: where it lives (`module:name`), what it does in one line, and whether it is of another room
    and so needs the database brought up for it."""

    target: str
    summary: str
    boot: bool = False


class _Chinese(click.Command):
    """Help with Chinese headings."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How the command is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options as a table."""
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))]
        with formatter.section("选项"):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, described in Chinese."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这段说明"
        return option


class Command(_Chinese):
    """A command with Chinese help."""


class Group(_Chinese, click.Group):
    """A group of commands with Chinese help."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands as a table."""
        rows = [(name, self.commands[name].get_short_help_str(80)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(rows)


class LazyGroup(Group):
    """The top group: knows each command by name and summary, imports only the one that is called."""

    def __init__(self, *args: Any, parts: Mapping[str, Mapping[str, Part]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sections = parts
        self.parts = {name: part for section in parts.values() for name, part in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the sections."""
        return list(self.parts)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is no such name."""
        part = self.parts.get(cmd_name)
        if part is None:
            return None
        module, _, name = part.target.partition(":")
        try:
            command: click.Command = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            if error.name is None or not module.startswith(error.name):
                raise
            raise click.ClickException(f"这个安装里没有 {cmd_name} 这部分（{module}）。") from error
        return _booting(command) if part.boot else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; a wrong name is answered with the nearest right ones."""
        if args and args[0] not in self.parts and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.parts, n=2)
            hint = f"是不是 {' 或 '.join(near)}？" if near else "运行 fuhui --help 看全部命令。"
            raise click.UsageError(f"没有 {args[0]} 这个命令。{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section; nothing is imported for it."""
        width = max(map(len, self.parts))
        for title, section in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), part.summary) for name, part in section.items()])


def _booting(command: click.Command) -> click.Command:
    """The command with engine and Django started just before it runs, not for its help."""
    booting = copy.copy(command)

    def invoke(ctx: click.Context) -> Any:
        from fuhui.config.cli.boot import start_django

        start_django()
        return command.invoke(ctx)

    booting.invoke = invoke  # type: ignore[method-assign]
    return booting
