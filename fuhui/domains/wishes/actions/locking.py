"""Locks: always the wish before its claim, so that two actions wait for each other and never in a circle."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction

from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer

_WORDS = {
    "wishes_wish_not_overclaimed": ("taken", "这个心愿刚刚已经被认领了。谢谢您的心意，墙上还有别的心愿。"),
    "wishes_claim_one_live": ("again", "您已经认领了这个心愿，在“我的心愿和认领”里可以看到。"),
    "wishes_claim_of_open_wish": ("taken", "这个心愿现在不能由您认领。请回到心愿墙看看别的。"),
    "wishes_claim_other_confirms": ("same_person", "认领、登记或送到的人不能自己确认，请另一位工作人员确认。"),
}


def lock_wish(by: Viewer, wish_id: UUID) -> Wish:
    """The wish, locked until the end of the transaction. Raises NotFound outside the viewer's communities.
    Whether it may be seen or changed is for the policy to say."""
    found = Wish.objects.select_for_update(of=("self",)).filter(community_id__in=by.communities, pk=wish_id).first()
    if found is None:
        raise NotFound("wish", "没有找到这个心愿，或它不在您的权限范围内。")
    return found


def lock_claim(by: Viewer, claim_id: UUID) -> tuple[Wish, WishClaim]:
    """The claim and its wish, both locked. Raises NotFound."""
    found = WishClaim.objects.filter(community_id__in=by.communities, pk=claim_id).values_list("wish_id", flat=True)
    wish_id = found.first()
    if wish_id is None:
        raise NotFound("claim", "没有找到这次认领，或它不在您的权限范围内。")
    wish = lock_wish(by, wish_id)
    return wish, WishClaim.objects.select_for_update(of=("self",)).get(pk=claim_id)


def guarded(write: Callable[[], object]) -> None:
    """Runs one write; a broken rule of the database becomes its sentence."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        known = _WORDS.get(broken_constraint(error))
        if known is None:
            raise
        raise RuleBroken(*known) from error
