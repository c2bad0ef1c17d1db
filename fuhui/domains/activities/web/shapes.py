"""Activities and sign-ups as cards and lines."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from fuhui.domains.activities.rules.activity import KIND_NAMES, SIGN_NAMES, STATE_NAMES, Kind, SignState, State
from fuhui.domains.activities.tickets import ticket_of
from fuhui.shared.ui.format import Tone, clock, day, mask_phone, when
from fuhui.shared.ui.shapes import Row, row

TONES: dict[str, Tone] = {
    "planned": "soon", "approved": "soon", "published": "accent", "closed": "done", "cancelled": "late",
    "confirmed": "done", "waiting": "soon", "offered": "accent", "lapsed": "neutral",
}


def span(activity: Any) -> str:
    """`3月2日 周一 09:30–11:00`, with the second day where it ends on another."""
    same = day(activity.starts_at) == day(activity.ends_at)
    return f"{when(activity.starts_at)}–{clock(activity.ends_at) if same else when(activity.ends_at)}"


def state_words(activity: Any) -> str:
    """Where it stands; a published one by the clock as well: `报名中`, `进行中`, `待记入台账`."""
    if activity.state == State.PUBLISHED and activity.starts_at <= timezone.now():
        return "进行中" if timezone.now() < activity.ends_at else "待记入台账"
    return STATE_NAMES[State(activity.state)]


def places(activity: Any) -> str:
    """`还有 3 个名额` or `名额已满，可以候补`; `进行中` once it has begun."""
    if activity.starts_at <= timezone.now():
        return state_words(activity)
    left = activity.capacity - activity.taken
    return f"还有 {left} 个名额" if left > 0 else "名额已满，可以候补"


def public_row(activity: Any, code: str) -> Row:
    """A line of the list for everybody."""
    return row(
        title=activity.title, href=reverse("activities:activity", args=[code, activity.pk]),
        sub=f"{span(activity)} · {activity.place}", pill=places(activity), id=str(activity.pk),
        tone="accent" if activity.taken < activity.capacity else "soon",
    )


def desk_row(activity: Any) -> Row:
    """A line of the desk's list."""
    return row(
        title=activity.title, href=reverse("activities:record", args=[activity.pk]), id=str(activity.pk),
        sub=f"{span(activity)} · {activity.place}", pill=state_words(activity),
        tone=TONES[activity.state], meta=_filled(activity),
    )


def _filled(activity: Any) -> str:
    came = getattr(activity, "came", None)
    return f"{activity.taken} / {activity.capacity} 人" if came is None else f"参加 {came} 人次"


def my_row(signup: Any) -> Row:
    """A line of what I signed up for."""
    activity = signup.activity
    is_off = activity.state == State.CANCELLED
    return row(
        title=activity.title, href=ticket_address(signup), sub=f"{span(activity)} · {activity.place}",
        pill="活动取消" if is_off else SIGN_NAMES[SignState(signup.state)],
        tone="late" if is_off else TONES.get(signup.state, "neutral"), id=str(signup.pk),
    )


def ticket_address(signup: Any) -> str:
    """The page of a ticket."""
    return reverse("activities:ticket", args=[ticket_of(signup.community_id, signup.pk)])


def facts(activity: Any) -> dict[str, Any]:
    """What every page says of an activity."""
    return {
        "id": str(activity.pk), "title": activity.title, "text": activity.text, "place": activity.place,
        "span": span(activity), "kind": KIND_NAMES[Kind(activity.kind)], "left": places(activity),
        "capacity": activity.capacity, "taken": activity.taken, "state": state_words(activity),
        "code": activity.state, "reason": activity.reason, "tone": TONES[activity.state],
    }


def list_line(signup: Any, *, is_present: bool) -> dict[str, Any]:
    """A line of the list at the door."""
    return {
        "id": str(signup.pk), "name": signup.name, "heads": signup.heads, "phone": mask_phone(signup.phone or ""),
        "state": "" if signup.state == SignState.CONFIRMED else SIGN_NAMES[SignState(signup.state)],
        "tone": TONES.get(signup.state, "neutral"),
        "code": signup.state, "is_present": is_present, "until": when(signup.offered_until),
    }
