"""Pages of the chat door: the paste box, the preview, the result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fuhui.channels.chat import actions, queries
from fuhui.channels.chat.permissions import may_work_on_chats
from fuhui.channels.chat.rules import BATCH_NAMES, BatchState
from fuhui.channels.chat.web import listing, pasting, previewing, results
from fuhui.registry.places.web.entry import errors_of, signed_in, viewer_of
from fuhui.shared.errors import BadInput, NotAllowed, PeopleError


@signed_in
def paste(request: HttpRequest) -> HttpResponse:
    """The paste box and the latest pastes. What was pasted stays in the box until it could be read."""
    viewer = viewer_of(request)
    if not queries.desk_communities(viewer):
        may_work_on_chats(viewer, UUID(int=0), None).require()
    if request.method != "POST":
        return _box(request, pasting.empty_form(), None)
    form = pasting.form_of(request)
    try:
        batch = actions.read_batch(by=viewer, community_id=form.community_id, pasted=form.pasted())
    except (BadInput, NotAllowed) as error:
        return _box(request, form, error)
    return redirect("chat:preview", batch.id)


def _box(request: HttpRequest, form: pasting.Form, error: PeopleError | None) -> HttpResponse:
    viewer = viewer_of(request)
    recent = queries.recent_batches(viewer)
    choices = queries.grids_to_choose(viewer)
    form = form.filled(queries.last_own_batch(recent, viewer), choices)
    earlier = str(error.details.get("batch") or "") if error else ""
    return render(request, "chat/paste.html", {
        "form": form, "errors": errors_of(error) if error else {}, "asks_day": form.day or _asks_day(error),
        "places": pasting.place_options(choices), "batches": listing.batch_rows(recent),
        "earlier": reverse("chat:preview", args=[earlier]) if earlier else "",
    }, status=error.status if error else 200)


@require_safe
@signed_in
def batches(request: HttpRequest) -> HttpResponse:
    """Everything that came in for the viewer's grids, whoever or whatever brought it, with where it stands."""
    viewer, asked = viewer_of(request), request.GET
    if not queries.desk_communities(viewer):
        may_work_on_chats(viewer, UUID(int=0), None).require()
    state = asked.get("state", "") if asked.get("state", "") in BATCH_NAMES else ""
    grid_id, after = listing.chosen(asked, "grid"), listing.chosen(asked, "after")
    found, following = queries.batches_page(viewer, state=state, grid_id=grid_id, after=after)
    grids = listing.grid_choices(queries.grids_to_choose(viewer))
    return render(request, "chat/batches.html", {
        "rows": listing.batch_rows(found), "chips": listing.batch_chips(asked), "grids": grids,
        "grid": str(grid_id or ""), "state": state, "next": listing.next_address(asked, following),
        "is_narrowed": bool(state or grid_id or after),
    })


def _asks_day(error: PeopleError | None) -> bool:
    return error is not None and error.code == "needs_date"


@require_safe
@signed_in
def preview(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What the messages were taken for, as cases that a person corrects before they are made."""
    viewer = viewer_of(request)
    number = request.GET.get("page", "1")
    shown = queries.preview(viewer, batch_id, page=int(number) if number.isdecimal() and len(number) < 6 else 1)
    if shown.batch.state == BatchState.DONE:
        return redirect("chat:result", batch_id)
    if shown.batch.state == BatchState.DROPPED:
        messages.info(request, "这次粘贴没有采用，内容已经删除。需要时可以重新粘贴。")
        return redirect("chat:paste")
    if shown.batch.state == BatchState.READING:
        return render(request, "chat/reading.html", previewing.progress(shown.batch))
    return render(request, "chat/preview.html", _preview_page(request, shown))


def _preview_page(request: HttpRequest, shown: queries.Preview) -> dict[str, Any]:
    viewer = viewer_of(request)
    community_id = shown.batch.community_id
    return previewing.page(
        shown, categories=queries.category_choices(community_id), grids=queries.own_grids(viewer, community_id),
        show=request.GET.get("show", ""),
    )


@require_safe
@signed_in
def result(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What became of it: numbers, the text to copy back into the group, the answer of each case."""
    batch = queries.batch_for(viewer_of(request), batch_id)
    if batch.state != BatchState.DONE:
        return redirect("chat:preview", batch_id)
    page = results.page(batch, queries.made_drafts(batch), queries.groups_of_drafts(batch))
    return render(request, "chat/result.html", page)
