"""What the actions on pasted chats are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "chat.read": "读入群消息", "chat.make": "由群消息生成诉求", "chat.drop": "放弃群消息",
        "chat.forget": "到期清除群消息",
        "chat.regroup": "调整归并", "chat.edit": "修改待生成诉求", "chat.drop_draft": "去掉待生成诉求",
        "chat.restore_draft": "恢复待生成诉求", "chat.merge_drafts": "合并待生成诉求", "chat.join": "并入已有诉求",
    },
    {"chat_batch": "群消息批次"},
)
