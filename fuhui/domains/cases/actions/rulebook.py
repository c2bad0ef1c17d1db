"""The community's rules: saved as drafts, tried on last month's cases, then switched on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from fuhui.domains.cases.actions.handling import Worker, worker_name
from fuhui.domains.cases.actions.trial import Change, trial_of
from fuhui.domains.cases.models import CaseCategory, ClockRow, PriorityRule, RoutingRule
from fuhui.domains.cases.permissions import may_edit_rules
from fuhui.domains.cases.queries.rulebook import forget_rulebook
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.viewers import Viewer

Rule = RoutingRule | PriorityRule | ClockRow
KINDS: dict[str, type[Rule]] = {"routing": RoutingRule, "priority": PriorityRule, "clock": ClockRow}
_CONDITION = (
    "name",
    "position",
    "grid_ids",
    "building_ids",
    "category_codes",
    "weekdays",
    "time_from",
    "time_to",
    "words",
)
FIELDS = {
    "routing": (*_CONDITION, "to_grid_worker", "account_id", "organisation_id"),
    "priority": (*_CONDITION, "priority"),
    "clock": ("priority", "category_code", "reply_amount", "reply_unit", "close_amount", "close_unit", "pace"),
}
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class DryRun:
    """What a rule would have done to the cases received in the last 30 days."""

    looked_at: int
    matched: int
    changes: tuple[Change, ...]


@transaction.atomic
def save_rule(
    *, by: Viewer, community_id: UUID, kind: str, data: Mapping[str, Any], rule_id: UUID | None = None
) -> Rule:
    """A new draft, or a draft changed. An active rule is not edited in place: its change becomes a draft that
    must be tried again. Raises BadInput naming the field."""
    may_edit_rules(by, community_id).require()
    model = _model(kind)
    rule = _rule(model, community_id, rule_id, lock=True) if rule_id else model(community_id=community_id)
    if rule.state != "draft":
        rule = model(community_id=community_id, replaces_id=rule.id if rule.state == "active" else None)
    for field in FIELDS[kind]:
        if field in data:
            setattr(rule, field, data[field])
    rule.state, rule.dry_run, rule.tried_at, rule.created_by = "draft", {}, None, by.actor
    _validate(rule, community_id)
    rule.save()
    _record(by, rule, kind, "save")
    return rule


@transaction.atomic
def try_rule(*, by: Viewer, community_id: UUID, kind: str, rule_id: UUID) -> DryRun:
    """Tries a rule on the cases of the last 30 days and keeps the result beside it. Changes no case."""
    may_edit_rules(by, community_id).require()
    rule = _rule(_model(kind), community_id, rule_id, lock=True)
    now = timezone.now()
    looked_at, changes = trial_of(rule, kind, community_id, since=now - LOOK_BACK, now=now)
    found = DryRun(looked_at, len(changes), tuple(changes))
    rule.tried_at = now
    rule.dry_run = {
        "looked_at": looked_at,
        "matched": len(changes),
        "changed": sum(change.before != change.after for change in changes),
    }
    rule.save(update_fields=["tried_at", "dry_run", "changed_at"])
    _record(by, rule, kind, "try")
    return found


@transaction.atomic
def switch_on(*, by: Viewer, community_id: UUID, kind: str, rule_id: UUID) -> Rule:
    """Puts a tried rule to work; a clock row replaces the active one of the same priority and category."""
    may_edit_rules(by, community_id).require()
    rule = _rule(_model(kind), community_id, rule_id, lock=True)
    if rule.tried_at is None:
        raise RuleBroken("not_tried", "请先用上个月的诉求试运行这条规则，看过结果再启用。")
    if rule.replaces_id:
        _model(kind).objects.filter(community_id=community_id, pk=rule.replaces_id, state="active").update(
            state="retired"
        )
    if isinstance(rule, ClockRow):
        ClockRow.objects.filter(
            community_id=community_id, priority=rule.priority, category_code=rule.category_code, state="active"
        ).exclude(pk=rule.pk).update(state="retired")
    rule.state = "active"
    rule.save(update_fields=["state", "changed_at"])
    _record(by, rule, kind, "switch_on")
    return rule


@transaction.atomic
def move_rule(*, by: Viewer, community_id: UUID, kind: str, rule_id: UUID, up: bool) -> list[Rule]:
    """Moves a routing or priority rule one place up or down; the first that fits wins. Returns them in order."""
    may_edit_rules(by, community_id).require()
    if kind == "clock":
        raise BadInput("clocks_have_no_order", "时限约定没有先后：类别更具体的优先。")
    rows: list[Any] = list(
        _model(kind).objects.select_for_update().filter(community_id=community_id).exclude(state="retired")
    )
    rows.sort(key=lambda row: (row.position, row.created_at))
    place = next((number for number, row in enumerate(rows) if row.id == rule_id), None)
    if place is None:
        raise NotFound("rule_unknown", "没有找到这条规则，它可能已停用，请刷新。")
    other = min(max(place + (-1 if up else 1), 0), len(rows) - 1)
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, 1):
        row.position = number * 10
        row.save(update_fields=["position", "changed_at"])
    _record(by, rows[other], kind, "move")
    return rows


@transaction.atomic
def retire(*, by: Viewer, community_id: UUID, kind: str, rule_id: UUID) -> Rule:
    """Takes a rule out of work; cases sorted by it stay as they are."""
    may_edit_rules(by, community_id).require()
    rule = _rule(_model(kind), community_id, rule_id, lock=True)
    rule.state = "retired"
    rule.save(update_fields=["state", "changed_at"])
    _record(by, rule, kind, "retire")
    return rule


@transaction.atomic
def save_category(
    *, by: Viewer, community_id: UUID, data: Mapping[str, Any], category_id: UUID | None = None
) -> CaseCategory:
    """A category of the community's own two-level table. The code stays as it is once it exists."""
    may_edit_rules(by, community_id).require()
    row = CaseCategory.objects.filter(community_id=community_id, pk=category_id).first() if category_id else None
    if category_id and row is None:
        raise NotFound
    row = row or CaseCategory(community_id=community_id, code=str(data.get("code", "")).strip())
    for field in ("name", "city_code", "default_priority", "is_active", "position"):
        if field in data:
            setattr(row, field, data[field])
    if "parent_id" in data:
        row.parent = _parent(community_id, data["parent_id"])
    _clean(row)
    row.save()
    forget_rulebook(community_id)
    audit.record(
        "cases.save_category",
        by=by,
        community_id=community_id,
        subject="category",
        subject_id=row.id,
        data={"code": row.code, "name": row.name},
    )
    return row


