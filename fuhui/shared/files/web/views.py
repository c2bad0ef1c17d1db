"""Handing a file to those who may see it."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from fuhui.shared.errors import NotFound
from fuhui.shared.files.queries import FULL, OpenedFile, open_file
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, visitor_in

_A_DAY = 86_400


@require_safe
def file(request: HttpRequest, file_id: UUID, size: str = FULL) -> FileResponse:
    """A stored file in one of its sizes (full, thumb). A file never changes, so a browser may keep it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    opened = _opened(viewer, file_id, size, request.GET.get("in", ""))
    return answer_with(opened)


def answer_with(opened: OpenedFile) -> FileResponse:
    """The file as an answer: a picture is shown, a document is only ever saved, never opened inside our pages."""
    is_picture = opened.stored.kind == "photo"
    answer = FileResponse(
        opened.place.open("rb"), content_type=opened.stored.content_type, as_attachment=not is_picture,
        filename="" if is_picture else opened.stored.name,
    )
    answer["Cache-Control"] = f"private, max-age={_A_DAY}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    if not is_picture:
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _opened(viewer: Viewer, file_id: UUID, size: str, public_in: str) -> OpenedFile:
    if not public_in:
        return open_file(viewer, file_id, size)
    try:
        community = UUID(public_in)
    except ValueError as error:
        raise NotFound() from error
    if viewer.sees(community):
        return open_file(viewer, file_id, size)
    with acting(visitor_in(community)) as visitor:
        return open_file(visitor, file_id, size)
