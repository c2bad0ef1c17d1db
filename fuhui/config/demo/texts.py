"""Reads the matters of `data/cases_*.txt`: what residents say, and how each kind of matter may go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files

Pair = tuple[str, str]


@dataclass
class Matter:
    """One kind of matter in several voices. Texts hold {p} {d} {b} {r} {a} {n} for the place."""

    category: str
    options: dict[str, str] = field(default_factory=dict)
    voices: list[str] = field(default_factory=list)
    reply: str = ""
    outcome: str = ""
    answered: str = ""
    question: Pair | None = None
    street: Pair | None = None
    objection: Pair | None = None
    extension: Pair | None = None
    again: Pair | None = None
    suspended: Pair | None = None
    refused: Pair | None = None
    whistle: str = ""
    units: list[Pair] = field(default_factory=list)

    @property
    def by(self) -> str:
        """Who works on it: 网格, 社区, 物业, 城管 or 派出所."""
        return self.options.get("by", "社区")

    @property
    def is_urgent(self) -> bool:
        """True where life or health is in danger now."""
        return "urgent" in self.options

    def fits(self, month: int) -> bool:
        """Whether the matter belongs into this month: nobody slips on ice in July."""
        months = self.options.get("months", "")
        return not months or str(month) in months.split(",")


_PAIRS = {"?": "question", "^": "street", "~": "objection", "%": "extension", "!": "again", "z": "suspended",
          "x": "refused"}
_LINES = {"=": "reply", "+": "outcome", "a": "answered"}


def load_matters() -> list[Matter]:
    """Every matter in the order of the files."""
    folder = files("fuhui.config.demo") / "data"
    parts = sorted((part for part in folder.iterdir() if part.name.startswith("cases_")), key=lambda part: part.name)
    return [matter for part in parts for matter in read_matters(part.read_text("utf-8"))]


def read_matters(text: str) -> list[Matter]:
    """Matters of one file. Raises ValueError for a line that says nothing known."""
    found: list[Matter] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        sign, _, rest = line.partition(" ")
        if sign == "@":
            category, *options = rest.split()
            found.append(Matter(category, dict(_option(option) for option in options)))
        else:
            _add(found[-1], sign, rest.strip())
    return found


def _option(text: str) -> Pair:
    name, _, value = text.partition("=")
    return name, value


def _add(matter: Matter, sign: str, rest: str) -> None:
    if sign == ">":
        matter.voices.append(rest)
    elif sign in _LINES:
        setattr(matter, _LINES[sign], rest)
    elif sign == "&":
        matter.whistle, *units = [part.strip() for part in rest.split("|")]
        matter.units = [_split(unit, ":") for unit in units]
    elif sign == "%":
        days, _, reason = rest.partition(" ")
        matter.extension = (days, reason)
    elif sign in _PAIRS:
        setattr(matter, _PAIRS[sign], _split(rest, "->"))
    else:
        raise ValueError(f"unknown line: {sign} {rest}")


def _split(text: str, at: str) -> Pair:
    first, _, second = text.partition(at)
    return first.strip(), second.strip()
