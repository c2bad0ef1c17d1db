"""Where later rooms register what people must not import: merging, being in use, lists on a person's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from fuhui.shared.viewers import Viewer


class Mover(Protocol):
    """Moves everything of `merged` to `kept` inside the caller's transaction and answers what, as plain values."""

    def __call__(self, *, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class Panel:
    """A list on a person's page: rows of (text, address or '') and what to say when there are none."""

    title: str
    rows: Sequence[tuple[str, str]]
    empty: str = "暂无。"


PanelMaker = Callable[[Viewer, UUID], Panel | None]
UseFinder = Callable[[UUID, Sequence[UUID]], set[UUID]]

_movers: dict[str, Mover] = {}
_panels: dict[str, PanelMaker] = {}
_uses: dict[str, UseFinder] = {}


def on_merge(name: str, mover: Mover) -> None:
    """Registers what a room moves when two persons are merged; `name` stands in the trace."""
    _movers[name] = mover


def add_person_panel(name: str, maker: PanelMaker) -> None:
    """Registers a list on the person's page. The maker answers None where this viewer sees nothing of it."""
    _panels[name] = maker


def on_use(name: str, finder: UseFinder) -> None:
    """Registers which of some persons (community, ids) a room refers to: undoing an import keeps those."""
    _uses[name] = finder


def movers() -> Mapping[str, Mover]:
    """Everything registered by `on_merge`."""
    return dict(_movers)


def panels_of(viewer: Viewer, person_id: UUID) -> list[Panel]:
    """The registered lists of one person for one viewer."""
    return [panel for maker in _panels.values() if (panel := maker(viewer, person_id)) is not None]


def used(community_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the persons that any room refers to."""
    return set().union(*(finder(community_id, ids) for finder in _uses.values()))
