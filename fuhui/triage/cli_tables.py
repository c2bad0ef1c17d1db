"""``fuhui triage train-classifier``, ``classify`` and ``group``: tables of past requests."""

from __future__ import annotations

import json
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from fuhui.triage.rows import Table, UnreadableRows, amounts, moment, read_rows, spoken

if TYPE_CHECKING:
    from fuhui.triage.classifier import Classifier

FAILED = 2
WRITERS = ("user", "用户", "sender", "phone", "留言用户")


@click.command("train-classifier", help="用自己的历史工单训练分类模型。TRAIN 是带表头的 CSV（可以是 .gz）。")
@click.argument("train", type=click.Path(path_type=Path))
@click.option("--text", "columns", required=True, help="正文的列名，用逗号分开，标题写在最前面，如 title,detail。")
@click.option("--label", "label_column", required=True, help="类别的列名。")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="模型写到哪里。")
def train_command(train: Path, columns: str, label_column: str, out: Path) -> None:
    """Write a model of at most 20 MB and print what it was made of; exit 2 with a sentence where it cannot be.

    Rows that teach nothing or too little are named on stderr.
    """
    from fuhui.triage.classifier import train_classifier

    table = _table(train)
    try:
        labels = table.column(label_column)
        model = train_classifier(_texts(table, columns), labels)
        model.save(out)
    except OSError as error:
        _stop(f"模型写不到 {out}：{spoken(error)}。请换一个能写的位置。")
    except ValueError as error:
        _stop(str(error))
    _hint_labels(labels)
    click.echo(json.dumps({
        "rows": len(labels), "labels": list(model.labels), "terms": len(model.hashes), "bytes": out.stat().st_size,
    }, ensure_ascii=False))  # fmt: skip


@click.command("classify", help="用训练好的模型给表格逐行分类，输出一行一条 JSON。")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", "columns", required=True, help="正文的列名，如 title 或 title,detail。")
def classify_command(model: Path, file: Path, columns: str) -> None:
    """Print {row, label, confidence} in the order of the table.

    ``row`` is the value of the column ``row`` where there is one, else the position from 0; ``confidence`` is a
    calibrated probability.
    """
    machine, table = _machine(model), _table(file)
    keys, texts = table.keys("row"), _texts(table, columns)
    _print(
        {"row": key, "label": label, "confidence": round(chance, 4)}
        for key, (label, chance) in zip(keys, machine.classify(texts), strict=True)
    )


@click.command("group", help="把讲同一件事的工单合在一起，按热度排列，输出一行一条 JSON。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", "columns", required=True, help="正文的列名，标题在前，如 title,detail。")
@click.option("--time", "time_column", default=None, help="时间的列名。")
@click.option("--weight", "weight_column", default=None, help="点赞或附议数的列名。")
@click.option("--least", default=1, show_default=True, help="少于这么多条的不输出。")
def group_command(file: Path, columns: str, time_column: str | None, weight_column: str | None, least: int) -> None:
    """Print {group, ids, size, heat, first, last, title}, hottest first; every row is in exactly one group."""
    from fuhui.triage.hot import Entry, hot_issues

    table = _table(file)
    texts = _texts(table, columns)
    head, *rest = texts.values()
    count = len(head)
    times = [moment(text) for text in _column(table, time_column)] if time_column else [None] * count
    weights = amounts(_column(table, weight_column)) if weight_column else [0.0] * count
    if time_column and (unread := times.count(None)):
        _hint(f"“{time_column}”这一列有 {unread} 行没有认出时间，这些行照样分组，只是不算集中程度。")
    if weight_column and not any(weights):
        _hint(f"“{weight_column}”这一列没有一个大于 0 的数，热度里没有算附议。")
    writer = next((name for name in WRITERS if name in table.names), None)
    writers = table.column(writer) if writer else [""] * count
    entries = [
        Entry(key, title, " ".join(body), when, weight, who)
        for key, title, body, when, weight, who in zip(
            table.keys("id", "编号", "row"), head, list(zip(*rest, strict=True)) or [()] * count,
            times, weights, writers, strict=True,
        )
    ]  # fmt: skip
    found = (issue for issue in hot_issues(entries) if len(issue.entries) >= least)
    _print(issue.as_dict(number) for number, issue in enumerate(found, start=1))


def _table(path: Path) -> Table:
    try:
        return read_rows(path)
    except UnreadableRows as error:
        _stop(str(error))


def _column(table: Table, name: str) -> list[str]:
    try:
        return table.column(name)
    except UnreadableRows as error:
        _stop(str(error))


def _texts(table: Table, columns: str) -> dict[str, list[str]]:
    names = [name.strip() for name in columns.replace("，", ",").split(",") if name.strip()]
    if not names:
        _stop("请用 --text 写明正文是哪几列，例如 --text title,detail。")
    return {name: _column(table, name) for name in names}


def _machine(path: Path) -> Classifier:
    from fuhui.triage.classifier import load_classifier

    try:
        return load_classifier(path)
    except OSError as error:
        _stop(f"模型文件 {path} 读不了：{spoken(error)}。请检查路径。")
    except (ValueError, KeyError, EOFError, zlib.error, zipfile.BadZipFile):
        _stop(f"{path} 不是分类模型，或已损坏。请检查路径，或用 train-classifier 重新训练。")


def _hint_labels(labels: Sequence[str]) -> None:
    counts = Counter(label.strip() for label in labels)
    if empty := counts.pop("", 0):
        _hint(f"有 {empty} 行没有类别，没有用来训练。")
    if once := sorted(label for label, count in counts.items() if count == 1):
        named = "、".join(once[:5]) + ("等" if len(once) > 5 else "")
        _hint(f"{named}只有一条例子，多半认不准，请补几条同类的再训练。")


def _hint(message: str) -> None:
    click.echo(f"提示：{message}", err=True)


def _print(rows: Iterator[dict[str, Any]]) -> None:
    sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(FAILED)
