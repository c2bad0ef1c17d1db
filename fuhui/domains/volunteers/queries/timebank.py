"""Accounts, statements and requests of the time bank, as far as a viewer sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.utils import timezone

from fuhui.domains.volunteers.models import (
    BankAccount,
    BankEntry,
    BankPosting,
    BankRepresentative,
    BankRequest,
    BankSettings,
)
from fuhui.domains.volunteers.permissions import OFFICE, is_office
from fuhui.domains.volunteers.rules.timebank import HOLDER_WORDS, Asked, Holder
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer


class Overview(NamedTuple):
    """The bank at a glance, in minutes: what was issued and stands in accounts, the pool, and how many accounts."""

    issued: int
    held: int
    pool: int
    accounts: int
    waiting: int


def settings_of(community_id: UUID) -> BankSettings:
    """The community's rules; the closed default where its secretary has set none."""
    return BankSettings.objects.filter(community_id=community_id).first() or BankSettings(community_id=community_id)


def accounts_for(viewer: Viewer) -> QuerySet[BankAccount]:
    """All for the office; the own account, the own household's is the office's, and those one represents."""
    found = BankAccount.objects.select_related("person", "household").defer("person__id_number", "person__phone")
    found = found.filter(community_id__in=viewer.communities)
    if viewer.is_system:
        return found
    whole = [grant.community_id for grant in viewer.grants if grant.role in OFFICE and grant.community_id]
    scope = Q(community_id__in=whole)
    if viewer.person_id:
        named = BankRepresentative.objects.filter(person=viewer.person_id, ended_on__isnull=True)
        scope |= Q(person=viewer.person_id) | Q(pk__in=named.values("account"))
    return found.filter(scope)


def account_for(viewer: Viewer, account_id: UUID) -> BankAccount:
    """One account. Raises NotFound."""
    found = accounts_for(viewer).filter(pk=account_id).first()
    if found is None:
        raise NotFound("bank_account", "没有找到这个时间账户，或它不在您的权限范围内。")
    return found


def own_account(viewer: Viewer, community_id: UUID) -> BankAccount | None:
    """The viewer's own account, None where there is none."""
    if viewer.person_id is None:
        return None
    return accounts_for(viewer).filter(community_id=community_id, person=viewer.person_id).first()


def name_of(account: BankAccount) -> str:
    """Whose account it is, in words."""
    if account.person_id:
        return str(account.person.name)
    return f"{account.household.number}号户" if account.household_id else HOLDER_WORDS[Holder(account.holder)]


def postings_of(viewer: Viewer, account_id: UUID, limit: int = 200) -> list[BankPosting]:
    """Postings with the balance after each as `after`, newest first."""
    account = account_for(viewer, account_id)
    found = BankPosting.objects.filter(community_id=account.community_id, account=account).select_related("entry")
    after = Window(Sum("minutes"), order_by=(F("entry__at").asc(), F("pk").asc()))
    return list(found.annotate(after=after).order_by("-entry__at", "-pk")[:limit])


def overview(viewer: Viewer, community_id: UUID) -> Overview:
    """The bank at a glance for the office; zeros outside its scope."""
    rows = accounts_for(viewer).filter(community_id=community_id) if is_office(viewer, community_id) else (
        BankAccount.objects.none())
    found = {row["holder"]: row for row in rows.order_by().values("holder").annotate(
        total=Sum("balance"), number=Count("pk"))}
    own = [found[one] for one in (Holder.PERSON, Holder.HOUSEHOLD) if one in found]
    waiting = requests_for(viewer).filter(community_id=community_id, state=Asked.OPEN).count()
    return Overview(-_total(found, Holder.ISSUE), sum(int(row["total"]) for row in own), _total(found, Holder.POOL),
                    sum(int(row["number"]) for row in own), waiting)


def _total(found: Mapping[str, Mapping[str, Any]], holder: Holder) -> int:
    return int(found[holder]["total"]) if holder in found else 0


def requests_for(viewer: Viewer) -> QuerySet[BankRequest]:
    """Those of the accounts one sees, those one accepted, and for active volunteers all that are open."""
    found = BankRequest.objects.filter(community_id__in=viewer.communities)
    found = found.select_related("account__person", "account__household", "volunteer__person").defer(
        "account__person__id_number", "account__person__phone",
        "volunteer__person__id_number", "volunteer__person__phone")
    scope = Q(account__in=accounts_for(viewer).values("pk"))
    if viewer.person_id:
        scope |= Q(volunteer__person=viewer.person_id) | Q(state=Asked.OPEN)
    return found.filter(scope)


def live_requests(viewer: Viewer, community_id: UUID) -> list[BankRequest]:
    """Requests that are open or accepted, the next day first."""
    return list(requests_for(viewer).filter(community_id=community_id, state__in=[Asked.OPEN, Asked.ACCEPTED])[:100])


def representatives_of(account: BankAccount) -> list[BankRepresentative]:
    """Who may act for the holder today."""
    found = BankRepresentative.objects.filter(community_id=account.community_id, account=account)
    found = found.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=timezone.localdate()))
    return list(found.select_related("person").defer("person__id_number", "person__phone"))


def entry_for(viewer: Viewer, entry_id: UUID) -> BankEntry:
    """One movement of accounts that the viewer sees. Raises NotFound."""
    mine = BankPosting.objects.filter(account__in=accounts_for(viewer).values("pk"))
    found = BankEntry.objects.filter(pk=entry_id, pk__in=mine.values("entry")).first()
    if found is None:
        raise NotFound("bank_entry", "没有找到这笔时间记录，或它不在您的权限范围内。")
    return found
