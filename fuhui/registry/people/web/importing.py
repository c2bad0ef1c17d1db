"""The import wizard: upload, mapping, check, import, undo. Works without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from fuhui.registry.people import actions, queries
from fuhui.registry.people.permissions import may_import
from fuhui.registry.people.queries.lists import MappingView, mapping_view
from fuhui.registry.people.rules.words import BATCH_NAMES, BatchState
from fuhui.registry.people.web.template import template_bytes
from fuhui.registry.places.queries import grids_for
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken
from fuhui.shared.ui.format import when
from fuhui.shared.ui.shapes import cell, options, row, stat, step

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKING = (BatchState.CHECKING, BatchState.RUNNING, BatchState.UNDOING)
_SILENT_SECONDS = 60
_STEPS = (
    ("选文件", ()),
    ("对应列", (BatchState.UPLOADED,)),
    ("核对", (BatchState.CHECKING, BatchState.CHECKED, BatchState.FAILED)),
    ("导入", (BatchState.RUNNING,)),
    ("完成", (BatchState.DONE, BatchState.UNDOING, BatchState.UNDONE, BatchState.DROPPED)),
)
EXISTING = (("fill", "只补空着的项（推荐）"), ("overwrite", "以名册为准，覆盖已登记的内容"), ("skip", "已登记的人不动"))
UNKNOWN = (("create", "自动登记楼和房屋"), ("text", "不登记楼，只把住址记成文字"))


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Upload, and the imports so far."""
    viewer, community = viewer_of(request), chosen_community(request)
    may_import(viewer, community.id).require()
    error: PeopleError | None = None
    if request.method == "POST":
        try:
            return redirect("people:import_batch", _uploaded(request, community.id))
        except BadInput as found:
            error = found
    batches = queries.batches_for(viewer, community.id)
    return render(
        request,
        "people/import_start.html",
        {
            "community": community,
            "errors": errors_of(error) if error else {},
            "rows": [_batch_row(one) for one in batches],
            "steps": [step(name, "now" if place == 0 else "todo") for place, (name, _) in enumerate(_STEPS)],
        },
        status=error.status if error else 200,
    )


def _uploaded(request: HttpRequest, community_id: UUID) -> UUID:
    file = request.FILES.get("file")
    if file is None:
        raise BadInput("file", "请先选择名册文件。", field="file")
    made = actions.upload_list(
        by=viewer_of(request),
        community_id=community_id,
        file_name=file.name or "名册",
        chunks=file.chunks(),
        size=file.size,
    )
    return made.pk


def _batch_row(batch: queries.ImportBatch) -> Any:
    counts = batch.counts
    sub = (
        f"新登记 {counts.get('new', 0)} 人，更新 {counts.get('changed', 0)} 人"
        if batch.state == BatchState.DONE
        else ""
    )
    return row(
        title=batch.file_name,
        href=reverse("people:import_batch", args=[batch.pk]),
        sub=sub,
        pill=BATCH_NAMES[BatchState(batch.state)],
        tone="done" if batch.state == BatchState.DONE else "neutral",
        meta=when(batch.created_at),
        id=str(batch.pk),
    )


@signed_in
def template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, with an example and hints."""
    answer = HttpResponse(template_bytes(), content_type=_XLSX)
    answer["Content-Disposition"] = (
        "attachment; filename*=UTF-8''%E5%B1%85%E6%B0%91%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"
    )
    return answer


@signed_in
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One import at whatever step it is."""
    return _show(request, queries.batch_for(viewer_of(request), batch_id))


