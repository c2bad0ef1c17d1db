"""Addresses of organisations; mounted at organisations/."""

from __future__ import annotations

from django.urls import path

from fuhui.registry.organisations.web import pages

app_name = "organisations"
urlpatterns = [
    path("", pages.tree, name="tree"),
    path("new/", pages.edit, name="new"),
    path("<uuid:organisation_id>/", pages.organisation, name="organisation"),
    path("<uuid:organisation_id>/edit/", pages.edit, name="edit"),
    path("<uuid:organisation_id>/members/", pages.add_member, name="add-member"),
    path("<uuid:organisation_id>/leader/", pages.name_leader, name="leader"),
    path("members/<uuid:membership_id>/end/", pages.end_membership, name="end-membership"),
]
