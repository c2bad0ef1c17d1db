"""The category table a community starts with: fourteen level-1 codes, matters of every week below them.

The city code is that of GB/T 47678.5-2026 where the city's table has the matter; it is a mapping for reports upward
and editable, because the table changed in 2026 and lacks much of what a residential community meets.
"""

from __future__ import annotations

from typing import NamedTuple

from fuhui.domains.cases.rules.clocks import Priority


class Row(NamedTuple):
    """One category: code, name, city code, default priority."""

    code: str
    name: str
    city_code: str = ""
    priority: Priority | None = None


_QUICK, _ASK = Priority.LIVELIHOOD, Priority.INQUIRY

DEFAULT_CATEGORIES: dict[Row, tuple[Row, ...]] = {
    Row("environment", "环境卫生"): (
        Row("environment.rubbish", "垃圾未清", "06042"),
        Row("environment.sewage", "污水异味"),
        Row("environment.green", "绿化养护", "06017"),
        Row("environment.pest", "消杀灭鼠"),
        Row("environment.pet", "宠物粪便"),
    ),
    Row("property", "物业服务"): (
        Row("property.lift", "电梯故障", "01076", _QUICK),
        Row("property.door", "门禁对讲"),
        Row("property.repair", "公共部位维修"),
        Row("property.fee", "物业收费"),
        Row("property.guard", "保洁保安"),
    ),
    Row("facilities", "公共设施"): (
        Row("facilities.lamp", "路灯楼道灯", "01037"),
        Row("facilities.cover", "井盖"),
        Row("facilities.road", "路面破损", "06013"),
        Row("facilities.sport", "健身器材", "01046"),
        Row("facilities.drain", "下水管网", "", _QUICK),
    ),
    Row("utilities", "水电气暖通信", "", _QUICK): (
        Row("utilities.water", "停水", "", _QUICK),
        Row("utilities.power", "停电", "", _QUICK),
        Row("utilities.gas", "燃气供应", "", _QUICK),
        Row("utilities.heat", "供暖", "", _QUICK),
        Row("utilities.net", "宽带通信"),
    ),
    Row("traffic", "交通停车"): (
        Row("traffic.parking", "机动车乱停", "09009"),
        Row("traffic.bike", "非机动车乱停", "09010"),
        Row("traffic.lock", "私设地锁", "06040"),
        Row("traffic.dead_car", "僵尸车", "06034"),
    ),
    Row("safety", "安全隐患"): (
        Row("safety.fire_lane", "占用消防通道", "09012"),
        Row("safety.charging", "飞线充电"),
        Row("safety.clutter", "楼道堆物", "06036"),
        Row("safety.falling", "高空抛物"),
        Row("safety.wall", "危墙危房"),
        Row("safety.gas_leak", "燃气泄漏", "", Priority.URGENT),
        Row("safety.cable", "线缆脱落", "10002"),
    ),
    Row("order", "治安秩序"): (
        Row("order.theft", "盗窃"),
        Row("order.fraud", "诈骗"),
        Row("order.stranger", "可疑人员"),
        Row("order.dog", "犬只扰民伤人"),
    ),
    Row("noise", "噪音扰民"): (
        Row("noise.home", "邻里噪音", "06028"),
        Row("noise.site", "施工噪音", "08001"),
        Row("noise.shop", "商户噪音"),
        Row("noise.square", "广场舞噪音"),
    ),
    Row("dispute", "矛盾纠纷"): (
        Row("dispute.neighbour", "邻里纠纷"),
        Row("dispute.leak", "漏水纠纷"),
        Row("dispute.rent", "租赁纠纷"),
        Row("dispute.family", "家庭矛盾"),
    ),
    Row("welfare", "民生保障"): (
        Row("welfare.allowance", "低保救助"),
        Row("welfare.insurance", "社保医保"),
        Row("welfare.elderly", "养老助老"),
        Row("welfare.disabled", "残疾服务"),
        Row("welfare.job", "就业"),
        Row("welfare.proof", "证明办理", "", _ASK),
    ),
    Row("health", "医疗卫生"): (
        Row("health.vaccine", "疫苗", "", _ASK),
        Row("health.check", "体检义诊", "", _ASK),
        Row("health.food", "食品安全"),
        Row("health.epidemic", "传染病"),
    ),
    Row("culture", "文体教育"): (
        Row("culture.activity", "文体活动", "", _ASK),
        Row("culture.school", "入学", "", _ASK),
        Row("culture.room", "场地使用", "", _ASK),
        Row("culture.course", "课程", "", _ASK),
    ),
    Row("construction", "违建占道"): (
        Row("construction.illegal", "私搭乱建", "06001"),
        Row("construction.stall", "占道经营", "09005"),
        Row("construction.green", "占绿毁绿", "06045"),
    ),
    Row("inquiry", "咨询建议其他", "", _ASK): (
        Row("inquiry.policy", "政策咨询", "", _ASK),
        Row("inquiry.lost", "失物招领", "", _ASK),
        Row("inquiry.advice", "意见建议", "", _ASK),
        Row("inquiry.praise", "表扬感谢", "", _ASK),
    ),
}
