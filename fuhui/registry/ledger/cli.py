"""The command `fuhui figures`."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--community", "code", required=True, help="社区代码（12 位），例如 370611001038")
@click.option("--from", "since", type=_DAY, required=True, help="第一天，例如 2026-01-01")
@click.option("--to", "until", type=_DAY, required=True, help="最后一天（含），例如 2026-12-31")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，给程序用")
def figures(code: str, since: datetime, until: datetime, *, as_json: bool) -> None:
    """服务台账的数字：名称、数值、单位，以及点开后的记录条数。"""
    if until < since:
        raise click.UsageError("--to 不能早于 --from。")
    rows = _rows(code, since.date(), until.date())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['room']} {row['name']}：{row['value']} {row['unit']}（{row['records']} 条记录）")


def _rows(code: str, since: date, until: date) -> list[dict[str, Any]]:
    from fuhui.registry.ledger.registry import all_figures
    from fuhui.registry.ledger.rules.asking import Ask
    from fuhui.registry.places.queries import community_by_code
    from fuhui.shared.errors import PeopleError
    from fuhui.shared.tenancy.scope import acting
    from fuhui.shared.viewers import system

    try:
        community = community_by_code(code)
    except PeopleError as error:
        raise click.ClickException(error.message) from error
    with acting(system("figures", community.id)) as viewer:
        found = all_figures(viewer, Ask(community=community.id, since=since, until=until))
        return [
            {
                "room": room.title, "code": figure.definition.code, "name": figure.definition.name,
                "value": figure.value, "unit": figure.definition.unit, "records": figure.records,
                "denominator": figure.denominator, "definition": figure.definition.words,
                "from": since.isoformat(), "to": until.isoformat(), "as_of": figure.as_of.isoformat(),
            }
            for room, figure in found
        ]
