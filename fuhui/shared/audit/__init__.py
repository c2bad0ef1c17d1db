"""The audit trail: every action and every read of a sensitive record, hash-chained and append-only.

`from fuhui.shared import audit` and then `audit.record(...)` inside the action's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from fuhui.shared.viewers import Viewer


def record(
    action: str, *, by: Viewer, community_id: UUID | None, subject: str, subject_id: UUID | str | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Writes one entry with one INSERT, in the caller's transaction; it is chained when that commits.

    `action` names what was done ("cases.close"), `subject` the kind of record ("case"). Without a community
    the entry goes to the installation's own chain. `data` holds plain values; never a secret in clear.
    """
    from fuhui.shared.audit import actions  # here, so that importing the name needs no ready Django

    actions.write(action, by=by, community_id=community_id, subject=subject, subject_id=subject_id, data=data)


def prepared(
    action: str, *, by: Viewer, community_id: UUID | None, subject: str, subject_id: UUID | str | None = None,
    data: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """An entry as `record` writes it, to be written along with rows by `insert_together`: one round trip less."""
    from fuhui.shared.audit import actions

    return actions.prepared(
        action, by=by, community_id=community_id, subject=subject, subject_id=subject_id, data=data
    )


def read(
    subject: str, *, by: Viewer, community_id: UUID | None, subject_id: UUID | str | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Records that a sensitive record was read: `record` with the action "<subject>.read"."""
    record(f"{subject}.read", by=by, community_id=community_id, subject=subject, subject_id=subject_id, data=data)
