"""What actions, kinds of records and communities are called. Each room says it in its `audit_words.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from fuhui.shared.viewers import Viewer

Names = Callable[[Viewer], Mapping[UUID, str]]
_actions: dict[str, str] = {}
_subjects: dict[str, str] = {}
_reads: set[str] = set()
_names: list[Names] = []
_KINDS = {"visitor": "访客", "reporter": "反映人"}


def register_words(
    actions: Mapping[str, str], subjects: Mapping[str, str] | None = None, reads: Iterable[str] = ()
) -> None:
    """Names a room's actions and kinds of records; `reads` are those actions that show a sensitive record."""
    _actions.update(actions)
    _subjects.update(subjects or {})
    _reads.update(reads)


def name_communities_with(names: Names) -> None:
    """Sets who knows the names of a viewer's communities; this room knows them by key only."""
    _names[:] = [names]


def action_words() -> dict[str, str]:
    """Every known action and its words."""
    return dict(_actions)


def subject_words() -> dict[str, str]:
    """Every known kind of record and its words."""
    return dict(_subjects)


def sensitive_reads() -> frozenset[str]:
    """The actions that show a sensitive record to somebody."""
    return frozenset(_reads)


def action_word(action: str) -> str:
    """`登记诉求`; the code itself where no room has named it."""
    return _actions.get(action) or ("查看敏感信息" if action.endswith(".read") else action)


def subject_word(subject: str) -> str:
    """`诉求`; the code itself where no room has named it."""
    return _subjects.get(subject, subject)


def actor_word(actor: str, name: str) -> str:
    """Who acted: the name, with the kind beside it where it was not an account."""
    kind, _, rest = actor.partition(":")
    if kind == "system":
        return f"系统（{rest}）" if rest else "系统"
    return name or _KINDS.get(kind, actor)


def community_names(viewer: Viewer) -> Mapping[UUID, str]:
    """The viewer's communities and what they are called."""
    return _names[0](viewer) if _names else {}
