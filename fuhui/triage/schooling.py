# ruff: noqa: E501 — long lines here are rows of numbers by name
"""Teaching the networks: the second look from first opinions on unseen talk, the choice of matter from what people chose.

Everything that a network learns from was judged by a model that had not seen that transcript, so that networks meet
the same doubts at work as in school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fuhui.triage.context import in_context
from fuhui.triage.features import Reading, read_message
from fuhui.triage.grouping import Case
from fuhui.triage.kinds import VECTOR, all_chances
from fuhui.triage.labelling import FIRST_OFFER, NEW_CASE, mixed, opinion
from fuhui.triage.linking import Asked, Offer, options
from fuhui.triage.model import KINDS, Model, Networks
from fuhui.triage.staff import is_staff
from fuhui.triage.surroundings import FIRST, Opinion, surroundings
from fuhui.triage.training import Example, examples, to_message, train, transcripts
from fuhui.triage.vocabulary import Kind, Message
from fuhui.triage.walking import Told, Turn, Walk, walk, wants_offers

if TYPE_CHECKING:
    from fuhui.triage.grams import Floats, Ints
    from fuhui.triage.nets import Nets

Row = Mapping[str, Any]
CHAT = 0
RECALL_FROM, RECALL_TO = 0.25, 0.9
TORN_WEIGHT = 0.4


@dataclass(slots=True)
class Lesson:
    """One transcript with first opinions of a model that has not seen it, and later the second look."""

    rows: Sequence[Row]
    messages: list[Message]
    readings: list[Reading]
    opinions: list[Opinion]
    duty: list[bool]
    numbers: Floats
    alone: Floats
    kinds: list[tuple[float, ...]] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """True for a message without a conversation, which tells nothing of how often groups talk of what."""
        return len(self.rows) == 1


@dataclass(slots=True)
class Offers:
    """Options as they were offered, the right one first."""

    rows: list[tuple[float, ...]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, right: int, given: Sequence[tuple[float, ...]]) -> None:
        """One question and its right answer."""
        self.rows += [given[right], *(row for at, row in enumerate(given) if at != right)]
        self.sizes.append(len(given))

    def arrays(self) -> tuple[Floats, Ints]:
        """The rows, and per question the places of its options, filled up with -1."""
        import numpy as np

        table = np.full((len(self.sizes), max(self.sizes)), -1, dtype=np.int64)
        at = 0
        for question, size in enumerate(self.sizes):
            table[question, :size] = np.arange(at, at + size)
            at += size
        return np.array(self.rows, dtype=np.float32), table


def lessons(rows: Sequence[Row], taught: Sequence[Example], folds: int) -> list[Lesson]:
    """Every transcript as judged by a model of the other folds; ``folds`` is at least 2."""
    given = transcripts(rows)
    folds = min(folds, len(given))
    found: list[Lesson | None] = [None] * len(given)
    school = [examples(each) for each in given]
    for fold in range(folds):
        model = train([*(one for at, each in enumerate(school) if at % folds != fold for one in each), *taught])
        for at in range(fold, len(given), folds):
            found[at] = lesson(given[at], model)
    return [one for one in found if one is not None]


def lesson(rows: Sequence[Row], model: Model) -> Lesson:
    """A transcript as a model judges it, whole and torn into short pieces as people paste them."""
    import numpy as np

    messages = [to_message(row) for row in rows]
    read = [read_message(m.text, m.sender, m.group) for m in messages]
    readings = in_context(messages, read, VECTOR)
    opinions = [opinion(chance) for chance in all_chances(readings, model)]
    duty = [is_staff(message.sender) for message in messages]
    numbers = surroundings(messages, readings, opinions, duty)
    alone = [row for start, end in _pieces(len(rows)) for row in _numbers(messages[start:end], read[start:end], duty[start:end], model)]
    return Lesson(rows, messages, readings, opinions, duty, np.array(numbers, np.float32), np.array(alone, np.float32))


def _pieces(size: int) -> list[tuple[int, int]]:
    """Where a transcript of so many messages is torn: pieces of one to eight."""
    found, at = [], 0
    while at < size:
        end = min(size, at + 1 + (at * 7 + size) % 8)
        found.append((at, end))
        at = end
    return found


def _numbers(
    messages: Sequence[Message], read: Sequence[Reading], duty: Sequence[bool], model: Model
) -> list[tuple[float, ...]]:
    readings = in_context(messages, read, VECTOR)
    return surroundings(messages, readings, [opinion(chance) for chance in all_chances(readings, model)], duty)


def school(given: Sequence[Lesson], folds: int) -> Networks:
    """Networks for the second look and for the choice of matter."""
    from fuhui.triage.nets import train_choices

    look_again(given, folds)
    second = _second(given)
    asked, answered = Offers(), Offers()
    for one in given:
        if not one.bare:
            teach_choices(one, asked, answered)
    return Networks(second, train_choices(*asked.arrays()), train_choices(*answered.arrays()), danger_bar(given))


def choices_without(given: Sequence[Lesson], fold: int, folds: int, networks: Networks) -> Networks:
    """The networks with choices learned from the other folds only; lessons hold their second look already."""
    from fuhui.triage.nets import train_choices

    asked, answered = Offers(), Offers()
    for at, one in enumerate(given):
        if at % folds != fold and not one.bare:
            teach_choices(one, asked, answered)
    return replace(networks, choice=train_choices(*asked.arrays()), answer=train_choices(*answered.arrays()))


def look_again(given: Sequence[Lesson], folds: int) -> None:
    """Fill in the second look of each lesson, by networks that learned from the other folds."""
    from fuhui.triage.nets import softmax

    folds = min(folds, len(given))
    for fold in range(folds):
        nets = _second([one for at, one in enumerate(given) if at % folds != fold])
        for one in given[fold::folds]:
            looked = softmax(one.numbers[:, FIRST] + nets.scores(one.numbers)).tolist()
            one.kinds = [mixed(row, first.alone, len(looked)) for row, first in zip(looked, one.opinions, strict=True)]


def _second(given: Sequence[Lesson]) -> Nets:
    import numpy as np

    from fuhui.triage.nets import train_classes

    kept = [np.array([row["kind"] in KINDS and not duty for row, duty in zip(one.rows, one.duty, strict=True)]) for one in given]
    whole = [one.numbers[keep] for one, keep in zip(given, kept, strict=True)]
    torn = [one.alone[keep] for one, keep in zip(given, kept, strict=True)]
    labels = np.array([
        KINDS.index(row["kind"]) for one, keep in zip(given, kept, strict=True)
        for row, wanted in zip(one.rows, keep, strict=True) if wanted
    ], dtype=np.int64)  # fmt: skip
    bare = np.array([one.bare for one, keep in zip(given, kept, strict=True) for _ in range(int(keep.sum()))])
    weights = np.concatenate((np.ones(len(labels)), np.where(bare, 0.0, TORN_WEIGHT))).astype(np.float32)
    numbers = np.concatenate(whole + torn)
    return train_classes(numbers, np.tile(labels, 2), len(KINDS), base=numbers[:, FIRST], weights=weights)


def told(one: Lesson) -> list[Told]:
    """The lesson's messages as the walk takes them."""
    return [
        Told(message, reading, kinds, first.codes, first.danger, duty)
        for message, reading, kinds, first, duty in zip(
            one.messages, one.readings, one.kinds, one.opinions, one.duty, strict=True
        )
    ]


