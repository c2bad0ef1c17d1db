"""The long steps of an import: check, import, undo. Progress is written beside the transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.registry.people.importing import files
from fuhui.registry.people.importing.plan import Tell, make_plan
from fuhui.registry.people.importing.progress import Progress
from fuhui.registry.people.importing.source import open_source
from fuhui.registry.people.importing.undoing import undo
from fuhui.registry.people.importing.writing import Writer
from fuhui.registry.people.models import ImportBatch
from fuhui.registry.people.permissions import may_import
from fuhui.registry.people.queries.batches import batch_for
from fuhui.registry.people.rules.messages import TAKEN_ID
from fuhui.registry.people.rules.words import BatchState
from fuhui.shared import audit
from fuhui.shared.errors import PeopleError, RuleBroken
from fuhui.shared.rows import broken_constraint, take_turn
from fuhui.shared.viewers import Viewer

_BROKEN = "没有完成，什么也没有写入。请再试一次；仍不行请把文件名和时间告诉系统管理员。"
_log = logging.getLogger(__name__)
Work = Callable[[ImportBatch, Tell], None]


def check_import(*, by: Viewer, batch_id: UUID) -> ImportBatch:
    """Makes the plan and keeps its figures and bad rows; writes nobody. The batch then waits for the decision."""

    def check(batch: ImportBatch, tell: Tell) -> None:
        plan = make_plan(batch.community_id, open_source(batch), batch.options, tell)
        unknown = [[block.label, str(grid or "")] for block, grid in plan.places.unknown.items()]
        batch.counts, batch.problems = plan.counts(), plan.problems
        batch.options = {**batch.options, "unknown_buildings": sorted(unknown)[:300]}
        batch.state = BatchState.CHECKED

    return _long_step(by, batch_id, BatchState.CHECKING, check)


def run_import(*, by: Viewer, batch_id: UUID) -> ImportBatch:
    """Imports the list in one transaction: all of it or nothing. Imports of one community wait for each other.

    What goes wrong is told on the batch ("failed" with the reason) and nothing is written. Running a batch that is
    not waiting to run does nothing, so a job that is run twice is harmless.
    """

    def run(batch: ImportBatch, tell: Tell) -> None:
        plan = make_plan(batch.community_id, open_source(batch), batch.options, tell)
        if plan.bad_rows and not batch.options.get("leave_out"):
            batch.problems, batch.counts = plan.problems, plan.counts()
            raise RuleBroken("bad_rows", f"检查之后登记的情况有变化，现在有 {plan.bad_rows} 行有问题，什么也没有写入。")
        written = Writer(batch, plan, by, str(batch.options.get("by") or by.actor), tell).write()
        batch.counts = plan.counts() | written
        batch.state, batch.finished_at = BatchState.DONE, timezone.now()
        batch.done = batch.total = max(batch.counts["rows"], 1)
        transaction.on_commit(lambda: _file_done(batch))
        audit.record(
            "people.import",
            by=by,
            community_id=batch.community_id,
            subject="import",
            subject_id=batch.pk,
            data={"counts": batch.counts, "asked_by": batch.options.get("by", "")},
        )

    return _long_step(by, batch_id, BatchState.RUNNING, run)


def undo_import(*, by: Viewer, batch_id: UUID) -> ImportBatch:
    """Takes an import back in one transaction. People changed or used since stay and are counted. Undoing twice
    does nothing the second time."""

    def take_back(batch: ImportBatch, tell: Tell) -> None:
        actor = str(batch.options.get("undone_by") or by.actor)
        batch.counts = {**batch.counts, **undo(batch, actor, tell)}
        batch.state, batch.undone_at = BatchState.UNDONE, timezone.now()
        audit.record(
            "people.import_undo",
            by=by,
            community_id=batch.community_id,
            subject="import",
            subject_id=batch.pk,
            data={"counts": batch.counts, "asked_by": actor},
        )

    return _long_step(by, batch_id, BatchState.UNDOING, take_back)


def _long_step(by: Viewer, batch_id: UUID, state: BatchState, work: Work) -> ImportBatch:
    batch = batch_for(by, batch_id)
    may_import(by, batch.community_id).require()
    try:
        with Progress(batch) as progress, transaction.atomic():
            take_turn("people.import", batch.community_id)
            batch.refresh_from_db()
            if batch.state != state:
                return batch
            work(batch, progress.tell)
            _save(batch)
    except PeopleError as error:
        return _failed(batch, state, error.message)
    except IntegrityError as error:
        taken = broken_constraint(error) == "people_person_id_once"
        _log.warning("import %s: %s", batch_id, broken_constraint(error))
        return _failed(batch, state, f"导入期间，{TAKEN_ID}什么也没有写入，请再点一次导入。" if taken else _BROKEN)
    except Exception:
        _failed(batch, state, _BROKEN)
        raise
    return batch


def _save(batch: ImportBatch) -> None:
    """What the step decided; the columns of progress belong to the other connection until the step ends."""
    batch.stage, batch.beat_at = "", timezone.now()
    batch.save(
        update_fields=[
            "state",
            "counts",
            "problems",
            "options",
            "stage",
            "beat_at",
            "error",
            "finished_at",
            "undone_at",
            *(["done", "total"] if batch.state == BatchState.DONE else []),
        ]
    )


@transaction.atomic
def _failed(batch: ImportBatch, state: BatchState, message: str) -> ImportBatch:
    """The step ended without effect: an undo leaves the import in place, anything else is told as failed."""
    batch.state = BatchState.DONE if state == BatchState.UNDOING else BatchState.FAILED
    batch.error, batch.stage = message[:300], ""
    batch.save(update_fields=["state", "error", "stage", "problems", "counts"])
    return batch


def _file_done(batch: ImportBatch) -> None:
    files.remove(batch.file_path)
    ImportBatch.objects.filter(pk=batch.pk).update(file_path="")
