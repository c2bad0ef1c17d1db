"""Labelling a transcript: one pass in time order, keeping the open matters of each group."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from fuhui.triage.categories import category_reasons, decide, weigh
from fuhui.triage.confidence import PLAIN, calibrated, unsure
from fuhui.triage.context import in_context
from fuhui.triage.features import Reading, read_message
from fuhui.triage.grouping import (
    LINK_AT,
    WIDE,
    Case,
    Link,
    Rarity,
    best_of,
    link,
    link_across,
    minutes,
    staff_link,
)
from fuhui.triage.kinds import VECTOR, KindChances, all_chances, is_media_only, reasons, says_fixed
from fuhui.triage.model import Model, default_model
from fuhui.triage.privacy import private_spans
from fuhui.triage.staff import is_staff
from fuhui.triage.urgency import Alarm
from fuhui.triage.vocabulary import Category, Kind, Known, Label, Message

OPEN_PER_GROUP = 40
MATTER_AT = 0.5
DANGER_AT = 0.5
LIKELY = Alarm("rescue", "110", "整句话像是险情")
START = datetime(2000, 1, 1)  # noqa: DTZ001 — wall clock, as all message times


@dataclass(slots=True)
class _Draft:
    message: Message
    reading: Reading
    kind: Kind
    case: Case | None
    confidence: float
    urgent: bool = False
    why: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pass:
    model: Model | None
    known: Known
    rarity: Rarity
    open: dict[str, deque[Case]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=OPEN_PER_GROUP))
    )
    wide: deque[Case] = field(default_factory=lambda: deque(maxlen=OPEN_PER_GROUP))
    made: int = 0

    def new_case(self, group: str, at: datetime) -> Case:
        self.made += 1
        case = Case(f"k{self.made:04d}", {group}, at, at)
        self.open[group].append(case)
        self.wide.append(case)
        return case


def label(
    messages: Iterable[Message], *, model: Model | None = None, known: Known | None = None
) -> list[Label]:
    """Label every message, in the order given.

    Groups are kept apart by ``Message.group``; within a group time order is used where known.
    ``model`` defaults to the one that ships. Bounded work per message. Never raises on text.
    """
    given = list(messages)
    readings = in_context(given, [read_message(m.text, m.sender, m.group) for m in given], VECTOR)
    state = _Pass(model or default_model(), known or Known(), Rarity.of(readings))
    judged = all_chances(readings, state.model)
    readings = [_warned(reading, chance) for reading, chance in zip(readings, judged, strict=True)]
    drafts: dict[int, _Draft] = {}
    for index, at in _in_time(given):
        drafts[index] = _judge(state, given[index], readings[index], judged[index], at)
    decided = _decided_categories(drafts.values())
    return [_finish(drafts[index], decided) for index in range(len(given))]


def _warned(reading: Reading, chance: KindChances) -> Reading:
    """With an alarm where no danger word stands but the whole message sounds like one."""
    if reading.alarm is not None or chance.danger < DANGER_AT or reading.has("laugh", "past", "hypo", "fixed"):
        return reading
    return replace(reading, alarm=LIKELY)


def _in_time(messages: list[Message]) -> list[tuple[int, datetime]]:
    """Indexes with a moment, sorted; a message without time follows its predecessor."""
    moments: list[tuple[int, datetime]] = []
    last: dict[str, datetime] = {}
    for index, message in enumerate(messages):
        at = message.time or last.get(message.group, START) + timedelta(seconds=30)
        last[message.group] = at
        moments.append((index, at))
    return sorted(moments, key=lambda pair: (pair[1], pair[0]))


def _judge(
    state: _Pass, message: Message, reading: Reading, chance: KindChances, at: datetime
) -> _Draft:
    if message.sender in state.known.staff or is_staff(message.sender):
        return _staff(state, message, reading, at)
    best = _best_link(state, message, reading, chance, at)
    kind, case = _resident(state, message, reading, chance, best, at)
    confidence = _sure(state.model, kind, _confidence(kind, chance, best), chance.kinds)
    draft = _Draft(message, reading, kind, case, confidence)
    if case is None:
        return draft
    draft.why = best.reasons if best.case is case else ("新的一件事",)
    _enter(draft, case, chance, at)
    return draft


def _enter(draft: _Draft, case: Case, chance: KindChances, at: datetime) -> None:
    reading = draft.reading
    if draft.kind is Kind.CONFIRM:
        case.closed = case.last_in[draft.message.group] = at
        return
    first = not case.senders
    case.take(draft.message, reading, at)
    share = 1.6 if first else 1.0 if draft.kind is Kind.REPORT else 0.5
    for code, value in weigh(reading, chance.codes).items():
        case.scores[code] = case.scores.get(code, 0.0) + value * share
    if reading.alarm is not None:
        case.urgent = True
        case.alarms.add(reading.alarm.kind)
    draft.urgent = case.urgent and case.closed is None and _still_hot(draft, case, at)


def _still_hot(draft: _Draft, case: Case, at: datetime) -> bool:
    return draft.reading.alarm is not None or minutes(at, case.first) <= 24 * 60


def _best_link(
    state: _Pass, message: Message, reading: Reading, chance: KindChances, at: datetime
) -> Link:
    cases = state.open[message.group]
    latest = _latest(cases, message.group)
    own = best_of(link(message, reading, c, at, state.rarity, c is latest) for c in cases)
    own = replace(own, score=own.score + _lean(chance))
    if own.score >= LINK_AT + 0.25:
        return own
    others = (c for c in state.wide if message.group not in c.groups)
    across = best_of(link_across(message, reading, c, at, state.rarity) for c in others)
    return across if across.score > max(own.score, LINK_AT) else own


def _latest(cases: Iterable[Case], group: str) -> Case | None:
    return max(cases, key=lambda case: case.last_in.get(group, START), default=None)


def _lean(chance: KindChances) -> float:
    """What the model makes of it: more facts on something (up to .4) or something new."""
    detail, report = chance.kinds.get(Kind.DETAIL, 0.0), chance.kinds.get(Kind.REPORT, 0.0)
    lean = 0.4 * (detail - report) / (detail + report + 0.05)
    return lean


def _resident(
    state: _Pass, message: Message, reading: Reading, chance: KindChances, best: Link, at: datetime
) -> tuple[Kind, Case | None]:
    if is_media_only(message.text):
        return _attachment(state, message, at)
    closing = _closing(state, message, reading, chance, best, at)
    if closing is not None:
        return Kind.CONFIRM, closing
    matter = chance.matter + _pull(message, reading, best, at)
    if matter < MATTER_AT and reading.alarm is None:
        return Kind.CHAT, None
    if best.case is not None and best.score >= LINK_AT:
        _join(state, message, best.case)
        return _own_or_other(message, reading, best.case), best.case
    return Kind.REPORT, state.new_case(message.group, at)


def _join(state: _Pass, message: Message, case: Case) -> None:
    if message.group not in case.groups:
        state.open[message.group].append(case)


def _own_or_other(message: Message, reading: Reading, case: Case) -> Kind:
    if message.sender in case.senders:
        return Kind.DETAIL
    brief = len(reading.plain) <= 24
    return Kind.DETAIL if reading.has("plus") or (brief and reading.alarm is None) else Kind.REPORT


def _pull(message: Message, reading: Reading, best: Link, at: datetime) -> float:
    """How much the conversation speaks for a matter, about -0.4..0.5."""
    case = best.case
    if case is None or best.score < LINK_AT or case.closed is not None:
        return 0.0
    idle = reading.has("ack", "laugh", "greeting", "social", "forward") and not reading.has("problem")
    if idle:
        return -0.1
    pull = min(0.35, 0.5 * (best.score - 0.35))
    gap = minutes(at, case.last)
    if message.sender in case.senders:
        return pull + (0.3 if gap <= 5 and message.media else 0.15 if gap <= 5 else 0.0)
    if case.urgent and gap <= 40:
        return pull + 0.2
    if reading.has("plus", "still"):
        return pull + 0.15
    return pull - (0.05 if gap <= 4 else 0.12 if gap <= 8 else 0.25)


def _attachment(state: _Pass, message: Message, at: datetime) -> tuple[Kind, Case | None]:
    """A picture alone belongs to what its sender reported minutes ago."""
    for case in reversed(state.open[message.group]):
        spoke = case.senders.get(message.sender)
        if spoke is not None and case.closed is None and minutes(at, spoke) <= 10:
            return Kind.DETAIL, case
    return Kind.CHAT, None


def _closing(
    state: _Pass, message: Message, reading: Reading, chance: KindChances, best: Link, at: datetime
) -> Case | None:
    if not says_fixed(reading, chance.kinds) or _alarming(reading, chance):
        return None
    found: list[Link] = []
    latest = _latest(state.open[message.group], message.group)
    for case in state.open[message.group]:
        if case.closed is not None and (
            minutes(at, case.closed) > 60 or message.sender not in case.senders
        ):
            continue
        own = link(message, reading, case, at, state.rarity, case is latest)
        bonus = 0.25 if message.sender in case.senders else 0.0
        bonus += 0.2 if case.urgent and minutes(at, case.last) <= 180 else 0.0
        found.append(replace(own, score=own.score + bonus))
    top = best_of(found)
    sure = chance.kinds.get(Kind.CONFIRM, 0.3)
    wanted = 0.2 if sure > 0.5 else 0.35 if sure > 0.25 else 0.5
    return top.case if top.score >= wanted else None


def _alarming(reading: Reading, chance: KindChances) -> bool:
    """True when a danger stands that talk of something being out does not end."""
    if reading.alarm is None:
        return False
    lasting = reading.alarm.kind not in {"fire", "gas", "electric"}
    return lasting or chance.kinds.get(Kind.CONFIRM, 0.0) < 0.5


def _staff(state: _Pass, message: Message, reading: Reading, at: datetime) -> _Draft:
    cases = state.open[message.group]
    latest = _latest(cases, message.group)
    best = best_of(staff_link(message, reading, c, at, state.rarity, c is latest) for c in cases)
    notice = "【" in message.text or "@所有人" in message.text or reading.has("forward", "greeting")
    hot = best.case is not None and best.case.urgent and best.case.closed is None
    wanted = 0.42 if hot or not notice else 0.95
    case = best.case if best.score >= wanted else None
    if case is not None:
        case.answered = True
        case.last_in[message.group] = at
        if case.things & WIDE and len(case.grams) < 400:
            case.grams |= reading.grams
    why = best.reasons if case else ()
    return _Draft(message, reading, Kind.STAFF, case, _sure(state.model, Kind.STAFF, 0.95, {}), why=why)


def _sure(model: Model | None, kind: Kind, raw: float, kinds: Mapping[str, float]) -> float:
    return calibrated((model.trust if model else PLAIN)[kind], raw, kinds, kind)


def _confidence(kind: Kind, chance: KindChances, best: Link) -> float:
    if kind is Kind.CHAT:
        return max(0.5, 1 - chance.matter)
    if kind is Kind.REPORT:
        return max(0.5, chance.matter)
    return max(0.5, min(0.97, 0.5 + 0.4 * best.score))


def _decided_categories(drafts: Iterable[_Draft]) -> dict[str, Category | None]:
    cases = {draft.case.key: draft.case for draft in drafts if draft.case is not None}
    return {key: decide(case.scores) or Category.INQUIRY for key, case in cases.items()}


def _finish(draft: _Draft, decided: dict[str, Category | None]) -> Label:
    case, message = draft.case, draft.message
    category = decided[case.key] if case else None
    evidence: dict[str, tuple[str, ...]] = {"kind": reasons(draft.reading)}
    if case:
        evidence["case"] = draft.why
        evidence["category"] = category_reasons(draft.reading, category) if category else ()
    if doubts := unsure(draft.confidence):
        evidence["unsure"] = doubts
    if draft.urgent:
        alarm = draft.reading.alarm
        evidence["urgent"] = (f"有危险（{alarm.words}）",) if alarm else ("属于正在发生的险情",)
    return Label(
        message.id, draft.kind, case.key if case else None, category, draft.urgent,
        private_spans(message.text), draft.reading.place, draft.confidence, evidence, bool(doubts),
    )  # fmt: skip
