"""Importing a residents' list, step by step: upload, sheet, mapping, check, import, undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.registry.people.actions.cards import ensure_categories
from fuhui.registry.people.actions.running import check_import, run_import, undo_import
from fuhui.registry.people.importing import files, later
from fuhui.registry.people.importing.plan import FILL, OVERWRITE, SKIP
from fuhui.registry.people.importing.source import categories_of, first_sheet, open_source, proposals
from fuhui.registry.people.models import ImportBatch
from fuhui.registry.people.permissions import may_import
from fuhui.registry.people.queries.batches import batch_for
from fuhui.registry.people.rules.columns import CARD, FIELDS, IGNORE
from fuhui.registry.people.rules.rows import mapping_faults
from fuhui.registry.people.rules.words import BatchState
from fuhui.registry.places.models import Grid
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer

CHECKED_AT_ONCE = 3000  # rows; a longer list is checked by a job, with progress
_OPEN = (BatchState.UPLOADED, BatchState.CHECKED, BatchState.FAILED)

__all__ = [
    "check_import",
    "choose_sheet",
    "drop_import",
    "forget_old_files",
    "map_import",
    "run_import",
    "start_import",
    "start_undo",
    "undo_import",
    "upload_list",
]


@transaction.atomic
def upload_list(
    *, by: Viewer, community_id: UUID, file_name: str, chunks: Iterable[bytes], size: int | None = None
) -> ImportBatch:
    """Keeps an uploaded list and proposes which column is what. Nothing of it is registered yet.

    Raises BadInput saying what is wrong: too large (`size` is known before anything is read), empty, no list,
    locked by a password, too many columns or rows.
    """
    may_import(by, community_id).require()
    if size is not None and size > files.MOST_BYTES:
        raise files.too_large()
    ensure_categories(community_id)
    batch = ImportBatch(
        id=new_id(), community_id=community_id, file_name=file_name[-200:] or "名册", created_by=by.actor
    )
    stored = files.store(community_id, batch.pk, chunks)
    batch.file_path, batch.file_hash, batch.size = stored
    try:
        batch.sheet, names = first_sheet(batch)
        batch.options = {"sheets": names}
        _propose(batch)
    except PeopleError:
        files.remove(batch.file_path)
        raise
    batch.save(force_insert=True)
    audit.record(
        "people.import_upload",
        by=by,
        community_id=community_id,
        subject="import",
        subject_id=batch.pk,
        data={"file": batch.file_name, "size": batch.size, "hash": batch.file_hash},
    )
    return batch


@transaction.atomic
def choose_sheet(*, by: Viewer, batch_id: UUID, sheet: str) -> ImportBatch:
    """Another sheet of the workbook; the mapping is proposed anew. Raises BadInput for one that cannot be used."""
    batch = _held(by, batch_id, _OPEN)
    if sheet not in batch.options.get("sheets", []):
        raise BadInput("sheet", "没有这个工作表，请重新选择。", field="sheet")
    batch.sheet, batch.state = sheet, BatchState.UPLOADED
    _propose(batch)
    batch.save()
    audit.record("people.import_sheet", by=by, community_id=batch.community_id, subject="import", subject_id=batch.pk)
    return batch


@transaction.atomic
def map_import(
    *,
    by: Viewer,
    batch_id: UUID,
    mapping: Mapping[int, str],
    existing: str = FILL,
    unknown: str = "create",
    default_grid: UUID | None = None,
    grids: Mapping[str, str] | None = None,
) -> ImportBatch:
    """Which column is what, and what to do with known people and unknown buildings; then the list is checked:
    short ones by the caller (`check_import`), long ones by a job.

    `grids`: building as labelled → grid id. Raises BadInput for a mapping or choice that cannot be used.
    """
    batch = _held(by, batch_id, _OPEN)
    categories = categories_of(batch.community_id)
    fields = [name if _is_known(name) else IGNORE for name in mapping.values()]
    if faults := mapping_faults(fields, categories):
        raise BadInput("mapping", " ".join(faults), field="mapping")
    if existing not in {FILL, OVERWRITE, SKIP} or unknown not in {"create", "text"}:
        raise BadInput("options", "请从列表里选择处理方式。", field="existing")
    batch.mapping = {str(column): name for column, name in zip(mapping, fields, strict=True)}
    batch.options = {
        **batch.options,
        "existing": existing,
        "unknown": unknown,
        "by": by.actor,
        "default_grid": str(default_grid) if default_grid else "",
        "grids": {**batch.options.get("grids", {}), **(grids or {})},
    }
    _grids_exist(batch)
    batch.state, batch.error, batch.stage, batch.done = BatchState.CHECKING, "", "排队", 0
    batch.problems, batch.beat_at = [], timezone.now()
    batch.save()
    audit.record(
        "people.import_map",
        by=by,
        community_id=batch.community_id,
        subject="import",
        subject_id=batch.pk,
        data={"mapping": batch.mapping},
    )
    if batch.total > CHECKED_AT_ONCE:
        later.queue("check", batch.community_id, batch.pk)
    return batch


@transaction.atomic
def start_import(*, by: Viewer, batch_id: UUID, leave_out_bad: bool = False) -> ImportBatch:
    """Hands the checked list to the job that imports it, all of it or nothing.

    Raises RuleBroken where rows are bad and `leave_out_bad` is not chosen, nothing is left to import, or the batch
    is not at this step (a double click finds it running).
    """
    batch = _held(by, batch_id, (BatchState.CHECKED, BatchState.FAILED))
    counts = batch.counts
    if counts.get("bad") and not leave_out_bad:
        raise RuleBroken("bad_rows", f"还有 {counts['bad']} 行有问题。请改好后重新上传，或勾选“不导入有问题的行”。")
    if not counts.get("new") and not counts.get("changed"):
        raise RuleBroken("nothing", "这份名册里没有新的内容：能用的行都已经登记过了。")
    batch.options = {**batch.options, "leave_out": leave_out_bad, "by": by.actor}
    batch.state, batch.stage, batch.done, batch.error = BatchState.RUNNING, "排队", 0, ""
    batch.beat_at = timezone.now()
    batch.save()
    audit.record(
        "people.import_start",
        by=by,
        community_id=batch.community_id,
        subject="import",
        subject_id=batch.pk,
        data={"counts": counts, "leave_out": leave_out_bad},
    )
    later.queue("run", batch.community_id, batch.pk)
    return batch


@transaction.atomic
def start_undo(*, by: Viewer, batch_id: UUID) -> ImportBatch:
    """Hands the batch to the job that takes it back. Raises RuleBroken where it is not imported or is being undone."""
    batch = _held(by, batch_id, (BatchState.DONE,))
    batch.state, batch.stage, batch.done, batch.error = BatchState.UNDOING, "排队", 0, ""
    batch.options = {**batch.options, "undone_by": by.actor}
    batch.beat_at = timezone.now()
    batch.save()
    audit.record(
        "people.import_start_undo", by=by, community_id=batch.community_id, subject="import", subject_id=batch.pk
    )
    later.queue("undo", batch.community_id, batch.pk)
    return batch


@transaction.atomic
def drop_import(*, by: Viewer, batch_id: UUID) -> ImportBatch:
    """Gives up a list that is not imported; its file is removed at once."""
    batch = _held(by, batch_id, (*_OPEN, BatchState.CHECKING))
    batch.state = BatchState.DROPPED
    batch.save(update_fields=["state"])
    transaction.on_commit(lambda: files.remove(batch.file_path))
    audit.record("people.import_drop", by=by, community_id=batch.community_id, subject="import", subject_id=batch.pk)
    return batch


@transaction.atomic
def forget_old_files(*, by: Viewer, community_id: UUID) -> int:
    """Removes lists kept for seven days without being imported; answers how many. For the daily job."""
    may_import(by, community_id).require()
    before = timezone.now() - timedelta(days=files.KEPT_DAYS)
    old = list(
        ImportBatch.objects.select_for_update(of=("self",))
        .filter(community_id=community_id, created_at__lt=before)
        .exclude(file_path="")
        .exclude(state=BatchState.RUNNING)
    )
    for batch in old:
        files.remove(batch.file_path)
        batch.file_path = ""
        if batch.state in _OPEN:
            batch.state = BatchState.DROPPED
        batch.save(update_fields=["file_path", "state"])
    if old:
        audit.record(
            "people.import_forget", by=by, community_id=community_id, subject="import", data={"files": len(old)}
        )
    return len(old)


def _propose(batch: ImportBatch) -> None:
    source = open_source(batch, {})
    found = proposals(source, categories_of(batch.community_id))
    batch.mapping = {str(one.column): one.guess.field for one in found}
    batch.total, batch.counts, batch.problems, batch.done = len(source.sheet.rows) - source.layout.first, {}, [], 0


def _is_known(name: str) -> bool:
    return name in FIELDS or name.startswith(CARD)


def _grids_exist(batch: ImportBatch) -> None:
    wanted = {grid for grid in (batch.options["default_grid"], *batch.options["grids"].values()) if grid}
    known = {str(pk) for pk in Grid.objects.filter(community_id=batch.community_id).values_list("pk", flat=True)}
    if wanted - known:
        raise BadInput("grid", "没有这个网格，请重新选择。", field="default_grid")


def _held(by: Viewer, batch_id: UUID, states: Iterable[str]) -> ImportBatch:
    found = batch_for(by, batch_id)
    may_import(by, found.community_id).require()
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state not in set(states):
        raise RuleBroken("step", f"这次导入现在是“{batch.get_state_display()}”，不能再做这一步。请刷新页面看看进度。")
    return batch
