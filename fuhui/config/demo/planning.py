"""Which matters come in when, where, from whom: drawn once from the seed, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random

from fuhui.config.demo.people_made import SURNAMES
from fuhui.config.demo.texts import Matter
from fuhui.config.demo.world import Block, Span, Town, pick
from fuhui.shared.calendar.queries import load_calendar

# Hours at which residents write, and how often.
_HOURS = (6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
_OFTEN = (2, 7, 8, 7, 6, 5, 5, 3, 5, 5, 5, 6, 8, 9, 8, 4, 1)
IN_TIME = timedelta(days=14)
_SOURCES = {"chat": 46, "phone": 22, "form": 32}
_TITLES = ("阿姨", "大爷", "姐", "哥", "老师", "大姨", "叔", "妈妈")


@dataclass
class Plan:
    """One case to be told. `stop` names the step after which nothing more happens; `main` is what it repeats,
    `in_time` that nobody is late with it: what is overdue on the last day is chosen in `lately`, not drawn."""

    town: Town
    matter: Matter
    text: str
    block: Block
    unit: int
    at: datetime
    rng: Random
    source: str
    name: str
    stop: str = ""
    main: Plan | None = None
    in_time: bool = False
    further: list[tuple[str, str]] = field(default_factory=list)
    wants: str = ""


class Deck:
    """Voices dealt one by one; none comes again before all that fit the month have been dealt."""

    def __init__(self, matters: list[Matter], rng: Random) -> None:
        self.matters, self.rng = matters, rng
        self._left: list[tuple[Matter, int]] = []

    def deal(self, month: int) -> tuple[Matter, int]:
        """The next matter and which of its voices."""
        place = next((n for n, (matter, _) in enumerate(self._left) if matter.fits(month)), None)
        if place is None:
            fresh = [(matter, voice) for matter in self.matters for voice in range(len(matter.voices))]
            self.rng.shuffle(fresh)
            self._left = self._left + fresh
            place = next(n for n, (matter, _) in enumerate(self._left) if matter.fits(month))
        return self._left.pop(place)


def words_of() -> dict[str, list[str]]:
    """Small talk of residents and staff by occasion."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (files("fuhui.config.demo") / "data" / "words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line.strip():
            found.setdefault(name, []).append(line.strip())
    return found


def placed(text: str, block: Block, unit: int, rng: Random) -> str:
    """The text with its place filled in."""
    other = block.number % 5 + 1 + (block.number - 1) // 5 * 5
    door = f"{rng.randint(1, block.floors)}0{rng.randint(1, 2)}"
    where = {
        "{p}": f"{block.area}{block.number}号楼{unit}单元", "{d}": f"{block.number}号楼{unit}单元", "{a}": block.area,
        "{b}": f"{block.number}号楼", "{r}": f"{block.number}号楼{unit}单元{door}",
        "{n}": f"{other if other != block.number else block.number - 1}号楼",
    }  # fmt: skip
    for sign, words in where.items():
        text = text.replace(sign, words)
    return text


def plan_cases(town: Town, matters: list[Matter], span: Span, rng: Random, per_day: float) -> list[Plan]:
    """Cases from the first to the last day: more on working days, none twice in the same words soon."""
    deck, plans = Deck(matters, rng), []
    for offset in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=offset)
        for _ in range(_how_many(day, rng, per_day)):
            plans.append(_plan(town, deck, span, day, rng))
    kept = [plan for plan in plans if plan.at <= span.end]
    told = sorted([*kept, *_repeats(kept, span, rng)], key=lambda plan: plan.at)
    for plan in told:
        plan.in_time = span.end - plan.at < IN_TIME
    return told


def _how_many(day: date, rng: Random, per_day: float) -> int:
    usual = per_day if load_calendar().is_working(day) else per_day * 0.55
    return int(usual + rng.random() * 1.6 - 0.3 + rng.random() * 0.4)


def _plan(town: Town, deck: Deck, span: Span, day: date, rng: Random) -> Plan:
    matter, voice = deck.deal(day.month)
    block = rng.choice(town.blocks)
    at = span.at(day, rng.choices(_HOURS, _OFTEN)[0], rng.randrange(60))
    if matter.options.get("src") == "patrol":
        at = at.replace(hour=9 + at.minute % 7)
    return plan_one(town, matter, voice, block, at, rng)


def plan_one(town: Town, matter: Matter, voice: int, block: Block, at: datetime, rng: Random) -> Plan:
    """One case with everything drawn."""
    own = Random(rng.random())  # noqa: S311 - the same story again, not a secret
    unit = own.randint(1, block.units)
    text = placed(matter.voices[voice % len(matter.voices)], block, unit, own)
    source = matter.options.get("src") or own.choices(list(_SOURCES), list(_SOURCES.values()))[0]
    plan = Plan(town, matter, text, block, unit, at, own, source, reporter_name(own, block, unit, source))
    if source == "chat" and len(matter.voices) > 1 and pick(own, 0.3):
        other = placed(matter.voices[(voice + 1) % len(matter.voices)], block, unit, own)
        plan.further = [(reporter_name(own, block, unit, source), other)]
    return plan


def reporter_name(rng: Random, block: Block, unit: int, source: str) -> str:
    """As people call themselves: in a group by building, on the phone by family name."""
    surname, title = rng.choice(SURNAMES[:60]), rng.choice(_TITLES)
    if source == "chat":
        return rng.choice([f"{block.number}号楼{surname}{title}", f"{block.number}-{unit}-{surname}{title}"])
    return f"{surname}{rng.choice(['阿姨', '先生', '女士', '大爷'])}"


def _repeats(plans: list[Plan], span: Span, rng: Random) -> Iterator[Plan]:
    """Neighbours who raise the same thing a little later, not knowing of each other."""
    for plan in plans:
        matter, others = plan.matter, [voice for voice in plan.matter.voices if "{r}" not in voice]
        if matter.answered or matter.refused or matter.is_urgent or len(others) < 2 or not pick(rng, 0.14):
            continue
        for place in range(1 + pick(rng, 0.3)):
            at = plan.at + timedelta(minutes=rng.randint(20, 100) + 25 * place)
            again = plan_one(plan.town, matter, place + 1, plan.block, at, rng)
            again.main, again.further = plan, []
            if again.text != plan.text and at <= span.end:
                yield again
