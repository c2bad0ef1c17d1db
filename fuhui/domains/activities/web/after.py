"""Photos, feedback and the other days of a series, as the pages show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fuhui.domains.activities.queries import feedback_by, feedback_on, in_series, photos_of, works_of
from fuhui.domains.activities.rules.activity import STATE_NAMES, Kind, State
from fuhui.domains.activities.web.shapes import TONES, desk_row, span
from fuhui.shared.files.queries import FULL, THUMB, file_address
from fuhui.shared.ui.shapes import Row

CONSENTS = (("", "不公开，只留档"), ("faceless", "公开：认不出任何人"), ("agreed", "公开：画面里的人都同意"))


def after_facts(activity: Any, *, has_begun: bool, was_attended: bool) -> dict[str, Any]:
    """For the desk's page: photos, what people said, and the series. What cannot be there yet is not asked for."""
    said = feedback_on(activity) if was_attended else []
    siblings = in_series(activity)
    return {
        "photos": [_photo(one) | {"shown": one.get_consent_display() if one.consent else "没有公开"}
                   for one in (photos_of(activity, public=False) if has_begun else [])],
        "has_begun": has_begun,
        "consents": CONSENTS, "works": works(activity), "is_exhibition": activity.kind == Kind.EXHIBITION,
        "is_sports": activity.kind == Kind.SPORTS,
        "said": [{"stars": "★" * one.stars, "words": one.words} for one in said if one.words],
        "opinions": len(said), "mean": f"{sum(one.stars for one in said) / len(said):.1f}" if said else "",
        "siblings": [_sibling(one) for one in siblings if one.pk != activity.pk],
        "series_planned": sum(one.state == State.PLANNED for one in siblings),
        "series_approved": sum(one.state == State.APPROVED for one in siblings),
    }


def public_photos(activity: Any) -> list[dict[str, str]]:
    """The photos for everybody, with addresses that a visitor may open."""
    return [_photo(one, public_in=activity.community_id) for one in photos_of(activity, public=True)]


def works(activity: Any) -> list[dict[str, Any]]:
    """The works of an exhibition; none for another kind of activity."""
    if activity.kind != Kind.EXHIBITION:
        return []
    here = activity.community_id
    return [
        {"id": str(one.pk), "title": one.title, "author": one.author, "votes": one.count,
         "src": file_address(one.file_id, FULL, public_in=here) if one.file_id else "",
         "thumb": file_address(one.file_id, THUMB, public_in=here) if one.file_id else ""}
        for one in works_of(activity)
    ]


def own_feedback(signup: Any) -> str:
    """The stars that the holder of a ticket gave; '' before."""
    found = feedback_by(signup)
    return "★" * found.stars if found else ""


def _photo(one: Any, public_in: UUID | None = None) -> dict[str, str]:
    return {"id": str(one.pk), "words": one.words or "活动照片",
            "src": file_address(one.file_id, FULL, public_in=public_in),
            "thumb": file_address(one.file_id, THUMB, public_in=public_in)}


def _sibling(one: Any) -> Row:
    return desk_row(one) | {"title": span(one), "sub": "", "pill": STATE_NAMES[State(one.state)],
                            "tone": TONES[one.state]}
