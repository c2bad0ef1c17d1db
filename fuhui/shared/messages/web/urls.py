"""Addresses of messages, below /messages/."""

from __future__ import annotations

from django.urls import path

from fuhui.shared.messages.web import pages

app_name = "inbox"
urlpatterns = [
    path("", pages.mine, name="list"),
    path("read", pages.read_all, name="read_all"),
    path("outbox/", pages.outbox, name="outbox"),
    path("<uuid:message_id>/", pages.message, name="message"),
]
