"""Records of service in the fields of 志愿服务记录与证明出具办法（试行）（民政部令第67号）.

The order and names of the columns are the software's own: they claim no conformity to a data standard.
"""

from __future__ import annotations

from datetime import date

HEADINGS = (
    "志愿者编号", "志愿者姓名", "活动（项目）", "服务内容", "服务地点", "开始时间", "结束时间", "服务时长（小时）",
    "认定分钟", "岗位", "服务对象人数", "记录人", "活动负责人", "评价", "记录时间", "确认人", "异议", "来源", "状态",
    "冲正或补记说明", "记录编号",
)
WAITING, NOTICED, DUE, RECORDED, VOID = "待确认", "公示中", "公示期满待记录", "已记录", "已冲正"


def state_of(
    *, approved: int | None, notice_until: date | None, is_booked: bool, is_reversed: bool, today: date
) -> str:
    """Where a record stands: 待确认 → 公示中 → 公示期满待记录 → 已记录, or 已冲正."""
    if is_reversed:
        return VOID
    if is_booked:
        return RECORDED
    if approved is None or notice_until is None:
        return WAITING
    return NOTICED if today <= notice_until else DUE
