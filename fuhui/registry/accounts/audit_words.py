"""What the actions on accounts are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "accounts.create": "新建账号", "accounts.change": "修改账号", "accounts.change_own": "修改自己的账号",
        "accounts.deactivate": "停用账号", "accounts.reactivate": "恢复账号", "accounts.set_password": "重设密码",
        "accounts.remove_second_factor": "解除两步验证", "accounts.grant": "授予角色", "accounts.end_grant": "结束角色",
        "accounts.issue_token": "签发接口令牌", "accounts.revoke_token": "撤销接口令牌",
    },
    {"account": "账号"},
)
