"""Pages of people, mounted at /people/."""

from __future__ import annotations

from django.urls import path

from fuhui.registry.people.web import cards, households, importing, merging, people, registering

app_name = "people"
urlpatterns = [
    path("", people.people, name="people"),
    path("new/", registering.register, name="register"),
    path("merge/", merging.merge, name="merge"),
    path("categories/", cards.categories, name="categories"),
    path("categories/save/", cards.save_category, name="save_category"),
    path("import/", importing.start, name="import"),
    path("import/template.xlsx", importing.template, name="import_template"),
    path("import/<uuid:batch_id>/", importing.batch, name="import_batch"),
    path("import/<uuid:batch_id>/sheet/", importing.sheet, name="import_sheet"),
    path("import/<uuid:batch_id>/map/", importing.mapping, name="import_map"),
    path("import/<uuid:batch_id>/run/", importing.run, name="import_run"),
    path("import/<uuid:batch_id>/undo/", importing.undo, name="import_undo"),
    path("import/<uuid:batch_id>/drop/", importing.drop, name="import_drop"),
    path("households/<uuid:household_id>/", households.household, name="household"),
    path("<uuid:person_id>/", people.person, name="person"),
    path("<uuid:person_id>/edit/", registering.edit, name="edit"),
    path("<uuid:person_id>/reveal/", people.reveal, name="reveal"),
    path("<uuid:person_id>/status/", registering.status, name="status"),
    path("<uuid:person_id>/cards/", cards.add, name="add_card"),
    path("<uuid:person_id>/cards/<uuid:card_id>/end/", cards.end, name="end_card"),
    path("<uuid:person_id>/consents/", cards.consent, name="consent"),
]
