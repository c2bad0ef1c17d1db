"""Wishes and claims as cards, lines and steps."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from fuhui.domains.wishes.queries import WishRecord
from fuhui.domains.wishes.rules.wish import CLAIM_STATE_NAMES, FOR_WHOM, KIND_NAMES, STATE_NAMES, State
from fuhui.shared.files.queries import FULL, THUMB, file_address
from fuhui.shared.ui.format import Tone, day, when
from fuhui.shared.ui.shapes import Row, Step, row, step

TONES: dict[str, Tone] = {
    "pending": "soon", "open": "accent", "fulfilled": "done", "refused": "neutral", "withdrawn": "neutral",
}


def value_words(wish: Any) -> str:
    """About how much it costs; kept in one line by hard spaces."""
    return f"约\N{NO-BREAK SPACE}{wish.value_yuan}\N{NO-BREAK SPACE}元" if wish.value_yuan else "不用花钱"


def card(wish: Any, code: str) -> dict[str, Any]:
    """A wish on the wall: never the wisher's name."""
    return {
        "id": str(wish.pk), "title": wish.title, "text": wish.text, "whom": FOR_WHOM[wish.for_whom],
        "kind": KIND_NAMES[wish.kind], "value": value_words(wish),
        "left": left_words(wish), "href": reverse("wishes:wish", args=[code, wish.pk]),
        "is_open": wish.state == State.OPEN and wish.pledged < wish.parts,
        "thanks": wish.thanks if wish.is_thanks_shown else "",
        "photo": photo(wish) if wish.is_thanks_shown else None,
    }


def photo(wish: Any) -> dict[str, str] | None:
    """The photo of thanks, full and small."""
    if not wish.thanks_file:
        return None
    public = wish.community_id
    return {"src": file_address(wish.thanks_file, FULL, public_in=public),
            "thumb": file_address(wish.thanks_file, THUMB, public_in=public)}


def left_words(wish: Any) -> str:
    """`还差 3 份`, for wishes in several parts."""
    if wish.state == State.FULFILLED:
        return "已实现"
    left = wish.parts - wish.pledged
    if not left:
        return "已认领"
    return f"共 {wish.parts} 份，还差 {left} 份" if wish.parts > 1 else "等人认领"


def state_words(wish: Any) -> str:
    """The state as a pill says it."""
    return left_words(wish) if wish.state == State.OPEN else STATE_NAMES[State(wish.state)]


def desk_row(wish: Any) -> Row:
    """A line of the desk's list."""
    return row(
        title=wish.title, href=reverse("wishes:record", args=[wish.pk]), id=str(wish.pk),
        sub=f"{FOR_WHOM[wish.for_whom]} · {KIND_NAMES[wish.kind]} · {value_words(wish)}", pill=state_words(wish),
        tone=TONES[wish.state], meta=day(wish.entered_at),
    )


def steps(record: WishRecord) -> list[Step]:
    """The way of a wish as in parcel tracking."""
    wish, claims = record.wish, [one for one in record.claims if one.state not in {"lapsed", "returned"}]
    delivered = [one.delivered_at for one in claims if one.delivered_at]
    if wish.state in {State.REFUSED, State.WITHDRAWN}:
        return [step("许愿", "done", when(wish.entered_at)),
                step(STATE_NAMES[State(wish.state)], "now", when(wish.decided_at), wish.reason)]
    reached = [
        ("许愿", wish.entered_at), ("审核上墙", wish.decided_at),
        ("有人认领", min((one.at for one in claims), default=None) if wish.pledged >= wish.parts else None),
        ("送到", max(delivered) if len(delivered) == len(claims) and wish.pledged >= wish.parts else None),
        ("实现", max((one.confirmed_at for one in claims if one.confirmed_at), default=None)
         if wish.state == State.FULFILLED else None),
        ("感谢", wish.thanks_at),
    ]
    first = next((place for place, (_, at) in enumerate(reached) if at is None), len(reached))
    return [
        step(label, "done" if place < first else "now" if place == first else "todo", when(at) if place < first else "")
        for place, (label, at) in enumerate(reached)
    ]


def claim_facts(claim: Any) -> dict[str, Any]:
    """What is shown of a claim beside its buttons."""
    return {
        "id": str(claim.pk), "parts": claim.parts, "state": CLAIM_STATE_NAMES[claim.state], "code": claim.state,
        "at": when(claim.at), "until": when(claim.until), "note": claim.note, "minutes": claim.minutes,
        "tone": {"live": "accent", "delivered": "soon", "confirmed": "done"}.get(claim.state, "neutral"),
    }
