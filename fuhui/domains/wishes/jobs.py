"""What happens to claims by the clock: a reminder before they lapse, and the return to the wall."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fuhui.domains.wishes.actions.claiming import lapse_claim
from fuhui.domains.wishes.actions.informing import tell_claimer
from fuhui.domains.wishes.models import WishClaim
from fuhui.domains.wishes.rules.wish import WARN_BEFORE, ClaimState
from fuhui.shared.jobs import every, for_each_community
from fuhui.shared.tenancy.scope import current
from fuhui.shared.ui.format import when

AT_ONCE = 500


@every("10 * * * *", "wishes.lapse_claims")
def lapse_claims() -> None:
    """Claims of every community whose time is over, and those about to be."""
    for_each_community(_lapse_now)


def lapse_due(community_id: UUID, *, now: datetime) -> int:
    """Reminds claimers once, two days ahead; returns what is over to the wall. Returns how many lapsed."""
    live = WishClaim.objects.filter(community_id=community_id, state=ClaimState.LIVE).order_by("until")
    for claim in live.filter(until__gt=now, until__lte=now + WARN_BEFORE).select_related("wish")[:AT_ONCE]:
        tell_claimer(claim, "微心愿快到期了", f"请在 {when(claim.until)} 前送到，有困难请联系社区。",
                     dedupe=f"wish-soon:{claim.pk}")
    due = list(live.filter(until__lte=now).values_list("pk", flat=True)[:AT_ONCE])
    return sum(lapse_claim(by=current(), claim_id=claim_id, now=now) for claim_id in due)


def _lapse_now(community_id: UUID) -> None:
    lapse_due(community_id, now=timezone.now())
