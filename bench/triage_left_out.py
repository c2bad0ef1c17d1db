"""Transcripts of the corpus, each judged by a model that has not seen it: what may be hoped for on others' talk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bench.triage_talk import figures_of
from fuhui.triage import Label
from fuhui.triage.corpus import read_labelled, read_lines, training_files
from fuhui.triage.labelling import settle, warned
from fuhui.triage.learning import FOLDS, fit_trust
from fuhui.triage.model import Model, Networks
from fuhui.triage.schooling import Lesson, Row, choices_without, lessons, school, told
from fuhui.triage.walking import Told


def left_out_figures() -> dict[str, Any]:
    """Figures of all transcripts together; matters of one are never those of another."""
    rows: list[Row] = []
    labels: list[Label] = []
    for given, found in judged():
        name = given[0]["transcript"]
        rows += [{**row, "case": row["case"] and f"{name}-{row['case']}"} for row in given]
        labels += [replace(one, case=one.case and f"{name}-{one.case}") for one in found]
    return figures_of(rows, labels)


def judged() -> Iterator[tuple[Sequence[Row], list[Label]]]:
    """Every transcript with its labels; model, second look and choices had not seen it, confidence and the bar of
    danger were set on all. Takes as long as training."""
    given = lessons([*read_labelled(training_files()), *read_lines()], (), FOLDS)
    networks = school(given, FOLDS)
    yield from judged_lessons(given, networks)


def judged_lessons(given: Sequence[Lesson], networks: Networks) -> Iterator[tuple[Sequence[Row], list[Label]]]:
    """The same from lessons at hand."""
    nothing, trust = Model({}, np.zeros((0, 0), np.float32)), fit_trust(given, networks, FOLDS)
    for fold in range(FOLDS):
        schooled = choices_without(given, fold, FOLDS, networks)
        model = replace(nothing, trust=trust, networks=schooled)
        yield from ((one.rows, settle(_warned(one, networks), model)) for one in given[fold::FOLDS] if not one.bare)


def _warned(one: Lesson, networks: Networks) -> list[Told]:
    return [replace(each, reading=warned(each.reading, each.danger, networks.danger_at)) for each in told(one)]
