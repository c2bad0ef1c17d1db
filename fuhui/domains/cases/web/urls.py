"""Addresses of cases; mounted at the root."""

from __future__ import annotations

from django.urls import path

from fuhui.domains.cases.web import (
    approvals,
    case,
    entry,
    joining,
    public,
    publishing,
    queue,
    report,
    rulebook,
    steps,
    tracking,
)

app_name = "cases"
urlpatterns = [
    path("queue/", queue.queue_page, name="queue"),
    path("cases/new/", entry.entry_page, name="new"),
    path("cases/<uuid:case_id>/", case.case_page, name="case"),
    path("cases/<uuid:case_id>/contact/", case.contact_page, name="contact"),
    path("cases/<uuid:case_id>/take/", case.take, name="take"),
    path("cases/<uuid:case_id>/suggestion/", case.decide_suggestion, name="suggestion"),
    path("cases/<uuid:case_id>/step/merge/", joining.merge_page, name="merge"),
    path("cases/<uuid:case_id>/step/split/", joining.split_page, name="split"),
    path("cases/<uuid:case_id>/step/publish/", publishing.publish_page, name="publish"),
    path("cases/<uuid:case_id>/step/<str:step>/", steps.step_page, name="step"),
    path("rules/", rulebook.rules_page, name="rules"),
    path("rules/category/new/", rulebook.category_page, name="category-new"),
    path("rules/category/<uuid:category_id>/", rulebook.category_page, name="category"),
    path("rules/<str:kind>/new/", rulebook.rule_page, name="rule-new"),
    path("rules/<str:kind>/<uuid:rule_id>/", rulebook.rule_page, name="rule"),
    path("rules/<str:kind>/<uuid:rule_id>/try/", rulebook.try_page, name="rule-try"),
    path("rules/<str:kind>/<uuid:rule_id>/switch/", rulebook.switch_page, name="rule-switch"),
    path("rules/<str:kind>/<uuid:rule_id>/move/", rulebook.move_page, name="rule-move"),
    path("approvals/", approvals.approvals_page, name="approvals"),
    path("report/<str:code>/", report.report_page, name="report"),
    path("t/<str:token>/", tracking.track, name="track"),
    path("t/<str:token>/photo/<uuid:file_id>/<slug:size>/", tracking.track_photo, name="track-photo"),
    path("find/<str:code>/", tracking.find, name="find"),
    path("find/<str:code>/<uuid:case_id>/", tracking.found_case, name="found-case"),
    path("find/<str:code>/<uuid:case_id>/photo/<uuid:file_id>/<slug:size>/", tracking.found_photo, name="found-photo"),
    path("my/", tracking.my_cases, name="my"),
    path("my/<uuid:case_id>/", tracking.my_case, name="my-case"),
    path("public/<str:code>/", public.public_list, name="public"),
    path("public/<str:code>/<uuid:publication_id>/", public.public_one, name="public-one"),
]
