"""The desk's pages: plans, the list at the door, the poster."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fuhui.domains.activities.actions import afterwards, attending, courses, exhibiting, listing, planning, signing
from fuhui.domains.activities.permissions import (
    may_approve,
    may_change,
    may_close,
    may_enter_list,
    may_publish,
    may_sign_up,
)
from fuhui.domains.activities.queries import (
    TABS,
    activities_for,
    activity_for,
    seen_by_desk,
    service_choices,
    unit_choices,
)
from fuhui.domains.activities.rules.activity import KIND_NAMES, MOST_HEADS, OUTCOME_WORDS, Outcome, State
from fuhui.domains.activities.rules.series import EVERY_NAMES
from fuhui.domains.activities.web.after import after_facts
from fuhui.domains.activities.web.forms import moment, party_in, plan_in, repeat_in
from fuhui.domains.activities.web.helping import not_found_words
from fuhui.domains.activities.web.shapes import desk_row, facts, list_line
from fuhui.registry.places.queries import code_of_community, community_for
from fuhui.registry.places.web.desk import Deed, Sent, context, desk_community, do_one, number, request_key_in, typed
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of
from fuhui.shared.errors import NotFound, PeopleError
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.format import local, when
from fuhui.shared.ui.shapes import chip, options
from fuhui.shared.viewers import Viewer

PAGE = 50
ELSEWHERE = "您报名的活动在“我的活动”里。"


@require_GET
@signed_in
def desk_page(request: HttpRequest) -> HttpResponse:
    """Activities under four tabs."""
    viewer, community = viewer_of(request), desk_community(request, ELSEWHERE)
    tab = request.GET.get("tab", "coming")
    return render(request, "activities/desk.html", {
        "rows": [desk_row(one) for one in activities_for(viewer, community, tab)[:PAGE]],
        "chips": [chip(name, f"?tab={code}&community={community}", on=code == tab) for code, name, _ in TABS],
        "code": code_of_community(community), "community": community,
    })


@require_http_methods(["GET", "POST"])
@signed_in
def plan_page(request: HttpRequest) -> HttpResponse:
    """A new plan."""
    viewer, community = viewer_of(request), desk_community(request, ELSEWHERE)
    if request.method == "GET":
        return _plan(request, viewer, community)
    repeat = None
    try:
        plan, request_key, repeat = plan_in(request.POST), request_key_in(request.POST), repeat_in(request.POST)
        if repeat:
            found = courses.plan_series(by=viewer, community_id=community, plan=plan, repeat=repeat,
                                        request_key=request_key)
            activity, said = found[0], f"登记好了 {len(found)} 场，请另一位同事审批。"
        else:
            activity = planning.plan_activity(by=viewer, community_id=community, plan=plan, request_key=request_key)
            said = "登记好了，请另一位同事审批。"
    except PeopleError as error:
        return _plan(request, viewer, community, Sent(typed(request), errors_of(error)), status=error.status)
    messages.success(request, said)
    return redirect("activities:record", activity_id=activity.pk)


def _plan(
    request: HttpRequest, viewer: Viewer, community: UUID, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    shown = {
        "community": community, "action": request.path, "kinds": options(KIND_NAMES.items()),
        "services": options(service_choices(viewer, community)), "units": unit_choices(viewer, community),
        "repeats": [("", "只办一场"), *EVERY_NAMES.items()],
    }
    first = {"skip_holidays": "on", "capacity": "30", "service_code": "culture.all", "kind": "other"}
    return render(request, "activities/plan.html", shown | context(sent, **first), status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def record_page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """One activity with its list and everything that can be done now; `do` names the deed."""
    viewer = viewer_of(request)
    if request.method == "GET":
        return _record(request, viewer, activity_id)
    seen_by_desk(viewer, activity_id)
    show = lambda sent, status: _record(request, viewer, activity_id, sent, status=status)  # noqa: E731
    return do_one(request, activity_id, DEEDS, show, "activities:record")


def _record(
    request: HttpRequest, viewer: Viewer, activity_id: UUID, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    record, now = activity_for(viewer, activity_id), timezone.now()
    activity = record.activity
    shown: dict[str, Any] = {
        "activity": facts(activity), "people": record.attendances, "approve": may_approve(viewer, activity),
        "may_publish": may_publish(viewer, activity).allowed, "may_change": may_change(viewer, activity).allowed,
        "may_list": may_enter_list(viewer, activity, now).allowed, "close": may_close(viewer, activity, now),
        "sign_up": may_sign_up(activity, now), "most": MOST_HEADS,
        "lines": [list_line(one, is_present=one.pk in record.present) for one in record.signups],
        "refused": [{"at": when(one.at), "why": OUTCOME_WORDS[Outcome(one.outcome)]} for one in record.refused],
        "helping": record.helping,
        "scan_key": str(new_id()), **after_facts(
            activity, has_begun=activity.starts_at <= now, was_attended=bool(record.present)),
        "public": "" if activity.state != State.PUBLISHED else reverse(
            "activities:activity", args=[record.code, activity.pk]),
    }
    first = {"starts_at": _typed_moment(activity.starts_at), "ends_at": _typed_moment(activity.ends_at),
             "place": activity.place, "capacity": str(activity.capacity), "heads": "1"}
    return render(request, "activities/record.html", shown | context(sent, **first), status=status)


@require_GET
@signed_in
def poster_page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """A page to print: what, when, where, and the QR code that signs up without an account."""
    viewer = viewer_of(request)
    activity = seen_by_desk(viewer, activity_id)
    address = request.build_absolute_uri(reverse("activities:activity", args=[activity.code, activity.pk]))
    return render(request, "activities/poster.html", {
        "activity": facts(activity), "community": community_for(viewer, activity.community_id), "address": address,
        "qr": segno.make(address, error="q").svg_data_uri(scale=10, border=4, light="#fff", dark="#000"),
    })


def _typed_moment(at: Any) -> str:
    return local(at).strftime("%Y-%m-%dT%H:%M")


def _approve(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    planning.approve_activity(by=by, activity_id=activity_id)
    return "已审批，可以发布了。"


def _publish(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    planning.publish_activity(by=by, activity_id=activity_id)
    return "已发布，居民可以报名了。可以打印海报。"


def _move(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    told = planning.move_activity(
        by=by, activity_id=activity_id, starts_at=moment(post, "starts_at", "开始时间"),
        ends_at=moment(post, "ends_at", "结束时间"), place=text(post, "place", 2000),
        reason=text(post, "reason", 2000),
    )
    return f"改好了，已通知 {told} 份报名。没有电话的请当面告诉。"


def _resize(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    planning.resize_activity(by=by, activity_id=activity_id, capacity=number(request.POST, "capacity", "名额"))
    return "名额改好了。"


def _cancel(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    told = planning.cancel_activity(by=by, activity_id=activity_id, reason=text(request.POST, "reason", 2000))
    return f"活动取消了，已通知 {told} 份报名。"


def _sign_up(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    signup = signing.sign_up(by=by, activity_id=activity_id, party=party_in(request.POST), for_other=True,
                             request_key=request_key_in(request.POST))
    return "报名成功。" if signup.state == "confirmed" else "名额满了，已排进候补名单。"


def _leave(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    signing.leave(by=by, activity_id=activity_id, signup_id=_signup_in(request))
    return "已取消报名，名额会给下一位候补的人。"


def _accept(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    signing.accept_offer(by=by, activity_id=activity_id, signup_id=_signup_in(request))
    return "已替他确认名额。"


def _check_in(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    ticket = text(post, "ticket", 400)
    found = attending.check_in(
        by=by, activity_id=activity_id, client_uuid=request_key_in(post, "client_uuid"), ticket=ticket,
        signup_id=None if ticket else key(post, "signup", "报名"),
        walk_ins=number(post, "walk_ins", "人数") if post.get("walk_ins", "").strip() else 0,
    )
    if found.outcome != Outcome.OK:
        messages.warning(request, OUTCOME_WORDS[Outcome(found.outcome)])
        return ""
    return f"签到成功，{found.heads} 人。"


def _enter_list(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    found = listing.enter_attendance_list(
        by=by, activity_id=activity_id, roll=text(post, "roll", 60_000),
        request_key=request_key_in(post, "client_uuid"),
        unnamed=number(post, "unnamed", "没有写名字的人数") if post.get("unnamed", "").strip() else 0,
    )
    if not found.heads:
        return "这张签到表已经记过了。"
    said = f"记下 {found.heads} 人次，其中名册里的居民 {found.residents} 位。"
    return said + not_found_words(found, "名册里没有对上，按人数计")


def _approve_series(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    return f"审批了 {courses.approve_series(by=by, activity_id=activity_id)} 场，可以发布了。"


def _publish_series(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    return f"发布了 {courses.publish_series(by=by, activity_id=activity_id)} 场，居民可以报名了。"


def _photo(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    row = afterwards.add_photo(by=by, activity_id=activity_id, upload=request.FILES.get("photo"),
                               words=text(post, "photo_words", 2000), consent=text(post, "consent"))
    return "照片放好了，居民能看到。" if row.consent else "照片留档了，没有公开。"


def _hide_photo(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    photo = key(request.POST, "photo", "照片")
    if photo is None:
        raise NotFound("photo", "没有找到这张照片。")
    afterwards.hide_photo(by=by, activity_id=activity_id, photo_id=photo, reason=text(request.POST, "reason", 2000))
    return "照片撤下了，别人看不到了。"


def _work(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    post = request.POST
    exhibiting.add_work(
        by=by, activity_id=activity_id, title=text(post, "work", 2000), author=text(post, "author", 200),
        agreed=bool(post.get("agreed")), upload=request.FILES.get("picture"),
    )
    return "作品挂好了。"


def _take_down(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    work = key(request.POST, "work_id", "作品")
    if work is None:
        raise NotFound("work", "没有找到这件作品，可能已经撤下了。")
    exhibiting.take_down_work(by=by, activity_id=activity_id, work_id=work)
    return "作品撤下了。"


def _close(request: HttpRequest, by: Viewer, activity_id: UUID) -> str:
    attending.close_activity(by=by, activity_id=activity_id)
    return "活动结束，已记入服务台账。"


def _signup_in(request: HttpRequest) -> UUID:
    found = key(request.POST, "signup", "报名")
    if found is None:
        raise NotFound("signup", "没有找到这份报名，请在名单里重新选择。")
    return found


DEEDS: dict[str, Deed] = {
    "approve": _approve, "publish": _publish, "move": _move, "resize": _resize, "cancel": _cancel,
    "sign_up": _sign_up, "leave": _leave, "accept": _accept, "check_in": _check_in,
    "approve_series": _approve_series, "publish_series": _publish_series, "photo": _photo, "hide_photo": _hide_photo,
    "work": _work, "take_down": _take_down, "close": _close, "enter_list": _enter_list,
}
