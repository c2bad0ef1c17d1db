"""``fuhui triage``: reading, labelling, training and measuring from the command line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from fuhui.triage.cli_tables import classify_command, group_command
from fuhui.triage.cli_tables import train_command as train_tables
from fuhui.triage.corpus import kept_back_files, read_labelled, read_lines, training_files
from fuhui.triage.labelling import label as label_messages
from fuhui.triage.learning import accuracy, corrections, is_correction, learn
from fuhui.triage.model import WEIGHTS, Model, default_model, load_model
from fuhui.triage.read import UnreadableChat, read_chat
from fuhui.triage.read.decode import from_json
from fuhui.triage.scoring import score as score_labels
from fuhui.triage.training import to_message
from fuhui.triage.vocabulary import Message

NOTHING_READ = 2


@click.group(name="triage", help="读群聊、认诉求：读取、标注、训练、评分。")
def triage() -> None:
    """The command group."""


for _command in (train_tables, classify_command, group_command):
    triage.add_command(_command)


@triage.command("read", help="读聊天记录（任何已知格式），输出一行一条 JSON。FILE 为 - 时读标准输入。")
@click.argument("file", type=str)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="没有日期的记录是哪一天。")
@click.option("--group", default=None, help="群名（记录里没有时填写）。")
def read_command(file: str, day: datetime | None, group: str | None) -> None:
    """Print messages; unparsed lines and warnings go to stderr; exit 2 when nothing is read."""
    name = "" if file == "-" else file
    try:
        chat = read_chat(_bytes(file), filename=name, date=_day(day), group=group)
    except UnreadableChat as error:
        _stop(error.message_zh)
    for line in chat.unparsed:
        click.echo(f"第 {line.number} 行没有读出来（{line.reason}）：{line.text[:200]}", err=True)
    for warning in chat.warnings:
        click.echo(f"提示：{warning}", err=True)
    if not chat.messages:
        _stop("没有读到一条发言。请检查复制的内容是不是聊天记录。")
    _print(message.as_dict() for message in chat.messages)


@triage.command("label", help="给 JSONL 里的发言逐条标注。FILE 为 - 时读标准输入。")
@click.argument("file", type=str)
@click.option("--model", "model_file", type=click.Path(path_type=Path), help="模型文件。")
def label_command(file: str, model_file: Path | None) -> None:
    """Print one label per message, in the order given; a broken line is reported on stderr."""
    messages = _messages(_rows(file))
    labels = label_messages(messages, model=_model(model_file))
    _print(found.as_dict() for found in labels)


@triage.command("train", help="用仓库里的语料和社区自己的更正训练模型，并报告训练前后的准确率。")
@click.argument("extra", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=WEIGHTS, help="模型写到哪里。")
@click.option("--before", "old", type=click.Path(path_type=Path), help="和哪个模型比较，默认是随程序提供的。")
def train_command(extra: tuple[Path, ...], out: Path, old: Path | None) -> None:
    """Train on the corpus and on files of one's own, and print figures of the old and the new model.

    EXTRA are JSON lines: labelled messages as in the corpus, or corrections as the chat door exports them (text,
    what, said, chosen). Both models are measured on transcripts and corrections that neither learned from.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # quicker for small matrices, and sums in one order
    given = [row for path in extra for row in _rows(str(path))]
    own = corrections(row for row in given if is_correction(row))
    labelled = [row for row in given if not is_correction(row) and "kind" in row]
    kept = read_labelled(kept_back_files())
    before, known = _model(old) or default_model(), read_labelled(training_files())
    try:
        model = learn([*known, *read_lines(), *labelled], own)
    except (KeyError, TypeError, ValueError) as error:
        _stop(f"标注文件里有一行不完整（{error}）。每行要有 id、group、sender、time、text、kind、case、category。")
    model.save(out)
    click.echo(json.dumps({
        "trained_on": {"corpus": len(known), "labelled": len(labelled), "corrections": len(own)},
        "before": {"corrections": accuracy(before, own), "transcripts": _measured(kept, before)},
        "after": {"corrections": accuracy(model, own), "transcripts": _measured(kept, model)},
    }, ensure_ascii=False))  # fmt: skip


@triage.command("score", help="在标注好的 JSONL 上测量，输出 JSON。")
@click.argument("file", type=str)
@click.option("--model", "model_file", type=click.Path(path_type=Path), help="模型文件。")
def score_command(file: str, model_file: Path | None) -> None:
    """Print the measured figures of a labelled file."""
    rows = [row for row in _rows(file) if "kind" in row]
    if not rows:
        _stop("这个文件没有标注（每行要有 kind、case、category、urgent、private）。")
    click.echo(json.dumps(_measure(rows, _model(model_file)), ensure_ascii=False))


def _measured(kept: list[dict[str, Any]], model: Model | None) -> dict[str, Any] | str:
    return _measure(kept, model) if kept else "没有留出的聊天记录，未测"


def _measure(rows: list[dict[str, Any]], model: Model | None) -> dict[str, Any]:
    labels = label_messages([to_message(row) for row in rows], model=model)
    return score_labels(rows, labels)


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        _stop(f"打不开文件 {file}：{error.strerror or error}。请检查路径。")


def _rows(file: str) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(_bytes(file).decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = from_json(line)
        except ValueError:
            row = None
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            rows.append(row)
        else:
            click.echo(f"第 {number} 行不是带 text 的 JSON，已跳过：{line[:120]}", err=True)
    if not rows:
        _stop("没有读到一条发言。每行要是一个 JSON，至少有 id、group、sender、time、text。")
    return rows


def _messages(rows: list[dict[str, Any]]) -> list[Message]:
    found = []
    for row in rows:
        try:
            found.append(to_message(row))
        except ValueError:
            found.append(to_message({**row, "time": None}))
    return found


def _model(path: Path | None) -> Model | None:
    if path is None:
        return None
    try:
        return load_model(path)
    except (OSError, ValueError, KeyError) as error:
        _stop(f"模型文件读不了：{error}")


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _print(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(NOTHING_READ)
