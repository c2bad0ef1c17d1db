"""Certificates: the form, the PDF, and the page that says whether a paper is genuine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fuhui.domains.volunteers.actions import certificates as actions
from fuhui.domains.volunteers.codes import certificate_token
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries import certificates, feedback, volunteers
from fuhui.domains.volunteers.rules.certificates import Line, half_hours, shown_lines, stars_for
from fuhui.registry.ledger.queries.persons import person_minutes
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.typesetting import pdf_of
from fuhui.shared.ui.format import day, mask_name, minutes_words
from fuhui.shared.viewers import Viewer

SOURCE = Path(__file__).resolve().parents[1] / "documents" / "certificate.typ"
_FIELDS = ("since", "until", "head", "handler", "contact", "use")


@signed_in
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """A volunteer's record: hours and stars, trainings and praises, certificates; the office adds to it here."""
    viewer = viewer_of(request)
    one = volunteers.volunteer_for(viewer, volunteer_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            said = _add(viewer, volunteer_id, request.POST)
        except (BadInput, RuleBroken) as error:
            errors = errors_of(error)
        else:
            messages.success(request, said)
            return redirect("volunteers:record", volunteer_id)
    minutes = person_minutes(viewer, one.community_id, one.person_id)
    stars = stars_for(minutes, certificates.star_table(one.community_id))
    return render(request, "volunteers/record.html", {
        "one": one, "hours": half_hours(minutes), "words": minutes_words(minutes), "stars": "★" * stars,
        "errors": errors, "values": _typed(request.POST) if errors else _usual(viewer),
        "office": is_office(viewer, one.community_id) and viewer.person_id != one.person_id,
        "told": feedback.about_volunteer(one),
        "merits": [{"kind": row.get_kind_display(), "title": row.title, "by": row.by_whom, "on": day(row.on),
                    "hours": row.hours} for row in certificates.merits_of(viewer, one.pk)],
        "certificates": [{"id": row.pk, "number": row.number, "on": day(row.issued_at), "revoked": row.revoked_why,
                          "minutes": minutes_words(row.minutes)}
                         for row in certificates.certificates_for(viewer, one.pk)],
    }, status=422 if errors else 200)


def _typed(post: QueryDict) -> dict[str, str]:
    return {name: post.get(name, "") for name in _FIELDS}


def _usual(viewer: Viewer) -> dict[str, str]:
    today = timezone.localdate()
    return {"since": f"{today.year}-01-01", "until": today.isoformat(), "handler": viewer.name}


def _add(viewer: Viewer, volunteer_id: UUID, post: QueryDict) -> str:
    if post.get("do") == "merit":
        actions.add_merit(
            by=viewer, volunteer_id=volunteer_id, kind=text(post, "kind", 10), title=text(post, "title", 200),
            on=_day(post, "on", "日期"), by_whom=text(post, "by_whom", 60),
            hours=whole(post, "hours", "学时") if post.get("hours", "").strip() else 0)
        return "记下了。"
    made = actions.issue_certificate(
        by=viewer, volunteer_id=volunteer_id,
        since=_day(post, "since", "开始日期"), until=_day(post, "until", "结束日期"),
        head=text(post, "head", 200), handler=text(post, "handler", 200), contact=text(post, "contact", 200),
        use=text(post, "use", 200))
    return f"证明 {made.number} 已出具，可以下载打印、盖章。"


def _day(post: QueryDict, name: str, what: str) -> date:
    try:
        return date.fromisoformat(text(post, name, 10))
    except ValueError as error:
        raise BadInput(name, f"请填写{what}，例如 2026-03-02。", field=name) from error


@signed_in
def pdf(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The certificate to print. A revoked one is not printed again."""
    viewer = viewer_of(request)
    row = certificates.certificate_for(viewer, certificate_id)
    if row.revoked_at:
        raise RuleBroken("revoked", f"这份证明已经作废：{row.revoked_why}。需要时请重新出具。")
    address = request.build_absolute_uri(reverse("volunteers:proof", args=[certificate_token(row.pk)]))
    code = segno.make(address, error="m").svg_inline(scale=4, border=1)
    made = pdf_of(SOURCE, _facts(viewer, row), {"qr": f'<?xml version="1.0" encoding="utf-8"?>{code}'})
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return answer


def _facts(viewer: Viewer, row: Any) -> dict[str, Any]:
    lines, more = shown_lines([Line(**line) for line in row.facts["lines"]])
    stars = stars_for(person_minutes(viewer, row.community_id, row.volunteer.person_id),
                      certificates.star_table(row.community_id))
    return {
        **row.facts, "more": more, "count": len(row.facts["lines"]),
        "lines": [line._asdict() | {"day": _written(date.fromisoformat(line.day))} for line in lines],
        "number": row.number, "since": _written(row.since), "until": _written(row.until),
        "hours": half_hours(row.minutes), "issued": _written(timezone.localdate(row.issued_at)),
        "stars": f"{stars} 星级志愿者" if stars else "",
        "merits": [f"{one.get_kind_display()}：{one.title}（{_written(one.on)}）"
                   for one in certificates.merits_of(viewer, row.volunteer_id)[:6]],
    }


def _written(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def proof(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a certificate is genuine and still stands, and the masked name; nothing else, for everybody."""
    found = certificates.proof_of(token)
    return render(request, "volunteers/proof.html", {
        "number": found.number, "name": mask_name(found.name), "community": found.community,
        "issued": _written(timezone.localdate(found.issued_at)), "valid": found.revoked_at is None,
    })


@signed_in
@require_POST
def revoke(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """A certificate is void from now on."""
    viewer = viewer_of(request)
    known = certificates.certificate_for(viewer, certificate_id)
    try:
        actions.revoke_certificate(by=viewer, certificate_id=certificate_id, why=text(request.POST, "why", 200))
    except (BadInput, NotAllowed) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "证明已作废，扫码会看到。")
    return redirect("volunteers:record", known.volunteer_id)
