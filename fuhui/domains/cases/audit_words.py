"""What the actions on cases are called in the audit trail: the workflow's own names, and the rulebook's."""

from __future__ import annotations

from fuhui.domains.cases.rules.states import STEP_NAMES
from fuhui.shared.audit.words import register_words

register_words(
    {f"cases.{step}": f"诉求：{name}" for step, name in STEP_NAMES.items()}
    | {
        "cases.submit": "登记诉求", "cases.read_contact": "查看反映人联系方式",
        "cases.dismiss_suggestion": "否定并案建议",
        "cases.seed_defaults": "写入默认规则", "cases.save_category": "修改诉求类别", "cases.rule_save": "保存规则草稿",
        "cases.rule_try": "试运行规则", "cases.rule_switch_on": "启用规则", "cases.rule_retire": "停用规则",
    },
    {
        "case": "诉求", "category": "诉求类别", "rulebook": "规则", "routing_rule": "派单规则",
        "priority_rule": "优先级规则", "clock_rule": "时限约定",
    },
    reads=("cases.read_contact",),
)