def teach_choices(one: Lesson, asked: Offers, answered: Offers) -> None:
    """Walk a transcript as people labelled it, and keep what was offered with what was right."""
    messages = told(one)
    order = {id(message.message): at for at, message in enumerate(messages)}
    known: dict[str, Case] = {}

    def choose(state: Walk, question: Asked, found: Sequence[Offer]) -> Turn:
        at = order[id(question.message)]
        kind, key = Kind(one.rows[at]["kind"]), one.rows[at]["case"]
        if wants_offers(messages[at]):
            _keep(answered if question.staff else asked, state, question, found, key, known)
        if key and key not in known and kind is not Kind.STAFF:
            known[key] = state.new_case(question.message.group, question.at)
        case = known.get(key) if key else None
        return Turn(kind, case) if case is not None else Turn(Kind.STAFF if kind is Kind.STAFF else Kind.CHAT, None)

    for _ in walk(messages, choose):
        pass


def _keep(
    kept: Offers, state: Walk, question: Asked, found: Sequence[Offer], key: str | None, known: Mapping[str, Case]
) -> None:
    given = options(question, found, state.open_recent(question))
    if question.staff:
        given = [given[CHAT], *given[FIRST_OFFER:]]
    if not key:
        kept.add(CHAT, given)
    elif key not in known:
        if not question.staff:
            kept.add(NEW_CASE, given)
    else:
        shift = 1 if question.staff else FIRST_OFFER
        right = [at for at, offer in enumerate(found) if offer.case is known[key]]
        if right:
            kept.add(right[0] + shift, given)


def danger_bar(given: Sequence[Lesson]) -> float:
    """The chance from which a danger without danger words counts: as low as leaves false alarms at one in 130."""
    quiet = sorted(
        (first.danger for one in given if not one.bare for row, first, reading, duty in zip(one.rows, one.opinions, one.readings, one.duty, strict=True)
         if not duty and not row.get("urgent") and reading.alarm is None), reverse=True,
    )  # fmt: skip
    if not quiet:
        return 0.5
    return min(max(quiet[len(quiet) // 130], RECALL_FROM), RECALL_TO)
