"""Labelling a transcript: first opinions, a second look among neighbours, then one walk that finds the matters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from fuhui.triage.categories import category_reasons, decide, weigh
from fuhui.triage.confidence import PLAIN, calibrated, unsure
from fuhui.triage.context import in_context
from fuhui.triage.features import CODES, Reading, read_message
from fuhui.triage.grouping import Case
from fuhui.triage.kinds import VECTOR, KindChances, all_chances, reasons
from fuhui.triage.linking import Asked, Offer, options
from fuhui.triage.model import KINDS, Model, Networks, default_model
from fuhui.triage.nets import Nets
from fuhui.triage.privacy import private_spans
from fuhui.triage.staff import is_staff
from fuhui.triage.surroundings import FIRST, Opinion, surroundings
from fuhui.triage.urgency import LIKELY, allowed
from fuhui.triage.vocabulary import Category, Kind, Known, Label, Message
from fuhui.triage.walking import LINK_ACROSS, Told, Turn, Walk, walk

SECOND_SHARE = 0.35
ALONE_SHARE, ALONE_IN_SHORT, SHORT = 0.15, 0.4, 16
MATTER_AT = 0.5
ALARMED_AT = 0.75
LATER_SHARE = 0.4
NEW_CASE, FIRST_OFFER = 1, 2
HOT_FOR, HOT_FROM = timedelta(hours=2), 0.35
NO_SCORES = (0.0,) * len(CODES)


def label(
    messages: Iterable[Message], *, model: Model | None = None, known: Known | None = None
) -> list[Label]:
    """Label every message, in the order given.

    Groups are kept apart by ``Message.group``; within a group time order is used where known.
    ``model`` defaults to the one that ships. Bounded work per message. Never raises on text.
    """
    chosen = model or default_model()
    return settle(tell(list(messages), chosen, (known or Known()).staff), chosen)


def settle(told: Sequence[Told], model: Model | None) -> list[Label]:
    """Labels of messages that are judged already, alone and among their neighbours."""
    state = _Labels(model)
    for index, asked, turn in walk(told, Choice(model.networks if model else None)):
        state.note(index, asked, turn)
    return [state.finish(one, index) for index, one in enumerate(told)]


def tell(messages: Sequence[Message], model: Model | None, staff: frozenset[str] = frozenset()) -> list[Told]:
    """Each message as the machine judges it, alone and among its neighbours."""
    readings = in_context(messages, [read_message(m.text, m.sender, m.group) for m in messages], VECTOR)
    first = all_chances(readings, model)
    opinions = [opinion(chance) for chance in first]
    duty = [message.sender in staff or is_staff(message.sender) for message in messages]
    kinds = second_look(messages, readings, opinions, duty, model)
    bar = model.networks.danger_at if model and model.networks else MATTER_AT
    return [
        Told(message, warned(reading, one.danger, bar), kind, one.codes, one.danger, on_duty)
        for message, reading, one, kind, on_duty in zip(messages, readings, opinions, kinds, duty, strict=True)
    ]


def opinion(chance: KindChances) -> Opinion:
    """First chances in the order that networks read."""
    get = chance.kinds.get
    if not chance.kinds:
        open_, shut = chance.matter, 1 - chance.matter
        return Opinion((open_ * 0.6, open_ * 0.3, open_ * 0.1, shut), (1 / len(CODES),) * len(CODES), chance.danger)
    kinds = (get(KINDS[0], 0.0), get(KINDS[1], 0.0), get(KINDS[2], 0.0), get(KINDS[3], 0.0))
    alone = tuple(chance.alone[kind] for kind in KINDS)
    return Opinion(kinds, tuple(chance.codes[code] for code in CODES), chance.danger, alone)


def second_look(
    messages: Sequence[Message], readings: Sequence[Reading], opinions: Sequence[Opinion], duty: Sequence[bool],
    model: Model | None,
) -> list[tuple[float, ...]]:  # fmt: skip
    """Chances of report, detail, confirm and chat once the neighbours are known."""
    if model is None or model.networks is None or not messages:
        return [one.kinds for one in opinions]
    import numpy as np

    from fuhui.triage.nets import softmax

    rows = np.array(surroundings(messages, readings, opinions, duty), dtype=np.float32)
    looked = softmax(rows[:, FIRST] + model.networks.second.scores(rows)).tolist()
    sizes = Counter(message.group for message in messages)
    return [
        mixed(row, one.alone, sizes[message.group])
        for row, one, message in zip(looked, opinions, messages, strict=True)
    ]


def mixed(looked: Sequence[float], alone: Sequence[float], size: int) -> tuple[float, ...]:
    """The second look, held back by what the message says of itself: the more, the shorter the talk.

    Where nothing else is said, nothing can be a detail of it.
    """
    share = ALONE_SHARE + (ALONE_IN_SHORT - ALONE_SHARE) * max(0.0, 1 - size / SHORT)
    report, detail, *others = ((1 - share) * one + share * other for one, other in zip(looked, alone, strict=True))
    return (report + detail, 0.0, *others) if size == 1 else (report, detail, *others)


def warned(reading: Reading, danger: float, bar: float) -> Reading:
    """With an alarm where no danger word stands but the whole message sounds like one."""
    if reading.alarm is not None or danger < bar or reading.has("laugh", "past", "hypo", "fixed"):
        return reading
    if not allowed(reading.text):
        return reading
    return replace(reading, alarm=LIKELY)


@dataclass(frozen=True, slots=True)
class Choice:
    """Chooses by the networks; without them by what the message says of itself."""

    networks: Networks | None

    def __call__(self, state: Walk, asked: Asked, found: Sequence[Offer]) -> Turn:
        if asked.staff:
            return _answered(state, asked, found, self.networks)
        if not found and asked.kinds[3] >= MATTER_AT and asked.reading.alarm is None:
            return Turn(Kind.CHAT, None, sure=asked.kinds[3])
        shares = _shares(state, asked, found, self.networks) if found else [asked.kinds[3], 1.0]
        chat = SECOND_SHARE * asked.kinds[3] + (1 - SECOND_SHARE) * shares[0] if found else asked.kinds[3]
        if chat >= (MATTER_AT if asked.reading.alarm is None else ALARMED_AT):
            return Turn(Kind.CHAT, None, sure=chat)
        best = max(range(NEW_CASE, len(shares)), key=lambda at: shares[at])
        if best >= FIRST_OFFER:
            kind = _kind(asked)
            return Turn(kind, found[best - FIRST_OFFER].case, found[best - FIRST_OFFER], 1 - chat)
        return _begun(state, asked, 1 - chat)


def _shares(state: Walk, asked: Asked, found: Sequence[Offer], networks: Networks | None) -> list[float]:
    """How likely each option is: chatter, something new, each offer."""
    if networks is None:
        likely = [asked.kinds[3], asked.kinds[0] * 0.6, *(_plain_link(offer) for offer in found)]
        return [share / (sum(likely) or 1.0) for share in likely]
    rows = options(asked, found, state.open_recent(asked))
    if asked.staff:
        rows = [rows[0], *rows[FIRST_OFFER:]]
    return _scored(rows, networks.answer if asked.staff else networks.choice)


def _scored(rows: Sequence[tuple[float, ...]], nets: Nets) -> list[float]:
    import numpy as np

    scores = nets.scores(np.array(rows, dtype=np.float32))[:, 0].tolist()
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]  # few numbers: quicker than arrays
    total = sum(raised)
    return [value / total for value in raised]


def _plain_link(offer: Offer) -> float:
    """A rough link for a machine without networks."""
    near = 0.2 * bool(offer.shared) + 0.2 * (offer.gap <= 10)
    return 0.6 * offer.same_person + 0.4 * max(0.0, offer.place.score) + near


def _answered(state: Walk, asked: Asked, found: Sequence[Offer], networks: Networks | None) -> Turn:
    if not found:
        return Turn(Kind.STAFF, None, sure=0.95)
    shares = _shares(state, asked, found, networks)
    if networks is None:
        shares = [shares[0], *shares[FIRST_OFFER:]]
    best = max(range(len(shares)), key=lambda at: shares[at])
    return Turn(Kind.STAFF, found[best - 1].case if best else None, found[best - 1] if best else None, 0.95)


def _begun(state: Walk, asked: Asked, sure: float) -> Turn:
    """Something new: of this group, or what another group speaks of already."""
    elsewhere, strength = state.from_elsewhere(asked)
    if elsewhere is not None and strength >= LINK_ACROSS:
        return Turn(_kind(asked), elsewhere, sure=sure, across=True)
    return Turn(Kind.REPORT, state.new_case(asked.message.group, asked.at), sure=sure)


def _kind(asked: Asked) -> Kind:
    shares = asked.kinds[:3]
    return (Kind.REPORT, Kind.DETAIL, Kind.CONFIRM)[shares.index(max(shares))]


@dataclass(slots=True)
class _Labels:
    """What the walk decided, kept until all is known."""

    model: Model | None
    turns: dict[int, tuple[Asked, Turn, bool]] = field(default_factory=dict)
    scores: dict[str, dict[str, float]] = field(default_factory=dict)

    def note(self, index: int, asked: Asked, turn: Turn) -> None:
        """Keep a turn, and fold what it says of the category into its matter."""
        urgent = turn.case is not None and turn.kind in {Kind.REPORT, Kind.DETAIL} and _hot(asked, turn.case)
        self.turns[index] = (asked, turn, urgent)
        if turn.case is None or turn.kind in {Kind.STAFF, Kind.CONFIRM}:
            return
        first = turn.case.key not in self.scores
        share = 1.0 if first else LATER_SHARE
        total = self.scores.setdefault(turn.case.key, {})
        for code, value in weigh(asked.reading, dict(zip(CODES, asked.codes, strict=True))).items():
            total[code] = total.get(code, 0.0) + share * value

    def finish(self, told: Told, index: int) -> Label:
        """The label of one message, with its reasons."""
        asked, turn, urgent = self.turns[index]
        reading, case = told.reading, turn.case
        category = decide(self.scores.get(case.key, {})) or Category.INQUIRY if case else None
        sure = _sure(self.model, turn, dict(zip(KINDS, asked.kinds, strict=True)))
        evidence: dict[str, tuple[str, ...]] = {"kind": reasons(reading)}
        if case:
            evidence["case"] = _why(turn)
            evidence["category"] = category_reasons(reading, category) if category else ()
        if doubts := unsure(sure):
            evidence["unsure"] = doubts
        if urgent:
            evidence["urgent"] = (f"有危险（{reading.alarm.words}）",) if reading.alarm else ("属于正在发生的险情",)
        return Label(
            told.message.id, turn.kind, case.key if case else None, category, urgent,
            private_spans(told.message.text), reading.place, sure, evidence, bool(doubts),
        )  # fmt: skip


def _hot(asked: Asked, case: Case) -> bool:
    """True while a danger stands that this message speaks of."""
    if asked.reading.alarm is not None:
        return True
    hot = case.hot is not None and asked.at - case.hot <= HOT_FOR
    return hot and case.urgent and case.closed is None and asked.danger >= HOT_FROM


def _why(turn: Turn) -> tuple[str, ...]:
    if turn.offer is not None:
        return turn.offer.reasons
    return ("别的群也在说这件事",) if turn.across else ("新的一件事",)


def _sure(model: Model | None, turn: Turn, kinds: Mapping[str, float]) -> float:
    shares = {} if turn.kind is Kind.STAFF else kinds
    return calibrated((model.trust if model else PLAIN)[turn.kind], turn.sure, shares, turn.kind)
