"""What the activities' actions are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "activities.plan": "登记活动", "activities.approve": "审批活动", "activities.publish": "发布活动",
        "activities.move": "改活动时间地点", "activities.cancel": "取消活动", "activities.resize": "改活动名额",
        "activities.sign_up": "活动报名", "activities.leave": "取消报名", "activities.accept": "确认递补名额",
        "activities.lapse": "递补名额到期", "activities.helper": "登记活动出力的人", "activities.close": "活动记入台账",
        "activities.read_list": "查看报名名单", "activities.enter_list": "录入签到表",
        "activities.plan_series": "登记一系列活动", "activities.add_photo": "加活动照片",
        "activities.hide_photo": "撤下活动照片", "activities.feedback": "评价活动", "activities.add_work": "挂作品",
        "activities.add_contest": "加运动会项目", "activities.limit_contests": "改每人报项上限",
        "activities.edit_contest": "改运动会项目", "activities.remove_contest": "取消运动会项目",
        "activities.enter_contest": "报运动会项目", "activities.withdraw_entry": "退出运动会项目",
        "activities.draw": "抽签分组", "activities.results": "记运动会成绩", "activities.award": "打印奖状",
        "activities.take_down_work": "撤下作品", "activities.vote": "给作品投票",
    },
    {"activity": "活动"},
    reads=("activities.read_list",),
)
