"""What may be wished: in kind or service, never cash, below a ceiling, and nothing that gives the wisher away."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from fuhui.shared.errors import BadInput

CEILING_YUAN = 500  # the database holds the same number
MOST_PARTS = 50
TITLE, TEXT, NAME, NOTE = 30, 300, 30, 200
HELD_FOR = timedelta(days=7)  # how long a claim keeps its parts before it lapses
WARN_BEFORE = timedelta(days=2)
LONGEST_MINUTES = 24 * 60

# Words by which people ask for money. 慈善法 (2023) art 22, 26: who has no licence raises none from the public.
_CASH = re.compile(
    r"现金|现钱|转账|汇款|打款|红包|收款码|银行卡|借钱|借款|捐款|募捐|零花钱|微信钱包|支付宝|购物卡|充值卡"
)
_NUMBER = re.compile(r"\d{6,}")
_DOOR = re.compile(r"\d+\s*(?:号楼|栋|幢)\s*\S{0,6}?\d{2,4}(?:室|号|户)?|\d+\s*单元\s*\d+")


class Kind(StrEnum):
    """In which form a wish is fulfilled."""

    GOODS = "goods"
    SERVICE = "service"


KIND_NAMES = {Kind.GOODS: "实物", Kind.SERVICE: "服务"}


class State(StrEnum):
    """Where a wish stands. Whether an open one is wholly claimed follows from its pledged parts."""

    PENDING = "pending"
    OPEN = "open"
    FULFILLED = "fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_NAMES = {
    State.PENDING: "待审核", State.OPEN: "待认领", State.FULFILLED: "已实现",
    State.REFUSED: "未通过", State.WITHDRAWN: "已撤下",
}


class ClaimState(StrEnum):
    """Where a claim stands. Live, delivered and confirmed ones hold their parts."""

    LIVE = "live"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    RETURNED = "returned"


CLAIM_STATE_NAMES = {
    ClaimState.LIVE: "已认领", ClaimState.DELIVERED: "已送到，待确认", ClaimState.CONFIRMED: "已实现",
    ClaimState.LAPSED: "到期退回", ClaimState.RETURNED: "已放弃",
}
HOLDING = (ClaimState.LIVE, ClaimState.DELIVERED, ClaimState.CONFIRMED)
MOVING = (ClaimState.LIVE, ClaimState.DELIVERED)


class Claimer(StrEnum):
    """Who claims."""

    PERSON = "person"
    FAMILY = "family"
    UNIT = "unit"


CLAIMER_NAMES = {Claimer.PERSON: "个人", Claimer.FAMILY: "家庭", Claimer.UNIT: "单位或组织"}

# For whom the wish is; the code is the second half of the service catalogue's. This is all the public learns of them.
FOR_WHOM = {
    "empty_nest": "空巢老人", "disabled": "残疾人", "migrant_worker": "务工人员", "single_mother": "单身母亲",
    "hardship": "困难家庭", "all": "社区居民",
}


@dataclass(frozen=True, kw_only=True)
class WishWords:
    """A wish as it is handed in."""

    title: str
    text: str = ""
    kind: str = Kind.GOODS
    for_whom: str = "all"
    value_yuan: int = 0
    parts: int = 1
    grid: UUID | None = None


def sound(wish: WishWords) -> WishWords:
    """The wish with trimmed texts, or BadInput naming the field and what to do."""
    tidy = replace(wish, title=wish.title.replace("\x00", "").strip(), text=wish.text.replace("\x00", "").strip())
    if not 1 <= len(tidy.title) <= TITLE:
        raise BadInput("title", f"请用一句话写下心愿，最多 {TITLE} 个字。", field="title")
    if len(tidy.text) > TEXT:
        raise BadInput("text", f"说明最多 {TEXT} 个字，现在是 {len(tidy.text)} 个字。", field="text")
    if tidy.kind not in set(Kind):
        raise BadInput("kind", "请选择心愿是实物还是服务。", field="kind")
    if tidy.for_whom not in FOR_WHOM:
        raise BadInput("for_whom", "请选择是谁的心愿。", field="for_whom")
    if tidy.value_yuan < 0 or (tidy.kind == Kind.GOODS and tidy.value_yuan == 0):
        raise BadInput("value", "请写大约值多少元，例如 120。", field="value_yuan")
    if tidy.value_yuan > CEILING_YUAN:
        raise BadInput(
            "ceiling", f"微心愿不超过 {CEILING_YUAN} 元。更大的困难请告诉网格员，帮您申请救助。", field="value_yuan"
        )
    if not 1 <= tidy.parts <= MOST_PARTS:
        raise BadInput("parts", f"份数是 1 到 {MOST_PARTS} 的整数；由一个人实现就写 1。", field="parts")
    require_no_cash(tidy.title, "title")
    require_no_cash(tidy.text, "text")
    return tidy


def require_no_cash(words: str, field: str) -> None:
    """Raises BadInput where money or what is as good as money is asked for."""
    found = _CASH.search(words)
    if found:
        raise BadInput(
            "cash", f"微心愿只收实物和服务，不收钱（“{found[0]}”）。请改成想要的东西或想请人做的事。", field=field
        )


def require_nameless(words: str, field: str, *secrets: str) -> None:
    """Raises BadInput where words for everybody hold a name, a long number or a door."""
    for secret in filter(None, secrets):
        if len(secret) > 1 and secret in words:
            raise BadInput("named", f"公开的文字里有许愿人的姓名或电话（“{secret}”），请去掉。", field=field)
    for pattern, what in ((_NUMBER, "号码"), (_DOOR, "门牌")):
        found = pattern.search(words)
        if found:
            raise BadInput("named", f"公开的文字里有{what}（“{found[0]}”），会让人认出是谁，请去掉。", field=field)


def default_service(kind: str, for_whom: str) -> str:
    """The service catalogue's code that a wish is written under unless the moderator chooses another."""
    return f"{'warmth' if kind == Kind.GOODS else 'skill'}.{for_whom}"
