"""我要反映: one large field. Danger is answered first, before anything else is asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuhui import triage
from fuhui.domains.cases.actions.details import MOST_PHOTOS, add_photo
from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.resident import viewer_of_tracking_token
from fuhui.domains.cases.queries.record import case_record
from fuhui.domains.cases.web.base import Errors, errors_of, uuid_in
from fuhui.registry.places.queries import building_grid, grids_for
from fuhui.registry.places.web.residents import Caller, calling
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.files.photos import clean_photo, read_photo
from fuhui.shared.tenancy.scope import acting

_TEXTS = ("text", "place_words", "name", "phone", "longitude", "latitude", "place")
_EARTH = {"longitude": 180.0, "latitude": 90.0}


@require_http_methods(["GET", "POST"])
def report_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form; sent, it leads to the matter's own page with number, dates and tracking link. The same form sent
    a second time leads to the same page."""
    with calling(request, code) as caller:
        if request.method == "GET":
            return _form(request, caller, _blank(request), {})
        if request.POST.get("look"):
            return _form(request, caller, _entered(request), {})
        return _send(request, caller)


def _send(request: HttpRequest, caller: Caller) -> HttpResponse:
    entered = _entered(request)
    photos = request.FILES.getlist("photos")
    try:
        check_photos(photos)
        receipt = submit_case(by=caller.viewer, community_id=caller.community.id, matter=_matter(caller, entered))
    except PeopleError as error:
        return _form(request, caller, entered, errors_of(error), status=error.status)
    _keep_photos(request, receipt.token, photos)
    return redirect(f"/t/{receipt.token}/?new=1")


def check_photos(photos: list[Any]) -> None:
    """Refuses what is no photo before anything is written; the words stay on the page."""
    if len(photos) > MOST_PHOTOS:
        raise BadInput("too_many_photos", f"一次最多 {MOST_PHOTOS} 张照片，请少选几张。", field="photos")
    for position, photo in enumerate(photos, 1):
        try:
            clean_photo(read_photo(photo))
        except BadInput as error:
            raise BadInput(error.code, f"第 {position} 张：{error.message}", field="photos") from error
        photo.seek(0)


def _keep_photos(request: HttpRequest, token: str, photos: list[Any]) -> None:
    if not photos:
        return
    viewer, case_id = viewer_of_tracking_token(token)
    with acting(viewer):
        if case_record(viewer, case_id).parts["photos"]:  # the same form came twice: they are there already
            return
        for position, photo in enumerate(photos, 1):
            try:
                add_photo(by=viewer, case_id=case_id, upload=photo, moment="before")
            except PeopleError as error:
                messages.warning(request, f"第 {position} 张照片没有保存：{error.message}")


def _matter(caller: Caller, entered: dict[str, str]) -> CaseInput:
    viewer = caller.viewer
    building, grid = _place(caller, entered["place"])
    return CaseInput(
        text=entered["text"],
        source="form",
        is_confidential=entered["confidential"] == "on",
        request_key=f"form:{entered['request_key']}"[:64] if uuid_in(entered["request_key"]) else "",
        reporter=Reporter(
            name=entered["name"][:40] or (viewer.name if viewer.account_id else ""),
            phone=entered["phone"],
            account_id=viewer.account_id,
            person_id=viewer.person_id,
        ),
        place=PlaceInput(
            building_id=building,
            grid_id=grid,
            words=entered["place_words"][:120],
            longitude=_degrees(entered, "longitude"),
            latitude=_degrees(entered, "latitude"),
        ),
    )


def _degrees(entered: dict[str, str], name: str) -> float | None:
    try:
        value = float(entered[name])
    except ValueError:
        return None
    return value if abs(value) <= _EARTH[name] else None


def _place(caller: Caller, text: str) -> tuple[UUID | None, UUID | None]:
    """Building or grid of a poster's code; nothing where the code is of neither."""
    key, community_id = uuid_in(text), caller.community.id
    if key is None:
        return None, None
    if building_grid(community_id, key):
        return key, None
    return None, key if grids_for(caller.viewer, community_id).filter(pk=key).exists() else None


def _place_name(caller: Caller, text: str) -> str:
    building, grid = _place(caller, text)
    if building:
        found = building_grid(caller.community.id, building)
        return found[1] if found else ""
    return str(grids_for(caller.viewer, caller.community.id).filter(pk=grid).first() or "") if grid else ""


def _blank(request: HttpRequest) -> dict[str, str]:
    return dict.fromkeys(_TEXTS, "") | {
        "place": request.GET.get("place", ""),
        "confidential": "",
        "request_key": str(uuid4()),
    }


def _entered(request: HttpRequest) -> dict[str, str]:
    sent = request.POST
    return {name: sent.get(name, "").replace("\x00", "").strip() for name in _TEXTS} | {
        "confidential": sent.get("confidential", ""),
        "request_key": sent.get("request_key") or str(uuid4()),
    }


def _form(
    request: HttpRequest, caller: Caller, entered: dict[str, str], errors: Errors, *, status: int = 200
) -> HttpResponse:
    text = entered["text"]
    return render(
        request,
        "cases/report.html",
        {
            "entered": entered,
            "errors": _named(errors),
            "community": caller.community,
            "code": caller.community.region_id,
            "danger": triage.danger(text) if text else None,
            "refusal": triage.jurisdiction(text) if text else None,
            "place_name": _place_name(caller, entered["place"]),
            "geojson": _borders(caller),
            "tiles": settings.MAP_TILES,
            "signed_in": caller.account_id is not None,
            "action": request.path,
            "name": caller.viewer.name,
        },
        status=status,
    )


def _named(errors: Errors) -> Errors:
    return {{"place": "place_words", "photo": "photos"}.get(name, name): said for name, said in errors.items()}


def _borders(caller: Caller) -> dict[str, Any] | None:
    grids = [grid for grid in grids_for(caller.viewer, caller.community.id) if grid.border]
    if not grids:
        return None
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": grid.border, "properties": {"name": grid.name}} for grid in grids],
    }
