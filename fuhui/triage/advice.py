# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""What a community must not handle itself: emergencies, and what the law gives to others."""

from __future__ import annotations

import re

from fuhui.triage.urgency import find_alarm
from fuhui.triage.vocabulary import Danger, Refusal

ADVICE: dict[str, tuple[str, str]] = {
    "fire": ("火情", "请立即拨打 119，人先撤到安全处，弯腰捂口鼻走楼梯，不要坐电梯。"),
    "gas": ("燃气泄漏", "请先离开到室外再拨打 119 和燃气公司，不要开关电器，不要点火，不要在屋里打电话。"),
    "lift": ("电梯困人", "请立即拨打 119 和电梯里的救援电话，请里面的人靠后站稳，不要扒门。"),
    "electric": ("触电或漏电", "请立即拨打 120（有人受伤）和 119，不要用手碰人和电线，能断电先断电，远离积水。"),
    "violence": ("打架或伤人", "请立即拨打 110，先保护自己，不要上前劝架，有人受伤再打 120。"),
    "missing": ("人员走失", "请立即拨打 110，老人和孩子走失不用等 24 小时，说清衣着、走失地点和时间。"),
    "medical": ("有人受伤或急病", "请立即拨打 120，说清楼号和单元，派人到门口接救护车，不要随意搬动病人。"),
    "lonely": ("老人没有回应", "请立即拨打 110 和 120，说明是独自在家的老人，门口留人等候。"),
    "suicide": ("有人要轻生或悬在高处", "请立即拨打 110 和 119，有人陪着说话，不要刺激，不要围观。"),
    "falling": ("高处要掉落或倒塌", "请立即拨打 119，所有人离远，守住路口不让人靠近。"),
    "water": ("有人落水或跌落", "请立即拨打 119 和 120，不会救援的人不要下去，抛绳子、竹竿、救生圈。"),
    "locked": ("有人被困", "请立即拨打 119，孩子在车里时先开窗或砸窗通风。"),
    "crime": ("正在发生的违法行为", "请立即拨打 110，不要惊动对方，先保护自己，记住衣着和去向。"),
    "order_dog": ("犬只伤人", "请立即拨打 110，离开那条狗，不要奔跑，有人被咬先用肥皂水冲洗伤口，再打 120。"),
    "rescue": ("有人求救", "请立即拨打 110，说清地点；有人受伤再打 120。"),
}
TRAFFIC = re.compile(r"车祸|撞车|追尾|肇事|撞(?:了|倒|飞|伤)|刮蹭后逃|(?:让|被).{0,6}车.{0,3}撞")


def danger(text: str) -> Danger | None:
    """Which number to dial when the text tells of a danger now; None where it does not."""
    alarm = find_alarm(text)
    if alarm is None:
        return None
    name, advice = ADVICE[alarm.kind]
    number = alarm.number
    if alarm.kind == "medical" and TRAFFIC.search(text):
        number, name = "122", "交通事故"
        advice = "请立即拨打 122；有人受伤同时拨打 120，不要移动伤者，在来车方向提醒后车。"
    return Danger(number, name, advice, alarm.words)