@require_POST
@signed_in
def sheet(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Another sheet of the workbook."""
    return _step(
        request,
        batch_id,
        lambda by: actions.choose_sheet(by=by, batch_id=batch_id, sheet=text(request.POST, "sheet", 100)),
    )


@require_POST
@signed_in
def mapping(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The mapping as chosen; short lists are checked at once."""
    post = request.POST
    chosen = {int(name[4:]): text(post, name, 60) for name in post if name.startswith("col-") and name[4:].isdecimal()}
    grids = {name[5:]: str(key(post, name, "网格") or "") for name in post if name.startswith("grid:")}

    def work(by: Any) -> None:
        mapped = actions.map_import(
            by=by,
            batch_id=batch_id,
            mapping=chosen or _former(by, batch_id),
            existing=text(post, "existing", 20) or "fill",
            unknown=text(post, "unknown", 20) or "create",
            default_grid=key(post, "default_grid", "网格"),
            grids=grids,
        )
        if mapped.total <= actions.CHECKED_AT_ONCE:
            actions.check_import(by=by, batch_id=batch_id)

    return _step(request, batch_id, work)


def _former(by: Any, batch_id: UUID) -> dict[int, str]:
    return {int(column): name for column, name in queries.batch_for(by, batch_id).mapping.items()}


@require_POST
@signed_in
def run(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Starts the import."""
    leave_out = bool(request.POST.get("leave_out_bad"))
    return _step(request, batch_id, lambda by: actions.start_import(by=by, batch_id=batch_id, leave_out_bad=leave_out))


@require_POST
@signed_in
def undo(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Takes an import back."""
    return _step(request, batch_id, lambda by: actions.start_undo(by=by, batch_id=batch_id))


@require_POST
@signed_in
def drop(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Gives a list up."""
    actions.drop_import(by=viewer_of(request), batch_id=batch_id)
    messages.success(request, "已放弃，文件已删除，没有登记任何人。")
    return redirect("people:import")


def _step(request: HttpRequest, batch_id: UUID, work: Any) -> HttpResponse:
    try:
        work(viewer_of(request))
    except (BadInput, RuleBroken) as error:
        return _show(request, queries.batch_for(viewer_of(request), batch_id), error)
    return redirect("people:import_batch", batch_id)


def _show(request: HttpRequest, found: queries.ImportBatch, error: PeopleError | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    view = None
    if found.state == BatchState.UPLOADED or (error and error.code == "mapping") or request.GET.get("remap"):
        view = mapping_view(viewer, found)
    context = {
        "batch": found,
        "errors": errors_of(error) if error else {},
        "steps": _steps(found, view),
        "state": BATCH_NAMES[BatchState(found.state)],
        "grids": options((one.id, one.name) for one in grids_for(viewer, found.community_id)),
        "existing_options": options(EXISTING),
        "unknown_options": options(UNKNOWN),
        "options": found.options,
        "view": view,
        "working": found.state in _WORKING,
        "progress": _progress(found),
        "stats": _stats(found),
        "problems": [_problem(one) for one in found.problems[:200]],
        "problem_columns": ["#行", "列", "内容", "问题和怎么改"],
        "more_problems": max(0, found.counts.get("bad", 0) - 200),
        "unknown": _unknown(found),
        "sheets": options((name, name) for name in found.options.get("sheets", [])),
        "can_start": bool(found.counts.get("new") or found.counts.get("changed")),
    }
    return render(request, "people/import_batch.html", context, status=error.status if error else 200)


def _steps(found: queries.ImportBatch, view: MappingView | None) -> list[Any]:
    here = 1 if view else next(place for place, (_, states) in enumerate(_STEPS) if found.state in states)
    return [
        step(name, "done" if place < here or here == 4 else "now" if place == here else "todo")
        for place, (name, _) in enumerate(_STEPS)
    ]


def _progress(found: queries.ImportBatch) -> dict[str, str]:
    quiet = found.beat_at and (timezone.now() - found.beat_at).total_seconds() > _SILENT_SECONDS
    return {
        "label": found.stage or "排队",
        "value": str(found.done),
        "max": str(found.total) if found.done else "",
        "text": f"{found.done:,} / {found.total:,} 行" if found.done else "",
        "sub": "已经一分钟没有进展：后台任务可能没有启动，请联系系统管理员。名册没有丢。"
        if quiet
        else "可以离开这个页面，稍后再回来看。",
    }


def _stats(found: queries.ImportBatch) -> list[Any]:
    counts = found.counts
    if not counts:
        return []
    shown = [
        ("可用的行", counts["rows"] - counts["bad"]),
        ("新登记", counts["new"]),
        ("更新", counts["changed"]),
        ("没有变化", counts["same"]),
        ("有问题", counts["bad"]),
    ]
    if found.state == BatchState.UNDONE:
        shown = [
            ("已移除", counts.get("removed", 0)),
            ("已恢复", counts.get("restored", 0)),
            ("保留（之后又改过或用到）", counts.get("kept", 0)),
        ]
    return [
        stat(
            name,
            f"{value:,}",
            unit="行" if "行" in name or name == "有问题" else "人",
            tone="late" if name == "有问题" and value else "neutral",
        )
        for name, value in shown
    ]


def _problem(one: dict[str, Any]) -> list[Any]:
    return [str(one["row"]), one["field"], one["value"], cell(one["reason"])]


def _unknown(found: queries.ImportBatch) -> list[dict[str, Any]]:
    return [
        {"name": f"grid:{label}", "label": label, "grid": grid}
        for label, grid in found.options.get("unknown_buildings", [])
    ]
