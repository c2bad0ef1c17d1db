"""规则: who gets a case, how urgent it is, by when. Every rule is tried on last month before it works."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuhui.domains.cases.actions.rulebook import (
    move_rule,
    retire,
    rules_of,
    save_category,
    save_rule,
    switch_on,
    try_rule,
)
from fuhui.domains.cases.permissions import may_edit_rules
from fuhui.domains.cases.queries.pages import (
    categories,
    categories_of,
    category_options,
    grid_names,
    grid_options,
    worker_options,
)
from fuhui.domains.cases.web.base import Errors, community_of, errors_of, page, staff_page, uuid_in, viewer_of
from fuhui.domains.cases.web.rule_forms import (
    FORMS,
    KINDS,
    STATES,
    CategoryForm,
    clock_words,
    condition_words,
    initial_of,
    priority_words,
)
from fuhui.shared.errors import NotFound, PeopleError
from fuhui.shared.ui.format import Tone, when
from fuhui.shared.ui.shapes import Option, Row, cell, chip, option, row
from fuhui.shared.viewers import Role, Viewer

_TONES: dict[str, Tone] = {"active": "done", "draft": "soon"}
_MOST_SHOWN = 200
_TABS = {**KINDS, "category": "类别"}


@require_GET
@staff_page
def rules_page(request: HttpRequest) -> HttpResponse:
    """The rules of one kind, or the categories, with their state."""
    viewer, community_id = _place(request)
    may_edit_rules(viewer, community_id).require()
    kind = request.GET.get("kind", "routing")
    kind = kind if kind in _TABS else "routing"
    chips = [chip(label, f"?kind={key}{_and_place(request)}", on=key == kind) for key, label in _TABS.items()]
    rows = _category_rows(viewer, community_id, _place_asked(request)) if kind == "category" else []
    rules = _rule_lines(viewer, community_id, kind) if kind in KINDS else []
    return _page(
        request,
        "cases/rules.html",
        {"kind": kind, "label": _TABS[kind], "chips": chips, "rows": rows, "rules": rules},
    )


def _rule_lines(viewer: Viewer, community_id: UUID, kind: str) -> list[dict[str, Any]]:
    """Rules in the order in which they are looked at, those out of use at the end."""
    rules = _in_order(kind, rules_of(viewer, community_id, kind))
    names = {one.code: one.words for one in categories(viewer, community_id)}
    placed = kind != "clock" and any(getattr(rule, "grid_ids", ()) for rule in rules)
    grids = {str(key): name for key, name in grid_names(viewer, community_id).items()} if placed else {}
    named = any(getattr(rule, "account_id", None) or getattr(rule, "organisation_id", None) for rule in rules)
    workers = {one["value"]: one["label"] for one in worker_options(viewer, community_id)} if named else {}
    titles = {rule.id: _title(kind, rule, names) for rule in rules}
    moved = [rule.id for rule in rules if rule.state != "retired"] if kind != "clock" else []
    return [
        {
            "id": rule.id,
            "title": titles[rule.id],
            "sub": _said(kind, rule, names, grids, workers),
            "state": STATES[rule.state],
            "tone": _TONES.get(rule.state, "neutral"),
            "replaces": titles.get(rule.replaces_id, "") if rule.state == "draft" else "",
            "up": rule.id in moved[1:],
            "down": rule.id in moved[:-1],
        }
        for rule in rules
    ]


def _in_order(kind: str, rules: list[Any]) -> list[Any]:
    if kind == "clock":
        return rules
    return sorted(rules, key=lambda rule: (rule.state == "retired", rule.position, rule.created_at))


def _category_rows(viewer: Viewer, community_id: UUID, place: str) -> list[Row]:
    return [_category_row(one, place) for one in categories_of(viewer, community_id)]


def _place(request: HttpRequest) -> tuple[Viewer, UUID]:
    return viewer_of(request), community_of(request, Role.SECRETARY, Role.OPERATOR)


def _place_asked(request: HttpRequest) -> str:
    """`?community=…` where the page was opened for one community of several: it goes on to the next page."""
    asked = uuid_in(request.POST.get("community") or request.GET.get("community"))
    return f"?community={asked}" if asked else ""


def _and_place(request: HttpRequest) -> str:
    return _place_asked(request).replace("?", "&")


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    passed_on = {"place": _place_asked(request), "and_place": _and_place(request)}
    return page(request, template, context | passed_on, status=status)


def _title(kind: str, rule: Any, names: dict[str, str]) -> str:
    if kind != "clock":
        return str(rule.name)
    scope = names.get(rule.category_code, rule.category_code)
    return priority_words(rule.priority) + (f" · {scope}" if scope else "")


def _said(kind: str, rule: Any, names: dict[str, str], grids: dict[str, str], workers: dict[str, str]) -> str:
    if kind == "clock":
        return clock_words(rule)
    return condition_words(rule, names, grids) + " → " + _target(kind, rule, workers)


def _target(kind: str, rule: Any, workers: dict[str, str]) -> str:
    if kind == "priority":
        return priority_words(rule.priority)
    if rule.to_grid_worker:
        return "本网格网格员"
    key = f"account:{rule.account_id}" if rule.account_id else f"organisation:{rule.organisation_id}"
    return workers.get(key, "已不在名单里的办理人")


def _category_row(one: Any, place: str) -> Row:
    sub = "，".join(part for part in (one.code, priority_words(one.default_priority), one.city_code) if part)
    title = f"{one.parent.name} · {one.name}" if one.parent else one.name
    return row(title, href=f"/rules/category/{one.id}/{place}", sub=sub, pill="" if one.is_active else "停用")


def _choices(viewer: Viewer, community_id: UUID) -> dict[str, list[Option]]:
    chosen = category_options(viewer, community_id)
    return {
        "category_codes": chosen,
        "category_code": chosen,
        "grid_ids": grid_options(viewer, community_id),
        "target": [option("grid", "本网格网格员"), *worker_options(viewer, community_id)],
    }


def _rules(viewer: Viewer, community_id: UUID, kind: str) -> list[Any]:
    if kind not in KINDS:
        raise NotFound("unknown_kind", "没有这一类规则。")
    return rules_of(viewer, community_id, kind)


def _one(rules: list[Any], rule_id: UUID) -> Any:
    found = next((rule for rule in rules if rule.id == rule_id), None)
    if found is None:
        raise NotFound("rule_unknown", "没有找到这条规则，它可能已被删除，请刷新。")
    return found


def _copies(kind: str, rule: Any, rules: list[Any]) -> dict[str, Any]:
    """The active rule that a draft will replace, and the draft that is going to replace an active rule."""
    original = next((one for one in rules if one.id == rule.replaces_id and one.state == "active"), None)
    copy = next((one for one in rules if one.replaces_id == rule.id and one.state == "draft"), None)
    return {
        "original": getattr(original, "name", "现在的时限") if original and rule.state == "draft" else "",
        "copy": copy.id if copy and rule.state == "active" else None,
    }


@require_http_methods(["GET", "POST"])
@staff_page
def rule_page(request: HttpRequest, kind: str, rule_id: UUID | None = None) -> HttpResponse:
    """A new rule, or a rule changed: saved as a draft that has to be tried."""
    viewer, community_id = _place(request)
    may_edit_rules(viewer, community_id).require()
    rules = _rules(viewer, community_id, kind) if rule_id else []
    rule = _one(rules, rule_id) if rule_id else None
    maker = FORMS.get(kind)
    if maker is None:
        raise NotFound("unknown_kind", "没有这一类规则。")
    choices = _choices(viewer, community_id)
    if request.method == "GET":
        form = maker(initial=initial_of(kind, rule) if rule else {}, choices=choices)
        return _show(request, kind, rule, form, {}, rules=rules)
    form = maker(request.POST, choices=choices)
    if not form.is_valid():
        return _show(request, kind, rule, form, form.page_errors(), rules=rules, status=422)
    try:
        saved = save_rule(by=viewer, community_id=community_id, kind=kind, data=form.rule(), rule_id=rule_id)
    except PeopleError as error:
        return _show(request, kind, rule, form, errors_of(error), rules=rules, status=error.status)
    replaces = saved.replaces_id and saved.id != rule_id
    kept = "已另存为修改稿，原来的规则照旧。" if replaces else "已存为草稿。"
    messages.success(request, f"{kept}试运行之后才能启用。")
    return redirect(reverse("cases:rule", kwargs={"kind": kind, "rule_id": saved.id}) + _place_asked(request))


def _show(
    request: HttpRequest, kind: str, rule: Any, form: Any, errors: Errors, *, rules: list[Any], status: int = 200
) -> HttpResponse:
    return _page(
        request,
        "cases/rule.html",
        {
            "kind": kind,
            "label": KINDS[kind],
            "rule": rule,
            "fields": form.page_fields(errors),
            "errors": errors,
            "state": STATES[rule.state] if rule else "",
            "tone": _TONES.get(rule.state, "neutral") if rule else "",
            "tried": when(rule.tried_at) if rule and rule.tried_at else "",
            "dry_run": rule.dry_run if rule else {},
            **(_copies(kind, rule, rules) if rule else {}),
        },
        status=status,
    )


@require_POST
@staff_page
def try_page(request: HttpRequest, kind: str, rule_id: UUID) -> HttpResponse:
    """The rule on last month's cases: what would have been otherwise. No case is changed."""
    viewer, community_id = _place(request)
    found = try_rule(by=viewer, community_id=community_id, kind=kind, rule_id=rule_id)
    rules = _rules(viewer, community_id, kind)
    rule = _one(rules, rule_id)
    changes = [one for one in found.changes if one.before != one.after]
    rows = [
        [cell(f"{one.number} {one.title}", href=f"/cases/{one.case_id}/"), one.before, one.after]
        for one in changes[:_MOST_SHOWN]
    ]
    return _page(
        request,
        "cases/rule_try.html",
        {
            "rule": rule,
            **_copies(kind, rule, rules),
            "kind": kind,
            "label": KINDS[kind],
            "found": found,
            "changed": len(changes),
            "rows": rows,
            "columns": ["诉求", "原来", "按这条规则"],
            "more": max(0, len(changes) - _MOST_SHOWN),
        },
    )


