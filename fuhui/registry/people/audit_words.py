"""What the actions on residents are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "people.create": "登记居民", "people.correct": "更正居民信息", "people.status": "变更居民状态",
        "people.reveal": "查看证件号和手机号", "people.merge": "合并重复的居民", "people.create_household": "新建户",
        "people.change_household": "修改户", "people.move": "居民迁户", "people.add_card": "添加标签卡",
        "people.end_card": "结束标签卡", "people.seed_categories": "写入默认人员类别",
        "people.save_category": "修改人员类别",
        "people.consent_given": "登记同意", "people.consent_withdrawn": "登记撤回同意",
        "people.import_upload": "上传居民名册", "people.import_sheet": "选择名册工作表",
        "people.import_map": "核对名册列",
        "people.import_start": "开始导入名册", "people.import": "导入名册", "people.import_start_undo": "开始撤销导入",
        "people.import_undo": "撤销导入", "people.import_drop": "放弃导入", "people.import_forget": "清除旧名册文件",
    },
    {
        "person": "居民", "household": "户", "card": "标签卡", "card_category": "人员类别", "consent": "同意",
        "import": "名册导入",
    },
    reads=("people.reveal",),
)
