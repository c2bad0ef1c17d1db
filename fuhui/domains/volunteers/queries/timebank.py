"""Accounts, statements and requests of the time bank, as far as a viewer sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast
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
from fuhui.registry.people.models import Household, Person
from fuhui.shared.errors import BadInput, NotFound
from fuhui.shared.ui.format import ZONE
from fuhui.shared.viewers import Viewer

MOST_LINES = 300


class Overview(NamedTuple):
    """The bank at a glance, in minutes: what was issued and stands in accounts, the pool, and how many accounts."""

    issued: int
    held: int
    pool: int
    accounts: int
    pool_id: UUID | None


def settings_of(community_id: UUID) -> BankSettings:
    """The community's rules; the closed default where its secretary has set none."""
    return BankSettings.objects.filter(community_id=community_id).first() or BankSettings(community_id=community_id)


def accounts_for(viewer: Viewer) -> QuerySet[BankAccount]:
    """All for the office; the own account, the own household's is the office's, and those one represents."""
    found = BankAccount.objects.select_related("person", "household__home__building").defer(
        "person__id_number", "person__phone")
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


def spendable(viewer: Viewer, community_id: UUID) -> set[UUID]:
    """The accounts whose minutes the viewer may use: the own one, and those one represents."""
    if viewer.person_id is None:
        return set()
    named = BankRepresentative.objects.filter(person=viewer.person_id, ended_on__isnull=True)
    found = BankAccount.objects.filter(community_id=community_id)
    return set(found.filter(Q(person=viewer.person_id) | Q(pk__in=named.values("account"))).values_list(
        "pk", flat=True))


def name_of(account: BankAccount) -> str:
    """Whose account it is, in words."""
    if account.person_id:
        return str(account.person.name)
    return _home(account.household) if account.household_id else HOLDER_WORDS[Holder(account.holder)]


def _home(household: Household) -> str:
    place = str(household.home or household.address_text or "")
    return f"{place}这一户" if place else f"{household.number}号户"


def resident_named(viewer: Viewer, community_id: UUID, name: str, tail: str) -> UUID:
    """The one resident of this name with these last four digits of the phone, for who may not look residents up.

    Raises BadInput, with the same words for nobody and for several.
    """
    if not viewer.sees(community_id):
        raise NotFound("community", "没有找到这个社区，或它不在您的权限范围内。")
    people = Person.objects.filter(community_id=community_id, name=name, phone_tail=tail, merged_into__isnull=True)
    found = list(people.values_list("pk", flat=True)[:2]) if len(tail) == 4 else []
    if len(found) != 1:
        raise BadInput("name", "没有找到这位居民。请核对姓名和手机后四位；还是不行，请社区工作者办理。", field="name")
    return found[0]


def holder_named(viewer: Viewer, community_id: UUID, name: str, tail: str) -> BankAccount:
    """The account of such a resident, or else of their household. Raises BadInput as above."""
    person = resident_named(viewer, community_id, name, tail)
    found = BankAccount.objects.filter(Q(person=person) | Q(household__people=person), community_id=community_id)
    chosen = found.order_by("holder").last()  # person before household
    if chosen is None:
        raise BadInput("name", "对方还没有时间账户，请先让对方或社区工作者开立。", field="name")
    return chosen


class Line(NamedTuple):
    """One posting with the balance after it and who stands on the other side."""

    posting: BankPosting
    after: int
    others: str


class Statement(NamedTuple):
    """An account from one day to another, both included, in minutes; `lines` newest first, at most 300."""

    opening: int
    came: int
    went: int
    closing: int
    lines: list[Line]
    is_whole: bool


def statement(account: BankAccount, since: date | None, until: date) -> Statement:
    """The statement of an account that the caller was given. Two statements and one for the names."""
    found = BankPosting.objects.filter(community_id=account.community_id, account=account)
    begin = datetime.combine(since or date(2000, 1, 1), time(), ZONE)
    end = datetime.combine(until + timedelta(days=1), time(), ZONE)
    here = Q(entry__at__gte=begin)
    found = found.filter(entry__at__lt=end)
    sums = found.aggregate(closing=Sum("minutes"), came=Sum("minutes", filter=here & Q(minutes__gt=0)),
                           went=Sum("minutes", filter=here & Q(minutes__lt=0)))
    closing, came, went = (int(sums[name] or 0) for name in ("closing", "came", "went"))
    rows = list(found.filter(here).select_related("entry").order_by("-entry__at", "-pk")[: MOST_LINES + 1])
    lines, after = [], closing
    names = _others(account, [row.entry_id for row in rows])
    for row in rows[:MOST_LINES]:
        lines.append(Line(row, after, names.get(row.entry_id, "")))
        after -= row.minutes
    return Statement(closing - came - went, came, -went, closing, lines, len(rows) <= MOST_LINES)


def postings_with_names(entry: BankEntry) -> list[tuple[BankPosting, str]]:
    """Both sides of one movement, by account."""
    return [(leg, name_of(leg.account)) for leg in _legs(entry.community_id, [entry.pk])]


def reversal_of(entry: BankEntry) -> BankEntry | None:
    """What took a movement back, None where it stands."""
    return BankEntry.objects.filter(community_id=entry.community_id, reverses=entry).first()


def _others(account: BankAccount, entries: Sequence[UUID]) -> dict[UUID, str]:
    named: dict[UUID, list[str]] = {}
    for leg in _legs(account.community_id, entries).exclude(account=account):
        issued = leg.account.holder == Holder.ISSUE
        named.setdefault(leg.entry_id, []).append("社区" if issued else name_of(leg.account))
    return {entry: "、".join(names) for entry, names in named.items()}


def _legs(community_id: UUID, entries: Sequence[UUID]) -> QuerySet[BankPosting]:
    found = BankPosting.objects.filter(community_id=community_id, entry__in=entries)
    return found.select_related("account__person", "account__household__home__building").defer(
        "account__person__id_number", "account__person__phone").order_by("pk")


def overview(viewer: Viewer, community_id: UUID) -> Overview:
    """The bank at a glance for the office; zeros outside its scope."""
    rows = accounts_for(viewer).filter(community_id=community_id) if is_office(viewer, community_id) else (
        BankAccount.objects.none())
    found = {row["holder"]: row for row in rows.order_by().values("holder").annotate(
        total=Sum("balance"), number=Count("pk"), one=Min(Cast("pk", CharField())))}
    own = [found[one] for one in (Holder.PERSON, Holder.HOUSEHOLD) if one in found]
    return Overview(-_total(found, Holder.ISSUE), sum(int(row["total"]) for row in own), _total(found, Holder.POOL),
                    sum(int(row["number"]) for row in own),
                    UUID(found[Holder.POOL]["one"]) if Holder.POOL in found else None)


def _total(found: Mapping[str, Mapping[str, Any]], holder: Holder) -> int:
    return int(found[holder]["total"]) if holder in found else 0


def requests_for(viewer: Viewer) -> QuerySet[BankRequest]:
    """Those of the accounts one sees, those one accepted, and for active volunteers all that are open."""
    found = BankRequest.objects.filter(community_id__in=viewer.communities)
    found = found.select_related("account__person", "account__household__home__building", "volunteer__person").defer(
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