@require_POST
@staff_page
def switch_page(request: HttpRequest, kind: str, rule_id: UUID) -> HttpResponse:
    """启用 or 停用."""
    viewer, community_id = _place(request)
    if request.POST.get("do") == "retire":
        retire(by=viewer, community_id=community_id, kind=kind, rule_id=rule_id)
        messages.success(request, "已停用。已经派出的诉求不变。")
    else:
        rule = switch_on(by=viewer, community_id=community_id, kind=kind, rule_id=rule_id)
        instead = "，原来的那条已停用" if rule.replaces_id else ""
        messages.success(request, f"已启用{instead}。新来的诉求按它办。")
    return _back_to(request, kind)


@require_POST
@staff_page
def move_page(request: HttpRequest, kind: str, rule_id: UUID) -> HttpResponse:
    """上移 or 下移: which rule is looked at first."""
    viewer, community_id = _place(request)
    up = request.POST.get("do") != "down"
    move_rule(by=viewer, community_id=community_id, kind=kind, rule_id=rule_id, up=up)
    return redirect(f"{reverse('cases:rules')}?kind={kind}{_and_place(request)}#rule-{rule_id}")


def _back_to(request: HttpRequest, kind: str) -> HttpResponse:
    return redirect(f"{reverse('cases:rules')}?kind={kind}{_and_place(request)}")


