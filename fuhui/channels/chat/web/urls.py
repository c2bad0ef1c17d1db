"""Addresses of the chat door, mounted at /chat/."""

from __future__ import annotations

from django.urls import path

from fuhui.channels.chat.web import changing, views

app_name = "chat"
urlpatterns = [
    path("", views.paste, name="paste"),
    path("all/", views.batches, name="batches"),
    path("<uuid:batch_id>/", views.preview, name="preview"),
    path("<uuid:batch_id>/result/", views.result, name="result"),
    path("<uuid:batch_id>/regroup/", changing.regroup, name="regroup"),
    path("<uuid:batch_id>/drafts/<uuid:draft_id>/", changing.draft, name="draft"),
    path("<uuid:batch_id>/merge/", changing.merge, name="merge"),
    path("<uuid:batch_id>/make/", changing.make, name="make"),
    path("<uuid:batch_id>/drop/", changing.drop, name="drop"),
]
