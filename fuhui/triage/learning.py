"""What people correct becomes what the machine knows: a community's own examples, and honest confidence.

A correction is one row as the chat door keeps it: ``text`` (private parts hidden), ``what`` was done, what the machine
``said`` and what the person ``chosen``. A fifth of them, drawn by their text and so the same at every training, is
never learned from and only measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from fuhui.triage.categories import decide, weigh
from fuhui.triage.confidence import Trust, clues
from fuhui.triage.features import CODES, read_message
from fuhui.triage.kinds import all_chances, by_itself
from fuhui.triage.labelling import Choice
from fuhui.triage.model import KINDS, Model, Networks
from fuhui.triage.schooling import Lesson, choices_without, lessons, school, told
from fuhui.triage.training import Example, examples, train, transcripts
from fuhui.triage.vocabulary import Kind
from fuhui.triage.walking import walk

OWN_WEIGHT = 2.0
KEPT_BACK = 5
FOLDS = 4
PULL, STEPS = 4.0, 50
MATTER_KINDS = frozenset({Kind.REPORT, Kind.DETAIL, Kind.CONFIRM})


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person settled about one text; None where nothing was said about it."""

    text: str
    kind: Kind | None = None
    category: str | None = None

    @property
    def kept_back(self) -> bool:
        """True for the fifth that is only measured on."""
        return blake2b(self.text.encode("utf-8", "replace"), digest_size=4).digest()[0] % KEPT_BACK == 0


def is_correction(row: Mapping[str, Any]) -> bool:
    """True for a row of the chat door's corrections, and not of a labelled transcript."""
    return isinstance(row.get("chosen"), Mapping) and isinstance(row.get("text"), str)


def corrections(rows: Iterable[Mapping[str, Any]]) -> list[Correction]:
    """One per text, in the order given: a later word on the same text takes the place of an earlier one.

    What says nothing about kind or category (a merge, a place, a title) is left out, as are categories that are not
    among the fourteen.
    """
    found: dict[str, Correction] = {}
    for row in rows:
        if not is_correction(row) or not (text := row["text"].strip()):
            continue
        kind, category = _settled(str(row.get("what", "")), row["chosen"])
        old = found.get(text, Correction(text))
        merged = replace(old, kind=kind or old.kind, category=category or old.category)
        found[text] = replace(merged, category=None) if merged.kind is Kind.CHAT else merged
    return [one for one in found.values() if one.kind or one.category]


def _settled(what: str, chosen: Mapping[str, Any]) -> tuple[Kind | None, str | None]:
    category = str(chosen.get("category") or "")
    kind = str(chosen.get("kind") or "")
    if what == "drop" and chosen.get("drop"):
        return Kind.CHAT, None
    if what in {"accept", "edit", "restore"} and not kind:
        kind = Kind.REPORT
    return (Kind(kind) if kind in set(Kind) else None), (category if category in CODES else None)


def learn(
    corpus: Sequence[Mapping[str, Any]], own: Sequence[Correction] = (), *, folds: int = FOLDS
) -> Model:
    """A model of labelled transcripts and of a community's own corrections, with calibrated confidence.

    With fewer than two transcripts, or ``folds`` below 2, there is nothing unseen to school networks on: they are
    left out. Deterministic.
    """
    taught = [_example(one) for one in own if not one.kept_back and one.kind is not Kind.STAFF]
    model = train([*examples(corpus), *taught])
    if folds < 2 or len(transcripts(corpus)) < 2:
        return model
    given = lessons(corpus, taught, folds)
    networks = school(given, folds)
    return replace(model, networks=networks, trust=fit_trust(given, networks, folds))


def _example(one: Correction) -> Example:
    category = one.category if one.kind not in {Kind.CHAT, Kind.CONFIRM} else None
    return Example(read_message(one.text), one.kind or "", category, OWN_WEIGHT)


def accuracy(model: Model | None, own: Iterable[Correction]) -> dict[str, Any]:
    """How often a model agrees with people on kept-back corrections: matter or chatter, and category."""
    measured = [one for one in own if one.kept_back]
    readings = [read_message(one.text) for one in measured]
    matter: list[bool] = []
    category: list[bool] = []
    for one, reading, chance in zip(measured, readings, all_chances(readings, model), strict=True):
        if one.kind is not None and one.kind is not Kind.STAFF:
            said = by_itself(chance) >= 0.5 or reading.alarm is not None
            matter.append(said == (one.kind in MATTER_KINDS))
        if one.category:
            category.append(decide(weigh(reading, chance.codes)) == one.category)
    return {
        "matter": _share(matter), "matter_measured": len(matter),
        "category": _share(category), "category_measured": len(category),
    }  # fmt: skip


def _share(right: list[bool]) -> float | None:
    return round(sum(right) / len(right), 4) if right else None


def fit_trust(given: Sequence[Lesson], networks: Networks, folds: int) -> dict[Kind, Trust]:
    """Weights of the clues of confidence, from transcripts whose judges had not seen them.

    A logistic curve per kind, held close to the plain one where examples are few.
    """
    seen: dict[Kind, list[tuple[Trust, bool]]] = {kind: [] for kind in Kind}
    folds = min(folds, len(given))
    for fold in range(folds):
        schooled = choices_without(given, fold, folds, networks)
        for one in given[fold::folds]:
            if one.bare:
                continue
            for kind, clue, right in _judged(one, schooled):
                seen[kind].append((clue, right))
    return {kind: _fitted(found) for kind, found in seen.items()}


def _judged(one: Lesson, networks: Networks) -> list[tuple[Kind, Trust, bool]]:
    found = []
    for index, asked, turn in walk(told(one), Choice(networks)):
        kinds = {} if turn.kind is Kind.STAFF else dict(zip(KINDS, asked.kinds, strict=True))
        found.append((turn.kind, clues(turn.sure, kinds, turn.kind), one.rows[index]["kind"] == turn.kind))
    return found


def _fitted(found: Sequence[tuple[Trust, bool]]) -> Trust:
    import numpy as np

    weights = np.array([1.0, 0.0, 0.0])
    if not found:
        return 1.0, 0.0, 0.0
    facts = np.array([clue for clue, _ in found])
    right = np.array([float(truth) for _, truth in found])
    start = weights.copy()

    def loss(at: Any) -> float:
        return float(np.logaddexp(0, facts @ at).sum() - right @ (facts @ at) + PULL / 2 * ((at - start) ** 2).sum())

    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-np.clip(facts @ weights, -30, 30)))
        slope = facts.T @ (guess - right) + PULL * (weights - start)
        curve = (facts * (guess * (1 - guess))[:, None]).T @ facts + PULL * np.eye(3)
        step = np.linalg.solve(curve, slope)
        while loss(weights - step) > loss(weights) and np.abs(step).max() > 1e-6:
            step = step / 2  # a whole step would overshoot
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    a, b, c = weights.tolist()
    return a, b, c
