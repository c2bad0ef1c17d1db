"""Sentences that several actions use."""

from __future__ import annotations

from collections.abc import Mapping

FIELD_NAMES = {
    "name": "姓名",
    "sex": "性别",
    "birth": "出生日期",
    "id_number": "证件号",
    "phone": "电话",
    "nation": "民族",
    "political": "政治面貌",
    "relation": "与户主关系",
    "residence": "人口类别",
    "note": "备注",
}
TAKEN_ID = "这个证件号已经登记过，同一个人只登记一次。请打开已有的档案修改，或核对证件号。"


def faults_text(faults: Mapping[str, str]) -> str:
    """Every fault in one sentence: 证件号：…；电话：…。"""
    return "；".join(f"{FIELD_NAMES.get(name, name)}：{fault}" for name, fault in faults.items()) + "。"
