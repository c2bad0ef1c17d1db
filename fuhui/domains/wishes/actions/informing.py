"""What wishers, claimers and the desk are told. Only rows are written here; sending is a job."""

from __future__ import annotations

from uuid import UUID

from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.registry.accounts.queries.staff import accounts_in_role, workers_of_grid
from fuhui.shared.messages import send
from fuhui.shared.viewers import Role

MINE = "/wishes/mine/"


def tell_wisher(wish: Wish, title: str, body: str) -> None:
    """To the wisher's page, or by SMS where there is only a phone; nobody where staff entered it without one."""
    _tell(wish, wish.wisher_account, wish.wisher_phone, title, body)


def tell_claimer(claim: WishClaim, title: str, body: str, *, dedupe: str | None = None) -> None:
    """To the claimer's page, or by SMS."""
    _tell(claim.wish, claim.account_id, claim.phone, title, body, dedupe=dedupe)


def tell_desk(wish: Wish, title: str, body: str, *, but: UUID | None = None) -> None:
    """To the grid's workers; where there are none to the community's staff, else to the secretary."""
    here = wish.community_id
    workers = [account for account, _ in workers_of_grid(here, wish.grid_id)] if wish.grid_id else []
    people = workers or accounts_in_role(here, Role.COMMUNITY_STAFF) or accounts_in_role(here, Role.SECRETARY)
    for account in people:
        if account != but:
            send(community_id=here, to_account=account, kind="wish", title=title, body=f"{wish.title}：{body}",
                 link=f"/wishes/desk/{wish.pk}/")


def _tell(
    wish: Wish, account: UUID | None, phone: str | None, title: str, body: str, *, dedupe: str | None = None
) -> None:
    if account is None and not phone:
        return
    send(community_id=wish.community_id, to_account=account, to_phone=None if account else phone, kind="wish",
         title=title, body=f"{wish.title}：{body}", link=MINE if account else "", dedupe_key=dedupe)
