"""What the actions on organisations are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "organisations.save": "保存组织", "organisations.add_member": "添加成员",
        "organisations.end_membership": "结束成员关系",
    },
    {"organisation": "组织"},
)
