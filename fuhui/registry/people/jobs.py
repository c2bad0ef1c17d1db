"""Long steps of imports in the background, and forgetting lists that nobody imported."""

from __future__ import annotations

from uuid import UUID

from fuhui.registry.people import actions
from fuhui.registry.people.importing import later
from fuhui.shared.jobs import Job, every, for_each_community, job
from fuhui.shared.tenancy.scope import current


@job("people.check_import", retries=2)
def check_list(*, community_id: UUID, batch_id: str) -> None:
    """Checks a long list."""
    actions.check_import(by=current(), batch_id=UUID(batch_id))


@job("people.run_import", retries=2)
def import_list(*, community_id: UUID, batch_id: str) -> None:
    """Imports a checked list."""
    actions.run_import(by=current(), batch_id=UUID(batch_id))


@job("people.undo_import", retries=2)
def undo_list(*, community_id: UUID, batch_id: str) -> None:
    """Takes an import back."""
    actions.undo_import(by=current(), batch_id=UUID(batch_id))


@every("30 3 * * *", "people.forget_lists")
def forget_lists() -> None:
    """Removes uploaded lists after seven days."""
    for_each_community(_forget)


def _forget(community_id: UUID) -> None:
    actions.forget_old_files(by=current(), community_id=community_id)


def _deferring(work: Job) -> later.Defer:
    def defer(community_id: UUID, batch_id: UUID) -> None:
        work.defer(community_id=community_id, batch_id=batch_id)

    return defer


later.known("check", _deferring(check_list))
later.known("run", _deferring(import_list))
later.known("undo", _deferring(undo_list))
