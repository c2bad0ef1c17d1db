"""Addresses of volunteers; mounted at volunteers/."""

from __future__ import annotations

from django.urls import path

from fuhui.domains.volunteers.web import calls, shifts, teams, timebank, volunteers

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
    path("sign-ups/<uuid:sign_up_id>/withdraw/", shifts.give_back, name="withdraw"),
    path("bank/", timebank.home, name="bank"),
    path("bank/open/", timebank.open_own, name="bank-open"),
    path("bank/rules/", timebank.rules, name="bank-rules"),
    path("bank/<uuid:account_id>/", timebank.account, name="bank-account"),
    path("bank/<uuid:account_id>/move/", timebank.move, name="bank-move"),
    path("bank/requests/<uuid:request_id>/", timebank.step, name="bank-request"),
]
