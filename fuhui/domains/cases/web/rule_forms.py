"""Forms of the rulebook, and rules in words."""

from __future__ import annotations

from typing import Any

from django import forms

from fuhui.domains.cases.rules.clocks import PACE_NAMES, PRIORITY_NAMES, Pace, Priority
from fuhui.domains.cases.web.base import uuid_in
from fuhui.domains.cases.web.shapes import PageForm

KINDS = {"routing": "派单规则", "priority": "优先级规则", "clock": "时限约定"}
STATES = {"draft": "草稿", "active": "启用", "retired": "停用"}
_PRIORITIES = [(str(key), name) for key, name in PRIORITY_NAMES.items()]
_UNITS = [("minutes", "分钟"), ("days", "天")]
WEEKDAYS = [(number, f"周{name}") for number, name in enumerate("一二三四五六日", 1)]
_WHOLE = {"required": "请填写一个整数。", "invalid": "请填写整数。"}


class ConditionForm(PageForm):
    """When a rule applies: every part that is filled must hold."""

    name = forms.CharField(label="名称", required=False, max_length=40, help_text="例如：夜间漏水找物业。")
    words = forms.CharField(
        label="出现这些词中的一个", required=False, help_text="用空格隔开，例如：漏水 爆管。不填就不看词。"
    )
    category_codes = forms.MultipleChoiceField(label="类别", required=False, widget=forms.CheckboxSelectMultiple)
    grid_ids = forms.MultipleChoiceField(label="网格", required=False, widget=forms.CheckboxSelectMultiple)
    weekdays = forms.MultipleChoiceField(
        label="星期", required=False, widget=forms.CheckboxSelectMultiple, choices=WEEKDAYS
    )
    time_from = forms.TimeField(
        label="从几点",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"invalid": "请按 18:00 的样子填写时间。"},
    )
    time_to = forms.TimeField(
        label="到几点",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text="可以跨过半夜，例如 18:00 到 08:00。",
        error_messages={"invalid": "请按 08:00 的样子填写时间。"},
    )
    position = forms.IntegerField(
        label="顺序",
        initial=100,
        min_value=0,
        max_value=30000,
        help_text="数字小的先看，第一条符合的生效。",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=_WHOLE,
    )
    needed: tuple[str, ...] = ("name", "position")

    def condition(self) -> dict[str, Any]:
        """The condition as the rulebook stores it."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "position": data["position"],
            "words": data["words"].replace("，", " ").split()[:20],
            "category_codes": data["category_codes"],
            "weekdays": [int(one) for one in data["weekdays"]],
            "grid_ids": [key for one in data["grid_ids"] if (key := uuid_in(one))],
            "time_from": data["time_from"],
            "time_to": data["time_to"],
        }


class RoutingForm(ConditionForm):
    """派单规则: who gets it."""

    target = forms.ChoiceField(label="派给谁", widget=forms.RadioSelect, error_messages={"required": "请选择派给谁。"})
    field_order = ("name", "target")
    needed = ("name", "position", "target")

    def rule(self) -> dict[str, Any]:
        """The rule as the rulebook stores it."""
        kind, _, key = self.cleaned_data["target"].partition(":")
        return {
            **self.condition(),
            "to_grid_worker": kind == "grid",
            "account_id": uuid_in(key) if kind == "account" else None,
            "organisation_id": uuid_in(key) if kind == "organisation" else None,
        }


class PriorityForm(ConditionForm):
    """优先级规则: how urgent it is."""

    priority = forms.ChoiceField(
        label="定为", widget=forms.RadioSelect, choices=_PRIORITIES, error_messages={"required": "请选择优先级。"}
    )
    field_order = ("name", "priority")
    needed = ("name", "position", "priority")

    def rule(self) -> dict[str, Any]:
        """The rule as the rulebook stores it."""
        return {**self.condition(), "priority": self.cleaned_data["priority"]}


class ClockForm(PageForm):
    """时限约定."""

    priority = forms.ChoiceField(
        label="优先级", widget=forms.RadioSelect, choices=_PRIORITIES, error_messages={"required": "请选择优先级。"}
    )
    category_code = forms.ChoiceField(
        label="只对这个类别", required=False, widget=forms.Select, help_text="不选就对所有类别。"
    )
    pace = forms.ChoiceField(
        label="怎么计时",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择计时方式。"},
        choices=[(str(key), name) for key, name in PACE_NAMES.items()],
    )
    reply_amount = forms.IntegerField(label="首次答复", min_value=1, max_value=100000, error_messages=_WHOLE)
    reply_unit = forms.ChoiceField(label="首次答复的单位", widget=forms.RadioSelect, choices=_UNITS, initial="minutes")
    close_amount = forms.IntegerField(label="办结", min_value=1, max_value=100000, error_messages=_WHOLE)
    close_unit = forms.ChoiceField(label="办结的单位", widget=forms.RadioSelect, choices=_UNITS, initial="days")
    needed = ("priority", "pace", "reply_amount", "close_amount")

    def rule(self) -> dict[str, Any]:
        """The row as the rulebook stores it."""
        return dict(self.cleaned_data)


class CategoryForm(PageForm):
    """One category of the community's own table."""

    code = forms.CharField(label="代码", required=False, max_length=40, help_text="英文或数字，建好后不能改。")
    name = forms.CharField(label="名称", required=False, max_length=30)
    parent_id = forms.ChoiceField(label="上级类别", required=False, widget=forms.Select, help_text="不选就是一级类别。")
    city_code = forms.CharField(label="城市管理代码", required=False, max_length=5, help_text="5 位数字，没有就不填。")
    default_priority = forms.ChoiceField(
        label="默认优先级", required=False, widget=forms.RadioSelect, choices=[("", "不定"), *_PRIORITIES]
    )
    position = forms.IntegerField(label="顺序", initial=0, min_value=0, max_value=30000, error_messages=_WHOLE)
    is_active = forms.BooleanField(
        label="启用", required=False, initial=True, help_text="停用后新诉求不再用它，旧诉求不变。"
    )
    needed = ("code", "name")


