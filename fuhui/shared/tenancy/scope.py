"""Tells PostgreSQL who is asking and which communities they may see, for row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from fuhui.shared.viewers import VISITOR, Viewer

_SET = "SELECT set_config('fuhui.communities', %s, false), set_config('fuhui.actor', %s, false)"


def enter(viewer: Viewer) -> None:
    """From now on this connection sees the viewer's communities only. One statement, none when unchanged."""
    scope = (",".join(map(str, viewer.communities)), viewer.actor)
    if getattr(connection, "fuhui_scope", None) == scope and not connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SET, scope)
    # A rollback would take the setting back, so it is only remembered outside transactions.
    connection.fuhui_scope = None if connection.in_atomic_block else scope  # type: ignore[attr-defined]
    connection.fuhui_viewer = viewer  # type: ignore[attr-defined]


def leave() -> None:
    """From now on this connection sees no community's rows."""
    enter(VISITOR)


def current() -> Viewer:
    """The viewer this connection was last told of."""
    viewer: Viewer = getattr(connection, "fuhui_viewer", VISITOR)
    return viewer


@contextmanager
def acting(viewer: Viewer) -> Iterator[Viewer]:
    """Runs the block inside the viewer's scope and restores the former one."""
    before = current()
    enter(viewer)
    try:
        yield viewer
    finally:
        if not connection.needs_rollback:
            enter(before)
        else:
            connection.fuhui_viewer = before  # type: ignore[attr-defined]
            connection.fuhui_scope = None  # type: ignore[attr-defined]


def forget(sender: Any = None, connection: Any = None, **_: Any) -> None:
    """A new connection starts without a scope."""
    connection.fuhui_scope = None
    connection.fuhui_viewer = VISITOR
