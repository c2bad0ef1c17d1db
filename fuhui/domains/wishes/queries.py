"""What is read of the wishes. Every read starts from a viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.permissions import WALL, desk, is_desk, is_wisher
from fuhui.domains.wishes.rules.wish import CLAIMER_NAMES, HOLDING, MOVING, Claimer, State
from fuhui.registry.accounts.queries.staff import staff_member
from fuhui.registry.ledger.actions import ServedBy
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.queries.people import people_by_phone
from fuhui.shared.errors import NotFound
from fuhui.shared.files import StoredFile
from fuhui.shared.viewers import Viewer

MISSING = "没有找到这个心愿，或它不在您的权限范围内。"
TABS = (
    ("pending", "待审核", Q(state="pending")),
    ("open", "待认领", Q(state="open", pledged__lt=F("parts"))),
    ("claimed", "进行中", Q(state="open", pledged__gt=0)),
    ("fulfilled", "已实现", Q(state="fulfilled")),
    ("ended", "未通过和撤下", Q(state__in=["refused", "withdrawn"])),
)


@dataclass(frozen=True)
class WishRecord:
    """A wish with its claims, newest first."""

    wish: Wish
    claims: Sequence[WishClaim]


def wall(viewer: Viewer, community_id: UUID, *, limit: int = 60, before: UUID | None = None) -> list[Wish]:
    """Wishes that can still be claimed, newest first. Names are not part of what the wall shows."""
    found = Wish.objects.filter(community_id=community_id, state=State.OPEN, pledged__lt=F("parts"))
    found = found.filter(community_id__in=viewer.communities).defer("wisher_name", "wisher_phone")
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def came_true(viewer: Viewer, community_id: UUID, limit: int = 12) -> list[Wish]:
    """Fulfilled wishes, the newest first."""
    found = Wish.objects.filter(community_id=community_id, state=State.FULFILLED)
    found = found.filter(community_id__in=viewer.communities).defer("wisher_name", "wisher_phone")
    return list(found.order_by("-pk")[:limit])


def wall_wish(viewer: Viewer, community_id: UUID, wish_id: UUID) -> Wish:
    """One wish as everybody may see it. Raises NotFound for one that is not on the wall."""
    found = Wish.objects.filter(community_id=community_id, community_id__in=viewer.communities, pk=wish_id)
    wish = found.filter(state__in=WALL).first()
    if wish is None:
        raise NotFound("wish", "这个心愿已经不在墙上了。请回到心愿墙看看别的。")
    return wish


def wishes_for(viewer: Viewer, community_id: UUID | None = None, tab: str = "") -> QuerySet[Wish]:
    """Wishes that a worker handles, newest first."""
    found = Wish.objects.filter(desk(viewer))
    if community_id:
        found = found.filter(community_id=community_id)
    condition = next((condition for name, _, condition in TABS if name == tab), None)
    return (found.filter(condition) if condition is not None else found).order_by("-pk")


def counts_for(viewer: Viewer, community_id: UUID) -> dict[str, int]:
    """How many wishes stand under each tab."""
    return {name: wishes_for(viewer, community_id, name).count() for name, _, _ in TABS}


def wish_for(viewer: Viewer, wish_id: UUID) -> WishRecord:
    """One wish with its claims as the desk sees it. Raises NotFound."""
    wish = wishes_for(viewer).select_related("grid").filter(pk=wish_id).first()
    if wish is None:
        raise NotFound("wish", MISSING)
    claims = WishClaim.objects.filter(community_id=wish.community_id, wish=wish).select_related(
        "organisation", "person"
    )
    return WishRecord(wish, list(claims.order_by("-pk")))


def wish_of_claim(viewer: Viewer, claim_id: UUID) -> UUID:
    """The wish that a claim is of, for the desk. Raises NotFound."""
    found = wishes_for(viewer).filter(claims__pk=claim_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("wish", MISSING)
    return found


def my_wishes(viewer: Viewer) -> list[WishRecord]:
    """What the account has wished, newest first, at most 50."""
    found = Wish.objects.filter(community_id__in=viewer.communities, wisher_account=viewer.account_id)
    rows = list(found.order_by("-pk")[:50]) if viewer.account_id else []
    claims = WishClaim.objects.filter(wish__in=rows, state__in=HOLDING).order_by("-pk")
    return [WishRecord(row, [claim for claim in claims if claim.wish_id == row.pk]) for row in rows]


def my_claims(viewer: Viewer) -> list[WishClaim]:
    """What the account has claimed, newest first, at most 50."""
    if not viewer.account_id:
        return []
    found = WishClaim.objects.filter(community_id__in=viewer.communities, account_id=viewer.account_id)
    return list(found.select_related("wish").order_by("-pk")[:50])


def live_claim(viewer: Viewer, wish: Wish) -> WishClaim | None:
    """The account's own claim of a wish that is still moving."""
    if not viewer.account_id:
        return None
    return WishClaim.objects.filter(wish=wish, account_id=viewer.account_id, state__in=MOVING).first()


def giver(claim: WishClaim) -> ServedBy | None:
    """Who the book names for a claim: the organisation, the resident, or the worker; None where nobody is known."""
    if claim.organisation_id:
        return ServedBy(organisation=claim.organisation_id, minutes=claim.minutes)
    if claim.person_id:
        return ServedBy(person=claim.person_id, minutes=claim.minutes)
    if claim.account_id and staff_member(claim.community_id, claim.account_id) is not None:
        return ServedBy(account=claim.account_id, minutes=claim.minutes)
    return None


def claimer_words(claim: WishClaim, *, is_public: bool = True) -> str:
    """Who claimed: for everybody the unit's name or "热心居民", for the desk the name."""
    if is_public:
        unit = str(claim.organisation or "") if claim.claimer_kind == Claimer.UNIT else ""
        return unit or {"person": "热心居民", "family": "热心家庭", "unit": "热心单位"}[claim.claimer_kind]
    return f"{claim.name}（{CLAIMER_NAMES[Claimer(claim.claimer_kind)]}）"


def unit_choices(viewer: Viewer, community_id: UUID) -> list[tuple[str, str]]:
    """Organisations that may claim: all of the community that are still there."""
    if not viewer.sees(community_id):
        return []
    found = Organisation.objects.filter(community_id=community_id, until=None).order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def residents_with_phone(viewer: Viewer, community_id: UUID, phone: str) -> list[tuple[str, str]]:
    """People of the register with this phone that the worker may see."""
    return [(str(one.pk), one.name) for one in people_by_phone(viewer, community_id, phone)]


def service_choices(viewer: Viewer, community_id: UUID) -> list[tuple[str, str]]:
    """The service catalogue's kinds in use."""
    return [(kind.code, kind.name) for kind in catalogue_for(viewer, community_id).active]


def may_read_photo(viewer: Viewer, stored: StoredFile) -> bool:
    """A photo of thanks: the desk, the wisher, and everybody in the community once there is consent."""
    found = Wish.objects.filter(community_id=stored.community_id, thanks_file=stored.id).first()
    return found is not None and (
        is_desk(viewer, found)
        or is_wisher(viewer, found)
        or (found.is_thanks_shown and viewer.sees(stored.community_id))
    )
