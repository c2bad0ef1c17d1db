"""The rotating code at the place of service, what a scan comes to, and the minutes that follow from it."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from fuhui.shared.errors import BadInput

STEP = 60  # seconds that one code is shown
SLACK = 1  # codes before and after that still count: clocks of phones differ
EARLY, LATE = timedelta(minutes=30), timedelta(hours=2)  # scanning opens before the beginning, ends after the end
OFFLINE = timedelta(hours=12)  # a scan kept on the phone may arrive this much later
SHORTEST = timedelta(minutes=5)  # a second scan sooner than this is the same arrival sent again
DAY_MINUTES = 24 * 60
TOLERANCE = 15  # minutes that may be approved above the checked ones without a reason
DIGITS = 8


class Way(StrEnum):
    """Coming or going."""

    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """What a scan came to; everything else than in and out is kept too, with its reason."""

    IN = "in"
    OUT = "out"
    AGAIN = "again"
    FORGED = "forged"
    STALE = "stale"
    NOT_SIGNED = "not_signed_up"
    EARLY = "too_early"
    OVER = "over"
    CANCELLED = "cancelled"


OUTCOME_WORDS = {
    Outcome.IN: "签到成功。离开时请再扫一次。", Outcome.OUT: "签退成功，谢谢您！",
    Outcome.AGAIN: "已经记下了，不用再扫。", Outcome.FORGED: "这不是有效的签到码，请扫现场屏幕上的码。",
    Outcome.STALE: "这个码已经过期（可能是之前的截图或昨天的码），请扫现场屏幕上正在显示的码。",
    Outcome.NOT_SIGNED: "您没有报这个班次。请先报名，或请负责人在名单里补记。",
    Outcome.EARLY: "还没到签到时间，班次开始前 30 分钟开放。",
    Outcome.OVER: "班次已经结束，不能再扫码。请联系负责人补记。",
    Outcome.CANCELLED: "这个班次已经取消，不用签到。",
}


class Code(NamedTuple):
    """A code as it was scanned or typed: the shift, the step of time it was shown in, and its seal."""

    shift: UUID
    step: int
    seal: str


def step_of(moment: datetime) -> int:
    """The number of the minute in which a code is shown."""
    return int(moment.timestamp()) // STEP


def moment_of(step: int) -> datetime:
    """When a step begins."""
    return datetime.fromtimestamp(step * STEP, UTC)


def seal(secret: bytes, shift: UUID, step: int) -> str:
    """Eight digits that only who knows the secret can make: HMAC-SHA-256, shortened as in RFC 4226."""
    digest = hmac.new(secret, shift.bytes + step.to_bytes(8, "big"), hashlib.sha256).digest()
    at = digest[-1] & 15
    return str((int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF) % 10**DIGITS).zfill(DIGITS)


def written(code: Code) -> str:
    """The code as the QR holds it: `shift.step.seal`."""
    return f"{code.shift.hex}.{code.step}.{code.seal}"


def read(text: str) -> Code | None:
    """A code out of what was scanned (the whole address is fine), None for anything else."""
    parts = text.replace("\x00", "").strip().rstrip("/").rpartition("/")[2].split(".")
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 12):
        return None
    try:
        return Code(UUID(hex=parts[0]), int(parts[1]), parts[2][:DIGITS])
    except ValueError:
        return None


def is_genuine(secret: bytes, code: Code) -> bool:
    """True where the seal was made here, whenever that was."""
    return hmac.compare_digest(seal(secret, code.shift, code.step), code.seal)


def is_timely(code: Code, at: datetime, received: datetime) -> bool:
    """True where the code was on the screen when it was scanned, and the scan did not come too late.

    The code's own minute is the proof: `at` is the phone's word and only has to agree with it.
    """
    shown = moment_of(code.step)
    return abs(step_of(at) - code.step) <= SLACK and shown <= received + timedelta(seconds=STEP) and (
        received - shown <= OFFLINE)


def window(starts_at: datetime, ends_at: datetime, at: datetime) -> Outcome | None:
    """Why a scan at this moment is too early or too late for the shift, else None."""
    if at < starts_at - EARLY:
        return Outcome.EARLY
    return Outcome.OVER if at > ends_at + LATE else None


def served_minutes(came: datetime, left: datetime, starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes of service between coming and going, inside the shift: waiting before is not service, and what
    is beyond the plan needs the leader's word. Travel never counts (民函〔2012〕340号)."""
    begin, end = max(came, starts_at), min(left, ends_at)
    return max(0, int((end - begin).total_seconds() // 60))


def sound_minutes(minutes: int, checked: int, why: str) -> int:
    """Minutes that may be approved. Raises BadInput for a number no day holds, or more than was checked without a
    reason."""
    if not 0 <= minutes <= DAY_MINUTES:
        raise BadInput("minutes", "服务时长是 0 到 24 小时，一天只有 24 小时，请核对。", field="minutes")
    if minutes > checked + TOLERANCE and not why.strip():
        raise BadInput(
            "why", f"签到签退只有 {checked} 分钟，认定得更多请写明原因（例如提前布置、事后清扫）。", field="why"
        )
    return minutes