FORMS: dict[str, type[RoutingForm | PriorityForm | ClockForm]] = {
    "routing": RoutingForm,
    "priority": PriorityForm,
    "clock": ClockForm,
}


def initial_of(kind: str, rule: Any) -> dict[str, Any]:
    """A stored rule as its form's values."""
    if kind == "clock":
        return {name: getattr(rule, name) for name in ClockForm.base_fields}
    values: dict[str, Any] = {name: getattr(rule, name) for name in ConditionForm.base_fields}
    values["words"] = " ".join(rule.words)
    if kind == "priority":
        return values | {"priority": rule.priority}
    return values | {
        "target": "grid"
        if rule.to_grid_worker
        else (f"account:{rule.account_id}" if rule.account_id else f"organisation:{rule.organisation_id}")
    }


def clock_words(rule: Any) -> str:
    """A clock row in one sentence."""

    def amount(number: int, unit: str) -> str:
        if unit == "minutes":
            return f"{number // 60} 小时" if number % 60 == 0 else f"{number} 分钟"
        return f"{number} 个工作日" if rule.pace == Pace.WORKING else f"{number} 天"

    return (
        f"首次答复 {amount(rule.reply_amount, rule.reply_unit)}，办结 {amount(rule.close_amount, rule.close_unit)}，"
        f"{PACE_NAMES[Pace(rule.pace)]}"
    )


def condition_words(rule: Any, categories: dict[str, str], grids: dict[str, str]) -> str:
    """A condition in one sentence."""
    parts = [
        f"含“{'”或“'.join(rule.words)}”" if rule.words else "",
        f"类别是{'、'.join(categories.get(one, one) for one in rule.category_codes)}" if rule.category_codes else "",
        f"在{'、'.join(grids.get(str(one), '其他网格') for one in rule.grid_ids)}" if rule.grid_ids else "",
        "、".join(dict(WEEKDAYS)[one] for one in rule.weekdays),
        f"{rule.time_from:%H:%M}–{rule.time_to:%H:%M}" if rule.time_from and rule.time_to else "",
    ]
    return "，".join(part for part in parts if part) or "所有诉求"


def priority_words(value: str) -> str:
    """A priority's name, empty for none."""
    return PRIORITY_NAMES[Priority(value)] if value else ""
