"""Addresses of the activities; mounted at `activities/`."""

from __future__ import annotations

from django.urls import path

from fuhui.domains.activities.web import calendars, contests, desk, helping, papers, public, sports

app_name = "activities"
urlpatterns = [
    path("desk/", desk.desk_page, name="desk"),
    path("desk/new/", desk.plan_page, name="plan"),
    path("desk/<uuid:activity_id>/", desk.record_page, name="record"),
    path("desk/<uuid:activity_id>/helpers/", helping.helpers_page, name="helpers"),
    path("desk/<uuid:activity_id>/poster/", desk.poster_page, name="poster"),
    path("desk/<uuid:activity_id>/poster.pdf", papers.poster_pdf, name="poster-pdf"),
    path("desk/<uuid:activity_id>/sports/", sports.meeting_page, name="meeting"),
    path("desk/<uuid:activity_id>/sports/<uuid:entry_id>/award.pdf", papers.award_pdf, name="award"),
    path("desk/<uuid:activity_id>/sports/event/<uuid:contest_id>/", contests.contest_page, name="contest"),
    path("mine/", public.mine_page, name="mine"),
    path("ticket/<str:token>/", public.ticket_page, name="ticket"),
    path("feed/<str:token>/", calendars.own_feed, name="own-feed"),
    path("<str:code>/calendar.ics", calendars.community_feed, name="feed"),
    path("<str:code>/", public.list_page, name="list"),
    path("<str:code>/<uuid:activity_id>/", public.activity_page, name="activity"),
    path("<str:code>/<uuid:activity_id>/results/", sports.results_page, name="results"),
]
