"""Fixed choices of people with their Chinese names, in pure Python."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    """As on the identity card; empty where not known."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = ""


class Residence(StrEnum):
    """How somebody lives here (人口类别)."""

    REGISTERED = "registered"
    PERMANENT = "permanent"
    FLOATING = "floating"
    AWAY = "away"
    OVERSEAS = "overseas"
    UNKNOWN = ""


class PersonStatus(StrEnum):
    """Whether the record is of somebody who lives here now."""

    ACTIVE = "active"
    MOVED_OUT = "moved_out"
    DIED = "died"
    MERGED = "merged"


class HouseholdKind(StrEnum):
    """What kind of household lives behind a door."""

    FAMILY = "family"
    COLLECTIVE = "collective"
    TENANT = "tenant"
    SHOP = "shop"
    EMPTY = "empty"


class ConsentAct(StrEnum):
    """Consent is given or withdrawn; withdrawing is as easy as giving (个人信息保护法 art 15)."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class BatchState(StrEnum):
    """Steps of an import."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"


SEX_NAMES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未登记"}
RESIDENCE_NAMES = {
    Residence.REGISTERED: "户籍人口",
    Residence.PERMANENT: "常住（户口在外）",
    Residence.FLOATING: "流动人口",
    Residence.AWAY: "户籍在册、人在外",
    Residence.OVERSEAS: "境外人员",
    Residence.UNKNOWN: "未登记",
}
STATUS_NAMES = {
    PersonStatus.ACTIVE: "在住",
    PersonStatus.MOVED_OUT: "已迁出",
    PersonStatus.DIED: "已故",
    PersonStatus.MERGED: "已合并",
}
HOUSEHOLD_NAMES = {
    HouseholdKind.FAMILY: "家庭户",
    HouseholdKind.COLLECTIVE: "集体户",
    HouseholdKind.TENANT: "出租户",
    HouseholdKind.SHOP: "商铺",
    HouseholdKind.EMPTY: "空房",
}
CONSENT_NAMES = {ConsentAct.GIVEN: "同意", ConsentAct.WITHDRAWN: "撤回"}
BATCH_NAMES = {
    BatchState.UPLOADED: "待对应列",
    BatchState.CHECKING: "检查中",
    BatchState.CHECKED: "待确认",
    BatchState.RUNNING: "导入中",
    BatchState.DONE: "已导入",
    BatchState.FAILED: "未导入",
    BatchState.UNDOING: "撤销中",
    BatchState.UNDONE: "已撤销",
    BatchState.DROPPED: "已放弃",
}
CONSENT_PURPOSES = {
    "registry": "居民信息登记与更新",
    "contact": "电话、短信和上门联系",
    "health": "健康档案与随访（敏感信息，单独同意）",
    "welfare": "帮扶救助资料使用（敏感信息，单独同意）",
    "minor": "未满14周岁，由监护人同意",
    "share_street": "向街道办事处提供",
    "publish": "公开展示姓名或照片（单独同意）",
}
CONSENT_CHANNELS = {
    "paper": "纸质签字",
    "page": "网页勾选",
    "visit": "入户口头（两人在场）",
    "phone": "电话录音",
    "wechat": "微信留言",
}
RELATIONS = (
    "户主",
    "配偶",
    "子",
    "女",
    "儿媳",
    "女婿",
    "父",
    "母",
    "祖父",
    "祖母",
    "孙子",
    "孙女",
    "外孙",
    "外孙女",
    "兄弟",
    "姐妹",
    "其他亲属",
    "租客",
    "保姆",
    "非亲属",
)

# code, name, sensitive (个人信息保护法 art 28), shown to the health post
DEFAULT_CATEGORIES: tuple[tuple[str, str, bool, bool], ...] = (
    ("elder_alone", "独居老人", False, True),
    ("elder_empty", "空巢老人", False, True),
    ("elder_old", "高龄老人", False, True),
    ("low_income", "低保", True, False),
    ("poor_support", "特困供养", True, False),
    ("low_margin", "低保边缘", True, False),
    ("disabled", "残疾", True, True),
    ("disabled_mind", "精神或智力残疾", True, True),
    ("chronic", "慢性病", True, True),
    ("serious_illness", "重病", True, True),
    ("bedridden", "失能卧床", True, True),
    ("pregnant", "孕产妇", True, True),
    ("child_left", "留守儿童", True, False),
    ("child_hardship", "困境儿童", True, False),
    ("lost_only_child", "计生特殊家庭", True, False),
    ("party_member", "党员", True, False),
    ("veteran", "退役军人", False, False),
    ("martyr_family", "烈军属", False, False),
    ("unemployed", "失业", False, False),
    ("volunteer_willing", "愿做志愿者", False, False),
    ("resident_delegate", "居民代表", False, False),
    ("building_head", "楼长", False, False),
)
