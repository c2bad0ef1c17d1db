"""The community's table of stars: read, try out, change, and how it came to be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fuhui.domains.volunteers.actions.certificates import set_stars
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries import certificates, stars
from fuhui.domains.volunteers.rules.certificates import DEFAULT_STARS, half_hours, sound_stars
from fuhui.registry.places.web.chosen import chosen_community
from fuhui.registry.places.web.entry import errors_of, signed_in, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed
from fuhui.shared.ui.format import when
from fuhui.shared.ui.shapes import row

SHOWN = 200


@signed_in
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """Everybody reads the table; the office tries another one out, sees whose star would change, and saves it."""
    viewer, community, post = viewer_of(request), chosen_community(request), request.POST
    office = is_office(viewer, community.id)
    if request.method == "POST" and not office:
        raise NotAllowed("volunteers_stars", "星级标准由社区书记或社区工作者设定。")
    now, errors, changed = certificates.star_table(community.id), {}, None
    if request.method == "POST":
        try:
            then = sound_stars({star: whole(post, f"hours-{star}", f"{star} 星") for star in DEFAULT_STARS})
            if post.get("do") == "save":
                number = set_stars(by=viewer, community_id=community.id, table=then)
                messages.success(request, f"星级标准已保存，{number} 位志愿者的星级随之改变。")
                return redirect("volunteers:stars")
            changed = stars.whose_star_changes(viewer, community.id, now, then)
        except BadInput as error:
            errors = errors_of(error)
    return render(request, "volunteers/stars.html", {
        "office": office, "errors": errors, "tried": changed is not None, "number": len(changed or []),
        "levels": [{"star": star, "stars": "★" * star, "hours": now[star], "name": f"hours-{star}",
                    "typed": post.get(f"hours-{star}", now[star]), "error": errors.get(f"hours-{star}", "")}
                   for star in sorted(now)],
        "changed": [_changed(one) for one in (changed or [])[:SHOWN]], "shown": SHOWN,
        "history": [{"hours": "、".join(map(str, one.hours)), "by": one.by_name, "at": when(one.at),
                     "changed": one.changed} for one in stars.changes_of(viewer, community.id)],
    }, status=422 if errors else 200)


def _changed(one: stars.Changed) -> Any:
    return row(one.volunteer.person.name, href=reverse("volunteers:record", args=[one.volunteer.pk]),
               sub=f"{half_hours(one.minutes)} 小时", meta=f"{_said(one.before)} → {_said(one.after)}",
               pill="升" if one.after > one.before else "降", tone="done" if one.after > one.before else "soon")


def _said(star: int) -> str:
    return f"{star} 星" if star else "没有星"
