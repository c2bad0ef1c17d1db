"""What is read out of the sent forms, and how it is shown again when something was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from fuhui.domains.wishes.actions.claiming import ClaimInput
from fuhui.domains.wishes.actions.publishing import Wisher
from fuhui.domains.wishes.rules.wish import CLAIMER_NAMES, FOR_WHOM, KIND_NAMES, Claimer, Kind, WishWords
from fuhui.registry.places.web.entry import key, text, viewer_of, whole
from fuhui.shared.errors import BadInput, NotAllowed, NotFound
from fuhui.shared.identifiers import new_id
from fuhui.shared.ui.shapes import Option, option, options
from fuhui.shared.viewers import DESK_ROLES

KINDS = options(KIND_NAMES.items())
WHOM = options(FOR_WHOM.items())
CLAIMERS = options(CLAIMER_NAMES.items())


@dataclass(frozen=True)
class Sent:
    """A form's values as they were typed, shown again with what was wrong."""

    values: dict[str, str]
    errors: dict[str, str]


def first_values(**more: str) -> dict[str, str]:
    """The values of a fresh form, with a key that makes a second sending harmless."""
    return {"request_key": str(new_id()), "parts": "1", "for_whom": "all", "kind": Kind.GOODS, **more}


def typed(request: HttpRequest) -> dict[str, str]:
    """What was sent, to show again."""
    return {name: value.replace("\x00", "") for name, value in request.POST.items() if isinstance(value, str)}


def wish_in(post: QueryDict) -> WishWords:
    """The wish that was typed. Raises BadInput naming the field."""
    return WishWords(
        title=text(post, "title", 2000), text=text(post, "text", 5000), kind=text(post, "kind") or Kind.GOODS,
        for_whom=text(post, "for_whom") or "all", value_yuan=number(post, "value_yuan", "大约多少元", "0"),
        parts=number(post, "parts", "份数", "1"), grid=key(post, "grid", "网格"),
    )


def wisher_in(post: QueryDict, *, is_self: bool) -> Wisher:
    """Whose wish it is."""
    return Wisher(name=text(post, "name", 200), phone=text(post, "phone", 40), is_self=is_self,
                  person=None if is_self else key(post, "person", "居民"))


def claim_in(post: QueryDict, *, is_self: bool) -> ClaimInput:
    """The claim that was typed."""
    kind = text(post, "claimer") or Claimer.PERSON
    return ClaimInput(
        kind=kind, parts=number(post, "parts", "份数", "1"), name=text(post, "name", 200),
        phone=text(post, "phone", 40), is_self=is_self,
        organisation=key(post, "organisation", "单位") if kind == Claimer.UNIT else None,
    )


def number(post: QueryDict, name: str, what: str, default: str) -> int:
    """A whole number, the default where the field is empty."""
    if not post.get(name, "").strip():
        return int(default)
    found = whole(post, name, what)
    if abs(found) > 30_000:
        raise BadInput(name, f"{what}填得太大了，请核对。", field=name)
    return found


def request_key_in(post: QueryDict) -> UUID:
    """The key of the form; a fresh one where it was lost."""
    try:
        return UUID(post.get("request_key", ""))
    except ValueError:
        return new_id()


def desk_community(request: HttpRequest) -> UUID:
    """The community meant by `?community=`, else the first in which the viewer works at the desk."""
    viewer = viewer_of(request)
    asked = request.POST.get("community") or request.GET.get("community") or ""
    mine = [one for one in viewer.communities if viewer.has(*DESK_ROLES, community_id=one)]
    if asked:
        found = next((one for one in viewer.communities if str(one) == asked), None)
        if found is None:
            raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
        if found not in mine:
            raise NotAllowed("not_desk", "这里是社区工作人员的页面。")
        return found
    if not mine:
        raise NotAllowed("not_desk", "这里是社区工作人员的页面。您的心愿和认领在“心愿”里。")
    return mine[0]


def with_first(choices: list[tuple[str, str]], label: str) -> list[Option]:
    """Choices below an empty first one."""
    return [option("", label), *options(choices)]


def context(sent: Sent | None, **first: str) -> dict[str, Any]:
    """`entered` and `errors` for a template."""
    return {"entered": sent.values if sent else first_values(**first), "errors": sent.errors if sent else {}}
