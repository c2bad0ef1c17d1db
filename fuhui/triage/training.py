"""From labelled transcripts to a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from fuhui.triage.features import read_message
from fuhui.triage.model import Example, Model, train
from fuhui.triage.vocabulary import Kind, Message


def to_message(row: Mapping[str, Any]) -> Message:
    """A labelled row as a message; nothing but id, group, sender, time and text is looked at."""
    time = row.get("time")
    moment = datetime.fromisoformat(time) if isinstance(time, str) and time else None
    group, sender = str(row.get("group") or ""), str(row.get("sender") or "")
    return Message(str(row.get("id", "")), group, sender, moment, str(row.get("text") or ""))


def examples(rows: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Residents' messages as training examples; staff are known by their names."""
    found = []
    for row in rows:
        if row["kind"] == Kind.STAFF:
            continue
        category = row["category"][0] if row["category"] and row["kind"] != Kind.CONFIRM else None
        reading = read_message(row["text"], row["sender"], row["group"])
        found.append(Example(reading, row["kind"], category))
    return found


def train_on(rows: Iterable[Mapping[str, Any]]) -> Model:
    """A model of labelled rows."""
    return train(examples(rows))
