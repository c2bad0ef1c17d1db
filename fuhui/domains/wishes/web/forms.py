"""What is read out of the sent forms, and how it is shown again when something was wrong."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from fuhui.domains.wishes.actions.claiming import ClaimInput
from fuhui.domains.wishes.actions.publishing import Wisher
from fuhui.domains.wishes.rules.wish import CLAIMER_NAMES, FOR_WHOM, KIND_NAMES, Claimer, Kind, WishWords
from fuhui.registry.places.web.desk import Sent, number
from fuhui.registry.places.web.desk import context as form_context
from fuhui.registry.places.web.entry import key, text
from fuhui.shared.ui.shapes import Option, option, options

KINDS = options(KIND_NAMES.items())
WHOM = options(FOR_WHOM.items())
CLAIMERS = options(CLAIMER_NAMES.items())


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


def with_first(choices: list[tuple[str, str]], label: str) -> list[Option]:
    """Choices below an empty first one."""
    return [option("", label), *options(choices)]


def context(sent: Sent | None, **first: str) -> dict[str, Any]:
    """`entered` and `errors` for a template; a fresh form wishes one thing for everybody."""
    return form_context(sent, **{"parts": "1", "for_whom": "all", "kind": Kind.GOODS.value, **first})
