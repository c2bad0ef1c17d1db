"""What the time bank knows: kinds of movements, sound minutes and words, and what is beyond the cap.

Time is given and got, never bought: there is no kind for cash, and words that speak of money are refused.
"""

from __future__ import annotations

import re
from enum import StrEnum

from fuhui.shared.errors import BadInput

MOST_MINUTES = 24 * 60
CAP_HOURS = 100
REQUESTED = "volunteers.timebank"  # records of requests: the time moved already, so they do not earn again
NO_SALE = "时间银行只存取服务时间，不能买卖、不能折成钱。请去掉和钱有关的话；代买菜、代买药这样的跑腿可以写。"
# Errands stay allowed: shopping for an old neighbour is the commonest help of all.
_ERRANDS = re.compile(r"(代|帮|陪|去)\S{0,4}买|买(菜|药|米|面|油|饭|粮|水|东西|日用)")
_SALE = re.compile(
    r"[卖買賣售]|买|现金|付费|收费|有偿|红包|转账|[￥¥$]"
    r"|[0-9０-９一二两三四五六七八九十百千万几多]\s*(元|块|角)"
)


class Kind(StrEnum):
    """Why minutes moved."""

    EARN = "earn"
    SPEND = "spend"
    GIFT = "gift"
    DONATE = "donate"
    SURPLUS = "surplus"
    DRAW = "draw"
    MERGE = "merge"
    REVERSE = "reverse"


KIND_WORDS = {
    Kind.EARN: "服务存入", Kind.SPEND: "得到服务", Kind.GIFT: "赠送", Kind.DONATE: "捐入捐赠池",
    Kind.SURPLUS: "超出上限转入捐赠池", Kind.DRAW: "捐赠池帮扶", Kind.MERGE: "两份档案合并",
    Kind.REVERSE: "冲正",
}


class Holder(StrEnum):
    """Whose account it is; pool and issue exist once in a community."""

    PERSON = "person"
    HOUSEHOLD = "household"
    POOL = "pool"
    ISSUE = "issue"


HOLDER_WORDS = {Holder.PERSON: "个人", Holder.HOUSEHOLD: "家庭", Holder.POOL: "捐赠池", Holder.ISSUE: "发放账户"}


class Asked(StrEnum):
    """Where a request for help stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"
    CANCELLED = "cancelled"


ASKED_WORDS = {Asked.OPEN: "等人接", Asked.ACCEPTED: "有人接了", Asked.DONE: "已完成", Asked.CANCELLED: "已取消"}


def sound_minutes(minutes: int) -> int:
    """Minutes of one movement, 1 to 1,440. Raises BadInput."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadInput("minutes", f"时间填 1 到 {MOST_MINUTES} 分钟。", field="minutes")
    return minutes


def sound_words(words: str) -> str:
    """What a movement is for. Raises BadInput where nothing is said, or where money or a sale is spoken of."""
    tidy = words.replace("\x00", "").strip()
    if not tidy:
        raise BadInput("words", "请写明为什么，例如“陪诊半天”。", field="words")
    if len(tidy) > 100:
        raise BadInput("words", "最多 100 个字。", field="words")
    if _SALE.search(_ERRANDS.sub("", tidy)):
        raise BadInput("no_sale", NO_SALE, field="words")
    return tidy


def earned(minutes: int, rate: int) -> int:
    """Minutes that a service earns at a rate in percent, rounded down."""
    return minutes * rate // 100


def beyond(balance: int, cap: int) -> int:
    """Minutes above the cap; 0 where there are none or the cap is 0 (no cap)."""
    return max(0, balance - cap) if cap else 0


def spoken(minutes: int) -> str:
    """Minutes as people say them: 90 → 1 小时 30 分钟."""
    sign, (hours, rest) = ("-" if minutes < 0 else ""), divmod(abs(minutes), 60)
    parts = [f"{hours} 小时" if hours else "", f"{rest} 分钟" if rest or not hours else ""]
    return sign + " ".join(part for part in parts if part)
