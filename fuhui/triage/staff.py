# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Who speaks on duty: grid workers, community staff, property staff."""

from __future__ import annotations

import re
from functools import lru_cache

DUTY = re.compile(
    r"网格(?!.{0,4}(?:居民|业主|住户))|社区(?!.{0,2}(?:团购|超市|菜|食堂|门诊|药))|居委|村委|街道办|物业|客服|管家|工程部|维修部|服务中心|服务站|"
    r"书记|(?<!班)主任|民警|片警|警官|警务|派出所|社工|城管|环卫所|热力公司|热力站|供电所|供水公司|自来水公司|燃气公司|家庭医生团队|两委|党支部|党总支|秩序部|监控室|(?<!机构)前台|"
    r"街办|街道(?:联络|小|干部|工作|安监|综治)|联络员|管理员|窗口|房管|改造办|项目部|专职委员|专干|宿管|支书|村主任|^热力(?!站)|供热|保安(?!.{0,2}(?:家|媳妇|老婆))|安全员|后勤|"
    r"环卫|卫生(?:站|院|所|室|中心)|校医|医务室|保卫(?:处|科)|网络中心|工会|疾控|人才专员|干事|^保洁(?!公司)|水务|水司|国网|维保"
)
NOT_DUTY = re.compile(r"讨厌|垃圾物业|骂|滚|气死|投诉|何时|无良|团购|房产|中介|装修|租|物业(?:不|太|真|退|黑|快)|前物业|退休|家属|孙子|串门|打字|办主任|老支书|下夜班|闲人|闲话|小窗口")
OFFICE_WORDS = re.compile(
    r"^(?:【[^】]{2,20}】|@所有人|各位(?:居民|业主|邻居|住户)|居民朋友|尊敬的(?:业主|居民))|"
    r"(?:社区|网格|物业|居委会?|街道)(?:这边|已经?|会|正在|马上|统一|将|安排)|(?:已|已经)(?:上报|报修|联系|派人|安排|通知|登记|转)|(?:请|麻烦)(?:大家|各位|居民|业主)"
)


@lru_cache(maxsize=4096)
def is_staff(sender: str) -> bool:
    """True when a nickname says that its bearer is on duty here."""
    name = sender.strip()
    return bool(DUTY.search(name)) and not NOT_DUTY.search(name)


def sounds_official(text: str) -> bool:
    """True when the words are those of an office and not of a neighbour."""
    return OFFICE_WORDS.search(text) is not None
