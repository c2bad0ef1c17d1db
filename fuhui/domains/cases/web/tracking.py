"""The three doors to one's own matters: the tracking link, a proven phone, an account."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import segno
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from fuhui import triage
from fuhui.domains.cases.actions.receipt import first_answer
from fuhui.domains.cases.actions.resident import viewer_of_phone, viewer_of_tracking_token
from fuhui.domains.cases.queries.record import CaseRecord
from fuhui.domains.cases.queries.reporting import cases_of_account, cases_of_phone
from fuhui.domains.cases.web.base import Errors, errors_of, signed_in_page, viewer_of
from fuhui.domains.cases.web.following import Door, follow, matter_row
from fuhui.registry.people.rules.contact import normal_phone
from fuhui.registry.places.web.residents import Caller, calling, large_by_default
from fuhui.shared.crypto import SealBroken, seal, unseal
from fuhui.shared.errors import BadInput, PeopleError
from fuhui.shared.files.queries import file_address, open_file
from fuhui.shared.files.web.views import answer_with
from fuhui.shared.messages.codes import check_code, request_code
from fuhui.shared.messages.queries import demo_code
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.ui.format import mask_phone

PURPOSE = "cases.find"
PROVEN = "cases.find.phone"
PROVEN_FOR = timedelta(hours=2)
_MOST = 100


@require_http_methods(["GET", "POST"])
@never_cache
def track(request: HttpRequest, token: str) -> HttpResponse:
    """A matter by its tracking link; right after sending also the receipt."""
    large_by_default(request)
    viewer, case_id = viewer_of_tracking_token(token)
    with acting(viewer):
        door = Door(viewer, case_id, f"/t/{token}/", lambda key, size: f"/t/{token}/photo/{key}/{size}/")
        if not request.GET.get("new"):
            return follow(request, door)
        return follow(request, door, lambda record: _receipt(request, record, token))


def _receipt(request: HttpRequest, record: CaseRecord, token: str) -> dict[str, object]:
    case = record.case
    danger, refusal = triage.danger(case.text), triage.jurisdiction(case.text)
    address = request.build_absolute_uri(f"/t/{token}/")
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff", dark="#000")
    return {
        "is_new": True,
        "danger": danger,
        "refusal": refusal,
        "link": address,
        "qr": picture,
        "answer": first_answer(case, refusal=refusal),
    }


@require_safe
def track_photo(request: HttpRequest, token: str, file_id: UUID, size: str) -> FileResponse:
    """A photo of the tracked matter."""
    viewer, _ = viewer_of_tracking_token(token)
    with acting(viewer):
        return answer_with(open_file(viewer, file_id, size))


@require_http_methods(["GET", "POST"])
@never_cache
def find(request: HttpRequest, code: str) -> HttpResponse:
    """My matters by phone: a code proves the phone, then they are listed for two hours."""
    with calling(request, code) as caller:
        if request.method == "POST":
            return _prove(request, caller)
        phone = _proven(request, caller)
        if not phone:
            return _ask(request, caller, {})
        rows = [
            matter_row(case, f"/find/{code}/{case.id}/") for case in cases_of_phone(caller.community.id, phone)[:_MOST]
        ]
        return render(
            request,
            "cases/found.html",
            {"rows": rows, "community": caller.community, "code": code, "phone": mask_phone(phone)},
        )


def _prove(request: HttpRequest, caller: Caller) -> HttpResponse:
    sent = request.POST
    if sent.get("do") == "leave":
        request.session.pop(PROVEN, None)
        return redirect(request.path)
    phone, code = sent.get("phone", "").strip(), sent.get("code", "").strip()
    try:
        number = normal_phone(phone)
        if number is None:
            raise BadInput("not_a_phone", "请填写您反映时留的手机号，11 位数字。", field="phone")
        if sent.get("do") != "check":
            request_code(number, PURPOSE, request.META.get("REMOTE_ADDR", ""))
            return _ask(request, caller, {}, phone=phone, is_sent=True)
        if not code:
            raise BadInput("code_missing", "请填写短信里的 6 位验证码。", field="code")
        check_code(number, PURPOSE, code)
    except PeopleError as error:
        return _ask(
            request, caller, errors_of(error), phone=phone, is_sent=sent.get("do") == "check", status=error.status
        )
    until = timezone.now() + PROVEN_FOR
    request.session[PROVEN] = seal(f"{caller.community.id}|{until.timestamp():.0f}|{number}", context=PROVEN).hex()
    return redirect(request.path)


def _ask(
    request: HttpRequest, caller: Caller, errors: Errors, *, phone: str = "", is_sent: bool = False, status: int = 200
) -> HttpResponse:
    shown = demo_code(phone, PURPOSE) if is_sent and settings.DEMO and normal_phone(phone) else ""
    return render(
        request,
        "cases/find.html",
        {
            "community": caller.community,
            "code": caller.community.region_id,
            "errors": errors,
            "phone": phone,
            "is_sent": is_sent,
            "demo_code": shown,
        },
        status=status,
    )


def _proven(request: HttpRequest, caller: Caller) -> str:
    """The phone proven in this session for this community, else empty. It is kept sealed."""
    kept = request.session.get(PROVEN)
    if not kept:
        return ""
    try:
        community, until, phone = unseal(bytes.fromhex(kept), context=PROVEN).split("|")
    except (ValueError, SealBroken):
        return ""
    return phone if community == str(caller.community.id) and float(until) > timezone.now().timestamp() else ""


@require_http_methods(["GET", "POST"])
@never_cache
def found_case(request: HttpRequest, code: str, case_id: UUID) -> HttpResponse:
    """One matter of a proven phone."""
    with calling(request, code) as caller:
        phone = _proven(request, caller)
        if not phone:
            return redirect("cases:find", code=code)
        viewer = viewer_of_phone(caller.community.id, case_id, phone)
        with acting(viewer):
            here = f"/find/{code}/{case_id}/"
            return follow(
                request,
                Door(viewer, case_id, here, lambda key, size: f"{here}photo/{key}/{size}/", back=f"/find/{code}/"),
            )


@require_safe
def found_photo(request: HttpRequest, code: str, case_id: UUID, file_id: UUID, size: str) -> HttpResponseBase:
    """A photo of a matter of a proven phone."""
    with calling(request, code) as caller:
        phone = _proven(request, caller)
        if not phone:
            return redirect("cases:find", code=code)
        viewer = viewer_of_phone(caller.community.id, case_id, phone)
        with acting(viewer):
            return answer_with(open_file(viewer, file_id, size))


@require_GET
@signed_in_page
def my_cases(request: HttpRequest) -> HttpResponse:
    """Everything I raised with my account."""
    large_by_default(request)
    viewer = viewer_of(request)
    cases = cases_of_account(viewer.account_id, viewer.communities)[:_MOST] if viewer.account_id else []
    rows = [matter_row(case, f"/my/{case.id}/") for case in cases]
    return render(request, "cases/my.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@signed_in_page
def my_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One of my matters."""
    large_by_default(request)
    return follow(request, Door(viewer_of(request), case_id, f"/my/{case_id}/", file_address, back="/my/"))