_ASK = r"(?:告|起诉|上诉|诉讼|打官司)"
REFUSALS: tuple[tuple[str, str, str, str, str], ...] = (
    ("litigation", "诉讼", r"(?:已经?|正在|要|想|去|帮我?|申请|向).{0,8}(?:起诉|上诉|打官司|立案(?!侦)|强制执行)|起诉|法院.{0,10}(?:判|判决|立案|开庭|调解书|传票|执行|不执行|受理)|判决书?|开庭|诉讼|官司|强制执行|老赖不执行|再审|民事裁定|执行局",
     "已经进入或应当进入法院诉讼程序的事项，社区不能代替法院处理。", "请向有管辖权的人民法院诉讼服务中心提出，或拨打 12368 诉讼服务热线；需要法律援助可拨打 12348。"),
    ("arbitration", "仲裁", r"(?:劳动|商事|人事|土地承包)?仲裁(?:委|院|庭|裁决|申请)?|裁决书",
     "已经或应当由仲裁机构裁决的事项，社区不能受理。", "劳动争议请向劳动人事争议仲裁委员会申请（咨询拨打 12333），合同约定仲裁的请向约定的仲裁委员会申请。"),
    ("discipline", "纪检监察", r"(?:举报|检举|控告|反映|投诉).{0,16}(?:贪污|受贿|行贿|贪腐|腐败|吃拿卡要|以权谋私|挪用公款|吃回扣|收(?:黑)?钱|违纪|徇私|优亲厚友|公车私用)|(?:书记|主任|干部|领导|公务员|局长|村长).{0,14}(?:贪污|受贿|贪腐|吃回扣|收(?:受)?(?:礼|贿|红包|黑钱)|挪用|以权谋私|违纪|公款吃喝)|贪官|纪委|监委|监察委|纪检",
     "反映党员、干部和公职人员违纪违法的事项，由纪检监察机关受理。", "请拨打 12388 或登录 12388 举报网站，也可向纪委监委来信来访；社区不接收举报材料，以保护举报人。"),
    ("petition", "信访", r"(?:已经?|正在|去|要|一直|进京|到省里?|到市里?|往上).{0,4}(?:上访|信访)|信访(?:局|办|件|答复|复查|复核|事项)|上访",
     "已经进入信访程序，或应当由信访部门受理的事项，社区不重复受理。", "请向信访局提出，或登录国家信访局网上信访平台查询进展；对答复不服可在 30 日内申请复查、复核。"),
    ("review", "行政复议", r"行政复议|复议(?:申请|决定|机关)?|(?:不服|撤销).{0,10}(?:行政)?(?:处罚|罚单|罚款|行政决定|征收决定|行政强制|许可)|行政处罚.{0,8}(?:不服|不合理|申诉)",
     "对行政机关的决定不服，应当依法申请行政复议或提起行政诉讼。", "请在知道决定之日起 60 日内向行政复议机构（司法局）申请行政复议，咨询可拨打 12348。"),
    ("disclosure", "政府信息公开", r"(?:政府)?信息公开(?:申请)?|依申请公开|申请公开.{0,16}(?:文件|信息|批文|规划|方案|合同|预算)",
     "申请政府信息公开有法定的程序和期限，社区不能代为答复。", "请向制作或保存该信息的行政机关的政府信息公开机构书面申请，一般 20 个工作日内答复。"),
)  # fmt: skip
COMPILED_REFUSALS = tuple((a, b, re.compile(rule), d, e) for a, b, rule, d, e in REFUSALS)
TALK = re.compile(
    r"调解(?:一下|员)?|讲座|普法|宣传|公益律师|哈哈|开玩笑|(?:电视|新闻|网上|抖音).{0,8}(?:官司|判|开庭)|不想(?:打官司|上访|起诉)|别(?:打官司|上访|起诉)|不至于|咨询点|(?:再|还)?(?:不|没人).{0,8}(?:就|我就|俺就|我们就|我可).{0,6}(?:起诉|告|上访|信访|12388|打官司|纪委)|起诉离婚的电视"
)
REFUSAL_QUICK = re.compile(r"诉|法院|判决|官司|开庭|执行|再审|裁|举报|检举|控告|反映|投诉|贪|贿|纪|监|挪用|回扣|谋私|收|公款|访|复议|不服|撤销|处罚|公开")


def jurisdiction(text: str) -> Refusal | None:
    """What courts, arbitration, discipline, petition offices or review bodies decide.

    None where the community may take the matter in; a threat (再不修我就起诉) is no lawsuit.
    """
    text = text[:4000]
    if REFUSAL_QUICK.search(text) is None or TALK.search(text):
        return None
    for code, name, rule, reason, channel in COMPILED_REFUSALS:
        if match := rule.search(text):
            return Refusal(code, name, reason, channel, match[0][:30])
    return None
