"""Addresses of the book; mounted at book/."""

from __future__ import annotations

from django.urls import path

from fuhui.registry.ledger.web import catalogue, checks, entry, listing, matrix, record

app_name = "ledger"
urlpatterns = [
    path("", listing.book, name="book"),
    path("figures/<slug:room>/<slug:code>/", listing.behind, name="behind"),
    path("export/", listing.export, name="export"),
    path("mine/", listing.mine, name="mine"),
    path("new/", entry.new, name="new"),
    path("checks/", checks.checks, name="checks"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("<uuid:record_id>/", record.record, name="record"),
    path("<uuid:record_id>/reverse/", record.reverse_it, name="reverse"),
    path("<uuid:record_id>/photos/", record.photos, name="photos"),
]
