"""Commands of places."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import click
from charset_normalizer import from_bytes

SHIPPED = "divisions_370611.csv"


@click.command("import-divisions")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_divisions(file: Path | None) -> None:
    """Import the tree of divisions from FILE (CSV; the shipped 福山区 where none is given)."""
    from fuhui.registry.places import actions
    from fuhui.shared.errors import PeopleError
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    try:
        with acting(system("import-divisions")) as by:
            done = actions.import_divisions(by=by, rows=csv.DictReader(_lines(file)))
    except PeopleError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"新增 {done.created}，更名 {done.changed}，未变 {done.unchanged}。")


def _lines(file: Path | None) -> Iterable[str]:
    source = file or files("fuhui.registry.places") / "data" / SHIPPED
    best = from_bytes(source.read_bytes(), cp_isolation=["utf_8", "gb18030", "utf_16"]).best()
    if best is None:
        raise click.ClickException("文件编码读不出来，请另存为 UTF-8 的 CSV 再试。")
    return str(best).splitlines()


def shipped_rows() -> list[dict[str, str]]:
    """The divisions that come with the package, for the demo and for tests."""
    text = (files("fuhui.registry.places") / "data" / SHIPPED).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
