"""Forms of the preview: regroup, edit, drop, merge, make. Each leads back to where the person was."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.channels.chat import actions
from fuhui.channels.chat.queries import batch_for
from fuhui.registry.places.web.entry import key, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken, StalePage
from fuhui.shared.viewers import Viewer

LONGEST_TYPED = 500


@require_POST
@signed_in
def regroup(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Moves the ticked messages to a proposed case, a new one or the chatter."""
    post = request.POST
    try:
        draft = actions.regroup_messages(
            by=viewer_of(request), batch_id=batch_id, message_ids=_ids(post), target=text(post, "target", 40),
            version=_version(post),
        )
    except (BadInput, RuleBroken) as error:
        return _back(request, batch_id, error=error)
    chosen = post.getlist("messages")
    return _back(request, batch_id, anchor=f"d-{draft.id}" if draft else f"m-{chosen[0]}")


@require_POST
@signed_in
def draft(request: HttpRequest, batch_id: UUID, draft_id: UUID) -> HttpResponse:
    """One change of one proposed case; `do` says which."""
    post = request.POST
    try:
        kept = _change(viewer_of(request), post, batch_id, draft_id)
    except (BadInput, RuleBroken) as error:
        return _back(request, batch_id, anchor=f"d-{draft_id}", error=error)
    return _back(request, batch_id, anchor=f"d-{kept}")


def _change(by: Viewer, post: QueryDict, batch_id: UUID, draft_id: UUID) -> UUID:
    what, version = text(post, "do", 20), _version(post)
    if what == "drop":
        return actions.drop_draft(by=by, batch_id=batch_id, draft_id=draft_id, version=version).id
    if what == "restore":
        return actions.restore_draft(by=by, batch_id=batch_id, draft_id=draft_id, version=version).id
    if what in {"join", "separate"}:
        joins = what == "join"
        return actions.join_existing(by=by, batch_id=batch_id, draft_id=draft_id, joins=joins, version=version).id
    return _edit(by, post, batch_id, draft_id, version)


def _edit(by: Viewer, post: QueryDict, batch_id: UUID, draft_id: UUID, version: int | None) -> UUID:
    return actions.edit_draft(
        by=by, batch_id=batch_id, draft_id=draft_id, title=text(post, "title", LONGEST_TYPED),
        category_code=text(post, "category", 40), place_text=text(post, "place", LONGEST_TYPED),
        is_urgent=bool(post.get("urgent")), grid_id=key(post, "grid", "网格"), version=version,
    ).id


@require_POST
@signed_in
def merge(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Two proposed cases become one."""
    post = request.POST
    batch_for(viewer_of(request), batch_id)  # before what was sent: another's paste is not found
    try:
        draft_id, into = key(post, "draft", "要合并的两件"), key(post, "into", "要合并的两件")
        if draft_id is None or into is None:
            raise BadInput("no_target", "请选择要合并的两件。", field="into")
        kept = actions.merge_drafts(by=viewer_of(request), batch_id=batch_id, draft_id=draft_id, into_id=into,
                                    version=_version(post))
    except (BadInput, RuleBroken) as error:
        return _back(request, batch_id, error=error)
    return _back(request, batch_id, anchor=f"d-{kept.id}")


@require_POST
@signed_in
def make(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Makes all cases; pressed twice it shows the same result."""
    try:
        actions.make_cases(by=viewer_of(request), batch_id=batch_id, version=_version(request.POST))
    except StalePage as error:
        return _back(request, batch_id, error=error)
    except BadInput as error:
        return _back(request, batch_id, error=error)
    return redirect("chat:result", batch_id)


@require_POST
@signed_in
def drop(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Throws the paste away."""
    actions.drop_batch(by=viewer_of(request), batch_id=batch_id)
    messages.success(request, "这次粘贴没有采用，内容已经删除。")
    return redirect("chat:paste")


def _back(request: HttpRequest, batch_id: UUID, *, anchor: str = "", error: PeopleError | None = None) -> HttpResponse:
    if error:
        messages.error(request, error.message)
    page = text(request.POST, "page", 6)
    query = f"?page={page}" if page.isdecimal() and page != "1" else ""
    address = reverse("chat:preview", args=[batch_id]) + query
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


def _version(post: QueryDict) -> int | None:
    value = text(post, "version", 9)
    return int(value) if value.isdecimal() else None


def _ids(post: QueryDict) -> list[UUID]:
    try:
        return [UUID(value) for value in post.getlist("messages")]
    except ValueError as error:
        raise BadInput("messages", "请在列表里勾选要移动的发言。", field="messages") from error
