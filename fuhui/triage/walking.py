"""One walk through a transcript in time order, keeping the open matters of each group.

``Chooser`` says for each message where it belongs: networks when labelling, the labels of people when learning.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fuhui.triage.features import Reading
from fuhui.triage.grouping import ACROSS, Case, Rarity, across, minutes
from fuhui.triage.linking import Asked, Offer, offers
from fuhui.triage.vocabulary import Kind, Message

OPEN_PER_GROUP = 40
START = datetime(2000, 1, 1)  # noqa: DTZ001 — wall clock, as all message times
LINK_ACROSS = 0.45


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a message was put: its kind and matter, the offer taken if one was, and how sure."""

    kind: Kind
    case: Case | None
    offer: Offer | None = None
    sure: float = 0.5
    across: bool = False


Chooser = Callable[["Walk", Asked, Sequence[Offer]], Turn]


@dataclass(slots=True)
class Walk:
    """The matters known so far."""

    rarity: Rarity
    open: dict[str, deque[Case]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=OPEN_PER_GROUP)))
    wide: deque[Case] = field(default_factory=lambda: deque(maxlen=OPEN_PER_GROUP))
    made: int = 0

    def new_case(self, group: str, at: datetime) -> Case:
        """A matter that begins with the message at hand."""
        self.made += 1
        case = Case(f"k{self.made:04d}", {group}, at, at)
        self.open[group].append(case)
        self.wide.append(case)
        return case

    def from_elsewhere(self, asked: Asked) -> tuple[Case | None, float]:
        """The likeliest matter of another group, and how strongly the message belongs to it."""
        group = asked.message.group
        if asked.reading.things.isdisjoint(ACROSS):
            return None, 0.0
        others = [case for case in self.wide if group not in case.groups]
        found = [(across(asked.reading, case, asked.at, self.rarity), case.key, case) for case in others]
        best = max(found, default=(0.0, "", None), key=lambda one: one[:2])
        return best[2], best[0]

    def open_recent(self, asked: Asked) -> int:
        """How many matters the group spoke of within the hour."""
        group = asked.message.group
        return sum(minutes(asked.at, case.last_in.get(group, case.last)) <= 60 for case in self.open[group])

    def enter(self, asked: Asked, turn: Turn, codes: Sequence[float]) -> None:
        """Fold a decided message into its matter; ``codes`` is what it adds to the matter's categories."""
        case, message = turn.case, asked.message
        if case is None:
            return
        if message.group not in case.groups and turn.kind is not Kind.STAFF:
            self.open[message.group].append(case)
        case.turn = asked.turn
        if turn.kind is Kind.STAFF:
            case.answered = True
            case.touch(message, asked.at)
        elif turn.kind is Kind.CONFIRM:
            case.closed = asked.at
            case.touch(message, asked.at)
        else:
            case.codes = [a + b for a, b in zip(case.codes, codes, strict=True)] if case.codes else list(codes)
            case.take(message, asked.reading, asked.at)
            if asked.reading.alarm is not None:
                case.urgent, case.hot = True, asked.at
                case.alarms.add(asked.reading.alarm.kind)


@dataclass(frozen=True, slots=True)
class Told:
    """A message as the machine judged it alone and among its neighbours."""

    message: Message
    reading: Reading
    kinds: tuple[float, ...]
    codes: tuple[float, ...]
    danger: float
    staff: bool


def walk(told: Sequence[Told], choose: Chooser) -> Iterator[tuple[int, Asked, Turn]]:
    """Puts every message, in time order; yields its index, how it was asked, and where it was put."""
    state = Walk(Rarity.of(one.reading for one in told))
    turns: dict[str, int] = defaultdict(int)
    for index, at in in_time([one.message for one in told]):
        one = told[index]
        turns[one.message.group] += 1
        asked = Asked(
            one.message, one.reading, one.kinds, one.codes, one.danger, at, turns[one.message.group], one.staff
        )
        found = offers(asked, state.open[one.message.group], state.rarity) if wants_offers(one) else []
        turn = choose(state, asked, found)
        share = 1.6 if turn.case is not None and not turn.case.senders else 1.0 if turn.kind is Kind.REPORT else 0.6
        state.enter(asked, turn, [share * value for value in one.codes])
        yield index, asked, turn


PLAINLY_CHAT = 0.97


def wants_offers(one: Told) -> bool:
    """False for what is plainly chatter, so that no matter is compared with it."""
    return one.staff or one.kinds[3] < PLAINLY_CHAT or one.reading.alarm is not None


def in_time(messages: Sequence[Message]) -> list[tuple[int, datetime]]:
    """Indexes with a moment, sorted; a message without time follows its predecessor."""
    moments: list[tuple[int, datetime]] = []
    last: dict[str, datetime] = {}
    for index, message in enumerate(messages):
        at = message.time or last.get(message.group, START) + timedelta(seconds=30)
        last[message.group] = at
        moments.append((index, at))
    return sorted(moments, key=lambda pair: (pair[1], pair[0]))
