"""What the actions of the shared rooms are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "audit.export": "导出审计记录", "audit.check": "检查审计链", "keys.rotate": "更换加密密钥",
        "files.store": "保存照片或文件",
        "calendar.set_days": "录入工作日与假日", "calendar.publish_year": "确认全年工作日表",
        "calendar.set_own_days": "录入本社区的工作日安排", "calendar.drop_own_day": "撤销本社区的工作日安排",
    },
    {"audit": "审计记录", "key": "密钥", "file": "文件", "calendar": "工作日表"},
)
