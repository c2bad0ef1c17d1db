"""The table of the catalogue: a row for whom it helps (帮谁), a column for what it brings (送什么)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from fuhui.registry.ledger.rules.catalogue import Kind
from fuhui.shared.errors import BadInput

HELP, SEND = "help", "send"
# A phone shows eight columns at most, and a longer list of rows is no longer looked over.
MOST = {HELP: 15, SEND: 8}
NAME = 10
_WORDS = {HELP: "帮谁", SEND: "送什么"}


@dataclass(frozen=True)
class Line:
    """One row: the code and name of whom it helps, and a kind for each column, None where there is none."""

    code: str
    name: str
    cells: tuple[Kind | None, ...]


@dataclass(frozen=True)
class Table:
    """Columns as (code, name), rows below them, and the kinds outside the table."""

    sends: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    others: tuple[Kind, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The columns' names without their common 送, so that five stand on a phone."""
        return tuple(name.removeprefix("送") for _, name in self.sends)


def laid_out(kinds: Iterable[Kind], used: Container[str] = ()) -> Table:
    """A catalogue as a table of its kinds in use and those whose code is `used`; a missing one leaves its cell empty.

    Rows and columns keep the order of the whole catalogue, whatever is retired; an empty one is left out.
    """
    known = list(kinds)
    inside = {(kind.help, kind.send): kind for kind in known if kind.help and kind.send}
    shown = {place: kind for place, kind in inside.items() if _is_shown(kind, used)}
    sends = {kind.send: kind.send_name for kind in inside.values() if any(send == kind.send for _, send in shown)}
    helps = {kind.help: kind.help_name for kind in inside.values() if any(whom == kind.help for whom, _ in shown)}
    lines = (Line(code, name, tuple(shown.get((code, send)) for send in sends)) for code, name in helps.items())
    others = (kind for kind in known if not (kind.help and kind.send) and _is_shown(kind, used))
    return Table(tuple(sends.items()), tuple(lines), tuple(others))


def _is_shown(kind: Kind, used: Container[str]) -> bool:
    return kind.is_active or kind.code in used


def extended(kinds: Sequence[Kind], side: str, name: str) -> list[Kind]:
    """The kinds that a further row (`help`) or column (`send`) of this name adds. Raises BadInput with what to do."""
    wanted, table = _named(name.strip(), side), laid_out(kinds, {kind.code for kind in kinds})
    there = {HELP: [(line.code, line.name) for line in table.lines], SEND: list(table.sends)}
    if side not in there:
        raise BadInput("side", "请选择是加一行（帮谁）还是加一列（送什么）。", field="side")
    if not 1 <= len(wanted) <= NAME:
        raise BadInput("line_name", f"请填写“{_WORDS[side]}”的名称，最多 {NAME} 个字。", field="line_name")
    if any(one == wanted for _, one in there[side]):
        raise BadInput("line_name", f"表格里已经有“{wanted}”，不用再加。", field="line_name")
    if len(there[side]) >= MOST[side]:
        raise BadInput("line_name", f"“{_WORDS[side]}”最多 {MOST[side]} 个，请把它加为表格外的项目。",
                       field="line_name")
    code = _free(f"{side}_", {one for one, _ in there[side]})
    last = max((kind.order for kind in kinds if kind.help and kind.send), default=0)
    if side == HELP:
        made = [_kind(send, (code, wanted), last + place) for place, send in enumerate(table.sends, 1)]
    else:
        rows = enumerate(there[HELP], 1)
        made = [_kind((code, wanted), whom, last + place) for place, whom in rows]
    return made


def _named(name: str, side: str) -> str:
    return f"送{name}" if side == SEND and name and not name.startswith("送") else name


def _kind(send: tuple[str, str], whom: tuple[str, str], order: int) -> Kind:
    return Kind(f"{send[0]}.{whom[0]}", f"{send[1]}·{whom[1]}", *send, *whom, order)


def free_code(kinds: Iterable[Kind]) -> str:
    """A code for a kind outside the table that no kind has."""
    return _free("kind_", {kind.code for kind in kinds})


def _free(prefix: str, taken: set[str]) -> str:
    return next(code for number in range(1, len(taken) + 2) if (code := f"{prefix}{number}") not in taken)
