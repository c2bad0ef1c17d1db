"""Addresses of volunteers; mounted at volunteers/."""

from __future__ import annotations

from django.urls import path

from fuhui.domains.volunteers.web import attendance, calls, hours, shifts, teams, volunteers

app_name = "volunteers"
urlpatterns = [
    path("", volunteers.listing, name="list"),
    path("me/", volunteers.me, name="me"),
    path("join/", volunteers.join, name="join"),
    path("new/", volunteers.choose, name="choose"),
    path("new/<uuid:person_id>/", volunteers.register, name="register"),
    path("<uuid:volunteer_id>/", volunteers.volunteer, name="volunteer"),
    path("<uuid:volunteer_id>/edit/", volunteers.edit, name="edit"),
    path("<uuid:volunteer_id>/state/", volunteers.change_state, name="state"),
    path("<uuid:volunteer_id>/ask/", teams.ask, name="ask"),
    path("teams/", teams.listing, name="teams"),
    path("teams/<uuid:team_id>/", teams.team, name="team"),
    path("teams/<uuid:team_id>/list/", teams.enter_list, name="enter-list"),
    path("joinings/<uuid:joining_id>/decide/", teams.decide, name="decide"),
    path("joinings/<uuid:joining_id>/leave/", teams.leave, name="leave"),
    path("calls/", calls.listing, name="calls"),
    path("calls/new/", calls.new, name="call-new"),
    path("calls/<uuid:call_id>/", calls.call, name="call"),
    path("calls/<uuid:call_id>/shifts/", calls.more, name="call-shift"),
    path("shifts/<uuid:shift_id>/", shifts.shift, name="shift"),
    path("shifts/<uuid:shift_id>/sign-up/", shifts.take, name="sign-up"),
    path("shifts/<uuid:shift_id>/places/", shifts.places, name="places"),
    path("shifts/<uuid:shift_id>/cancel/", shifts.cancel, name="cancel"),
    path("shifts/<uuid:shift_id>/ask/", shifts.ask, name="ask-help"),
    path("shifts/<uuid:shift_id>/code/", attendance.code, name="code"),
    path("shifts/<uuid:shift_id>/door/", attendance.door, name="door"),
    path("shifts/<uuid:shift_id>/attendance/", hours.shift_hours, name="attendance"),
    path("scan/<str:written>/", attendance.scan, name="scan"),
    path("scans/", attendance.take, name="scans"),
    path("notice/", hours.notice, name="notice"),
    path("notice/<uuid:attendance_id>/", hours.object_to, name="object"),
    path("answers/<str:kind>/<uuid:item_id>/", hours.answer, name="answer"),
    path("attendances/<uuid:attendance_id>/explain/", hours.explain, name="explain"),
    path("attendances/<uuid:attendance_id>/take-back/", hours.take_back, name="take-back"),
    path("sign-ups/<uuid:sign_up_id>/hand/", attendance.hand, name="hand"),
    path("sign-ups/<uuid:sign_up_id>/withdraw/", shifts.give_back, name="withdraw"),
]