def rules_of(viewer: Viewer, community_id: UUID, kind: str) -> list[Rule]:
    """All rules of a kind, active ones first; raises NotAllowed for who may not edit them."""
    may_edit_rules(viewer, community_id).require()
    rank = {"active": 0, "draft": 1, "retired": 2}
    return sorted(_model(kind).objects.filter(community_id=community_id), key=lambda rule: rank[rule.state])


def _model(kind: str) -> type[Rule]:
    if kind not in KINDS:
        raise NotFound("unknown_kind", "没有这一类规则。")
    return KINDS[kind]


def _rule(model: type[Rule], community_id: UUID, rule_id: UUID, *, lock: bool) -> Rule:
    rows = model.objects.select_for_update() if lock else model.objects.all()
    found = rows.filter(community_id=community_id, pk=rule_id).first()
    if found is None:
        raise NotFound("rule_unknown", "没有找到这条规则，它可能已被删除，请刷新。")
    return found


def _validate(rule: Rule, community_id: UUID) -> None:
    if isinstance(rule, RoutingRule):
        chosen = [rule.to_grid_worker, bool(rule.account_id), bool(rule.organisation_id)]
        if sum(chosen) != 1:
            raise BadInput("routing_target", "请选择一个去向：本网格网格员、一位工作人员或一个单位。", field="target")
        if not rule.to_grid_worker:
            worker_name(community_id, Worker(rule.account_id, rule.organisation_id))
    if not isinstance(rule, ClockRow) and bool(rule.time_from) != bool(rule.time_to):
        raise BadInput("half_window", "时间段要同时填开始和结束。", field="time_to")
    _clean(rule)


def _clean(row: Rule | CaseCategory) -> None:
    try:
        row.clean_fields()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        label = getattr(row._meta.get_field(field), "verbose_name", field) if field != "__all__" else "内容"
        raise BadInput("bad_field", f"{label}：{messages[0]}", field=field) from error


def _parent(community_id: UUID, parent_id: UUID | None) -> CaseCategory | None:
    if not parent_id:
        return None
    parent = CaseCategory.objects.filter(community_id=community_id, pk=parent_id, parent=None).first()
    if parent is None:
        raise BadInput("bad_parent", "上级类别只能选一级类别。", field="parent")
    return parent


def _record(by: Viewer, rule: Rule, kind: str, what: str) -> None:
    forget_rulebook(rule.community_id)
    audit.record(
        f"cases.rule_{what}", by=by, community_id=rule.community_id, subject=f"{kind}_rule", subject_id=rule.id
    )
