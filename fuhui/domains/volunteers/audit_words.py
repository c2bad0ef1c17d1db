"""What the room's actions are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "volunteers.register": "登记志愿者", "volunteers.change": "修改志愿者登记",
        "volunteers.register_list": "按名单登记志愿者",
        "volunteers.state": "改变志愿者状态",
        "volunteers.ask": "申请入队", "volunteers.confirmed": "同意入队", "volunteers.declined": "不同意入队",
        "volunteers.left": "退队", "volunteers.publish": "发布招募", "volunteers.add_shift": "加班次",
        "volunteers.places": "改名额", "volunteers.cancel": "取消班次", "volunteers.sign_up": "报名班次",
        "volunteers.withdraw": "退出班次", "volunteers.scan_in": "扫码签到", "volunteers.scan_out": "扫码签退",
        "volunteers.mark": "补记签到签退", "volunteers.absent": "记为未到", "volunteers.appeal": "说明未到",
        "volunteers.answer_appeal": "答复未到说明", "volunteers.forgotten": "按计划补签退",
        "volunteers.approve_hours": "认定服务时长", "volunteers.take_back_hours": "撤回时长认定",
        "volunteers.certificate": "出具志愿服务证明", "volunteers.revoke_certificate": "作废志愿服务证明",
        "volunteers.export": "导出志愿服务记录",
        "volunteers.merit": "登记培训或表彰", "volunteers.stars": "设定星级标准",
        "volunteers.object": "对公示提异议", "volunteers.answer_objection": "答复公示异议",
        "volunteers.feedback": "记录服务评价", "volunteers.feedback_answer": "处理服务评价",
        "volunteers.feedback_hide": "撤回公开评价",
        "volunteers.bank_rules": "改时间银行规则", "volunteers.bank_name": "指定时间账户代办人",
        "volunteers.bank_end": "停止代办时间账户",
        "volunteers.bank_catch_up": "补存以前的服务", "volunteers.bank_merge": "档案合并，时间并到一个账户",
        "volunteers.bank_open": "开立时间账户", "volunteers.bank_earn": "服务存入时间银行",
        "volunteers.bank_spend": "用时间换服务",
        "volunteers.bank_gift": "赠送时间", "volunteers.bank_donate": "捐赠时间",
        "volunteers.bank_surplus": "超出上限转入捐赠池", "volunteers.bank_draw": "捐赠池帮扶",
        "volunteers.bank_reverse": "冲正时间记录", "volunteers.bank_spent": "服务冲正但时间已用，等书记处理",
        "volunteers.bank_ask": "时间银行求助",
        "volunteers.bank_accept": "接下求助", "volunteers.bank_done": "确认完成求助",
        "volunteers.bank_cancel": "取消求助",
    },
    {"volunteer": "志愿者", "joining": "入队申请", "call": "招募", "shift": "班次", "sign_up": "班次报名",
     "volunteer_records": "志愿服务记录", "feedback": "服务评价",
     "bank": "时间银行", "bank_account": "时间账户", "bank_entry": "时间记录", "bank_request": "时间求助"},
)