@require_http_methods(["GET", "POST"])
@staff_page
def category_page(request: HttpRequest, category_id: UUID | None = None) -> HttpResponse:
    """A category of the community's own table."""
    viewer, community_id = _place(request)
    may_edit_rules(viewer, community_id).require()
    rows = categories_of(viewer, community_id)
    row_ = next((one for one in rows if one.id == category_id), None)
    if category_id and row_ is None:
        raise NotFound("category_unknown", "没有找到这个类别，请刷新。")
    choices = {
        "parent_id": [option(one.id, one.name) for one in rows if one.parent_id is None and one.id != category_id]
    }
    if request.method == "GET":
        initial = {name: getattr(row_, name) for name in CategoryForm.base_fields} if row_ else {}
        return _show_category(request, row_, CategoryForm(initial=initial, choices=choices), {})
    form = CategoryForm(request.POST, choices=choices)
    if not form.is_valid():
        return _show_category(request, row_, form, form.page_errors(), status=422)
    code = form.cleaned_data["code"].strip()
    if row_ is None and any(one.code == code for one in rows):
        taken = {"code": f"代码 {code} 已经有了，请换一个。"}
        return _show_category(request, row_, form, taken, status=422)
    try:
        save_category(by=viewer, community_id=community_id, data=form.cleaned_data, category_id=category_id)
    except PeopleError as error:
        return _show_category(request, row_, form, errors_of(error), status=error.status)
    messages.success(request, "类别已保存。")
    return _back_to(request, "category")


def _show_category(
    request: HttpRequest, category: Any, form: CategoryForm, errors: Errors, *, status: int = 200
) -> HttpResponse:
    fields = [one for one in form.page_fields(errors) if not (category and one["name"] == "code")]
    return _page(
        request, "cases/category.html", {"category": category, "fields": fields, "errors": errors}, status=status
    )
