"""Moving minutes of the time bank: earn, gift, donate, draw, reverse; and its settings and representatives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction

from fuhui.domains.volunteers.models import (
    BankAccount,
    BankEntry,
    BankPosting,
    BankRepresentative,
    BankSettings,
    Volunteer,
)
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries.timebank import account_for, accounts_for, entry_for, settings_of
from fuhui.domains.volunteers.rules.registration import VolunteerState
from fuhui.domains.volunteers.rules.timebank import (
    REQUESTED,
    Holder,
    Kind,
    beyond,
    earned,
    sound_minutes,
    sound_words,
    spoken,
)
from fuhui.registry.ledger.models import ServicePart, ServiceRecord
from fuhui.registry.people.models import Household, Person
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Role, Viewer

_BROKEN = {
    "volunteers_bank_floor": "余额不够，这笔时间没有动。请改少一些，或请社区从捐赠池帮扶。",
    "volunteers_bank_reversed_once": "这一笔已经冲正过，不能再冲一次。",
    "volunteers_bank_still_there": "这位居民的档案刚刚合并过，请刷新页面再试一次。",
    "volunteers_bank_entry_once": "这一笔已经记过或冲正过，不会再记一次。",
}


@dataclass(frozen=True)
class BankRules:
    """What the secretary sets. `cap` and `floor` in minutes (cap 0: none), `rate` in percent, `kinds` empty: all."""

    is_open: bool
    cap: int
    floor: int = 0
    rate: int = 100
    kinds: list[str] = field(default_factory=list)


@transaction.atomic
def change_rules(*, by: Viewer, community_id: UUID, rules: BankRules) -> BankSettings:
    """The community's rules; the floor holds for every account. Raises BadInput, RuleBroken where somebody is
    already under the floor."""
    if not (is_office(by, community_id) and (by.is_system or by.has(Role.SECRETARY, community_id=community_id))):
        raise NotAllowed("bank_rules", "时间银行的规则由社区书记设定，请把想法告诉书记。")
    if not 0 <= rules.cap <= 1_000_000 or not -6000 <= rules.floor <= 0:
        raise BadInput("cap", "上限不能是负数；透支填 0 到 100 小时。", field="cap")
    if not 1 <= rules.rate <= 200:
        raise BadInput("rate", "存入比例填 1 到 200。", field="rate")
    row, _ = BankSettings.objects.update_or_create(community_id=community_id, defaults={
        "is_open": rules.is_open, "cap": rules.cap, "floor": rules.floor, "rate": rules.rate, "kinds": rules.kinds,
        "changed_by": by.actor})
    _kept(lambda: BankAccount.objects.filter(
        community_id=community_id, holder__in=[Holder.PERSON, Holder.HOUSEHOLD]).update(floor=rules.floor))
    audit.record("volunteers.bank_rules", by=by, community_id=community_id, subject="bank", subject_id=row.pk,
                 data={"open": row.is_open, "cap": row.cap, "floor": row.floor, "rate": row.rate, "kinds": row.kinds})
    return row


@transaction.atomic
def open_account(
    *, by: Viewer, community_id: UUID, person_id: UUID | None = None, household_id: UUID | None = None
) -> BankAccount:
    """The account of a resident or household, opened where there is none: by the office, or for oneself."""
    if not is_office(by, community_id) and (household_id or person_id is None or by.person_id != person_id):
        raise NotAllowed("bank_open", "时间账户由本人或社区工作者开立。")
    require_open(community_id)
    if person_id is None and household_id is None:
        raise BadInput("person", "请先选择为哪位居民或哪一户开立时间账户。", field="person_id")
    _require_here(community_id, person_id, household_id)
    whose = {"person_id": person_id} if person_id else {"household_id": household_id}
    known = BankAccount.objects.filter(community_id=community_id, **whose).first()
    if known:
        return known
    made = account_of(community_id, Holder.PERSON if person_id else Holder.HOUSEHOLD, **whose)
    audit.record("volunteers.bank_open", by=by, community_id=community_id, subject="bank_account", subject_id=made.pk)
    return made


@transaction.atomic
def give(*, by: Viewer, from_id: UUID, to_id: UUID, minutes: int, words: str, key: str) -> BankEntry:
    """A gift from one's own account to another one. Raises BadInput, NotAllowed, RuleBroken below the floor."""
    source = spender(by, from_id)
    target = BankAccount.objects.filter(community_id=source.community_id, pk=to_id, holder__in=[
        Holder.PERSON, Holder.HOUSEHOLD]).first()
    if target is None or target.pk == source.pk:
        raise BadInput("to", "请选择要赠送给哪个时间账户。", field="to")
    return _moved(by, Kind.GIFT, source, target, minutes, words, key)


@transaction.atomic
def donate(*, by: Viewer, from_id: UUID, minutes: int, words: str, key: str) -> BankEntry:
    """Minutes for the community's pool. Raises as `give`."""
    source = spender(by, from_id)
    return _moved(by, Kind.DONATE, source, account_of(source.community_id, Holder.POOL), minutes, words, key)


@transaction.atomic
def draw(*, by: Viewer, to_id: UUID, minutes: int, words: str, key: str) -> BankEntry:
    """Minutes out of the pool for who needs help: the office, never for oneself."""
    target = account_for(by, to_id)
    if not is_office(by, target.community_id) or (by.person_id and target.person_id == by.person_id):
        raise NotAllowed("bank_draw", "捐赠池由社区工作者帮扶给有需要的人，不能给自己。")
    if target.holder not in {Holder.PERSON, Holder.HOUSEHOLD}:
        raise BadInput("to", "请选择个人或家庭的账户。", field="to")
    require_open(target.community_id)
    return _moved(by, Kind.DRAW, account_of(target.community_id, Holder.POOL), target, minutes, words, key)


@transaction.atomic
def reverse_entry(*, by: Viewer, entry_id: UUID, why: str) -> BankEntry:
    """Takes one movement back, exactly once, by the secretary. Raises RuleBroken where the minutes are spent."""
    entry = entry_for(by, entry_id)
    if not (by.is_system or by.has(Role.SECRETARY, community_id=entry.community_id)):
        raise NotAllowed("bank_reverse", "时间记录只增不改，冲正由社区书记办理。")
    if entry.reverses_id or entry.kind == Kind.MERGE:
        raise RuleBroken("bank_mirror", "冲正和档案合并不能再冲正，请重新记一笔。")
    words = sound_words(why)
    legs = {leg.account_id: -leg.minutes for leg in entry.postings.filter(community_id=entry.community_id)}
    merged = _accounts_after_merge(entry.community_id, legs)
    # The mirror posts to the old account of somebody merged since; their minutes come from, and go on to, the new one.
    _move_on(by, entry, {old: new for old, new in merged.items() if legs[old] < 0}, legs, words, "back")
    made = write_entry(by, entry.community_id, Kind.REVERSE, legs, words, f"reverse:{entry.pk}", reverses=entry)
    _move_on(by, entry, {old: new for old, new in merged.items() if legs[old] > 0}, legs, words, "on")
    return made


@transaction.atomic
def credit_service(*, by: Viewer, record_id: UUID) -> int:
    """Stores the minutes of the volunteers in one standing record, each part once; what is above the cap goes to the
    pool. Returns how many parts were stored; 0 while the bank is closed or the kind does not earn."""
    record = ServiceRecord.objects.filter(community_id__in=by.communities, pk=record_id, sign=1).first()
    if record is None or not is_office(by, record.community_id):
        raise NotFound("service_record", "没有找到这条服务记录，或它不在您的权限范围内。")
    rules = settings_of(record.community_id)
    does_earn = rules.is_open and (not rules.kinds or record.kind_code in rules.kinds)
    if not does_earn or record.source == REQUESTED or record.reversals.exists():
        return 0
    parts = _new_parts(record)
    accounts = {part.pk: account_of(record.community_id, Holder.PERSON, person_id=who) for part, who in parts}
    issue = account_of(record.community_id, Holder.ISSUE)
    _lock([issue, *accounts.values()])
    for part, _ in parts:
        minutes = earned(part.minutes, rules.rate)
        if minutes:
            legs = {issue.pk: -minutes, accounts[part.pk].pk: minutes}
            write_entry(by, record.community_id, Kind.EARN, legs, record.title, f"earn:{part.pk}", record=record,
                        part=part)
            hold_to_cap(by, accounts[part.pk], rules.cap, f"surplus:{part.pk}")
    return len(parts)


def post(
    by: Viewer, source: BankAccount, target: BankAccount, minutes: int, words: str, key: str, kind: Kind,
    record: ServiceRecord | None = None,
) -> BankEntry:
    """One movement between two accounts inside the caller's transaction; what is above the cap goes on to the pool."""
    legs = {source.pk: -minutes, target.pk: minutes}
    entry = write_entry(by, source.community_id, kind, legs, words, key, record=record)
    if target.holder in {Holder.PERSON, Holder.HOUSEHOLD}:
        hold_to_cap(by, target, settings_of(source.community_id).cap, f"surplus:{key}"[:120])
    return entry


def _move_on(
    by: Viewer, entry: BankEntry, accounts: Mapping[UUID, UUID], legs: Mapping[UUID, int], words: str, mark: str
) -> None:
    for old, new in accounts.items():
        write_entry(by, entry.community_id, Kind.MERGE, {old: -legs[old], new: legs[old]}, words,
                    f"{mark}:{entry.pk}:{old}")


def _moved(
    by: Viewer, kind: Kind, source: BankAccount, target: BankAccount, minutes: int, words: str, key: str
) -> BankEntry:
    known = BankEntry.objects.filter(community_id=source.community_id, key=f"{kind}:{key}").first()
    return known or post(by, source, target, sound_minutes(minutes), sound_words(words), f"{kind}:{key}", kind)


def write_entry(
    by: Viewer, community_id: UUID, kind: Kind, legs: Mapping[UUID, int], words: str, key: str,
    *, reverses: BankEntry | None = None, record: ServiceRecord | None = None, part: ServicePart | None = None,
) -> BankEntry:
    """One entry with its postings, inside the caller's transaction. Raises RuleBroken below a floor."""
    entry = BankEntry(id=new_id(), community_id=community_id, kind=kind, words=words, key=key, record=record, part=part,
                      reverses=reverses, by=by.actor, by_name=by.name[:60])

    def both() -> None:
        entry.save(force_insert=True)
        # In one order everywhere, so that parallel writers wait for each other and never in a circle.
        for account in sorted(legs):
            BankPosting.objects.create(community_id=community_id, entry=entry, account_id=account,
                                       minutes=legs[account])

    _kept(both)
    audit.record(f"volunteers.bank_{kind}", by=by, community_id=community_id, subject="bank_entry",
                 subject_id=entry.pk, data={"minutes": max(legs.values())})
    return entry


def _kept(write: object) -> None:
    try:
        with transaction.atomic():
            write()  # type: ignore[operator]
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _BROKEN:
            raise
        raise RuleBroken(name, _BROKEN[name]) from error


def hold_to_cap(by: Viewer, account: BankAccount, cap: int, key: str) -> None:
    """What is above the cap goes to the pool."""
    row = BankAccount.objects.select_for_update().get(community_id=account.community_id, pk=account.pk)
    extra = beyond(row.balance, cap)
    if extra:
        pool = account_of(account.community_id, Holder.POOL)
        write_entry(by, account.community_id, Kind.SURPLUS, {row.pk: -extra, pool.pk: extra},
               f"超过上限 {spoken(cap)}，多出的捐入捐赠池", key)


def _accounts_after_merge(community_id: UUID, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Those accounts whose resident was merged into another one with an account, with that account."""
    into = dict(BankAccount.objects.filter(
        community_id=community_id, pk__in=list(ids), person__merged_into__isnull=False).values_list(
        "pk", "person__merged_into"))
    now = dict(BankAccount.objects.filter(community_id=community_id, person__in=into.values()).values_list(
        "person", "pk"))
    return {old: now[person] for old, person in into.items() if person in now}


def account_of(community_id: UUID, holder: Holder, **whose: UUID | None) -> BankAccount:
    """The account of a holder, made where there is none."""
    known = BankAccount.objects.filter(community_id=community_id, holder=holder, **whose).first()
    if known:
        return known
    floor = 0 if holder in {Holder.POOL, Holder.ISSUE} else settings_of(community_id).floor
    BankAccount.objects.bulk_create(
        [BankAccount(community_id=community_id, holder=holder, floor=floor, **whose)], ignore_conflicts=True)
    return BankAccount.objects.get(community_id=community_id, holder=holder, **whose)


def spender(by: Viewer, account_id: UUID) -> BankAccount:
    """The account, for its holder and representatives; the office does not spend what is others'."""
    account = account_for(by, account_id)
    require_open(account.community_id)
    if not may_spend(by, account):
        raise NotAllowed("bank_spend", "这个账户的时间由本人或代办人使用。")
    return account


def may_spend(by: Viewer, account: BankAccount) -> bool:
    """The holder and the representatives, and the system."""
    if by.is_system or (by.person_id is not None and by.person_id == account.person_id):
        return True
    return by.person_id is not None and BankRepresentative.objects.filter(
        community_id=account.community_id, account=account, person=by.person_id, ended_on__isnull=True).exists()


def _require_here(community_id: UUID, person_id: UUID | None, household_id: UUID | None) -> None:
    if person_id and not Person.objects.filter(
            community_id=community_id, pk=person_id, merged_into__isnull=True).exists():
        raise NotFound("person", "没有找到这位居民。")
    if household_id and not Household.objects.filter(community_id=community_id, pk=household_id).exists():
        raise NotFound("household", "没有找到这一户。")


def require_open(community_id: UUID) -> None:
    """Raises RuleBroken while the community's bank is closed."""
    if not settings_of(community_id).is_open:
        raise RuleBroken("bank_closed", "本社区还没有开办时间银行，由社区书记在规则里开办。")


def _lock(accounts: Iterable[BankAccount]) -> None:
    ids = [one.pk for one in accounts]
    list(BankAccount.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _new_parts(record: ServiceRecord) -> list[tuple[ServicePart, UUID]]:
    """Parts of volunteers that are not stored yet, with whom a merged resident is today."""
    found = ServicePart.objects.filter(community_id=record.community_id, record=record, side=ServicePart.GAVE,
                                       person__isnull=False, minutes__gt=0, sign=1)
    stored = BankEntry.objects.filter(community_id=record.community_id, record=record, part__isnull=False)
    parts = list(found.exclude(pk__in=stored.values("part")).order_by("pk"))
    found_people = Person.objects.filter(pk__in=[part.person_id for part in parts])
    people: dict[UUID, UUID | None] = dict(found_people.values_list("pk", "merged_into"))
    now = {part.pk: people.get(part.person_id) or part.person_id for part in parts if part.person_id}
    here = set(Volunteer.objects.filter(community_id=record.community_id, person__in=now.values()).exclude(
        state=VolunteerState.ENDED).values_list("person_id", flat=True))
    return [(part, now[part.pk]) for part in parts if now[part.pk] in here]


__all__ = [
    "BankRules", "account_of", "accounts_for", "change_rules", "credit_service", "donate", "draw", "give",
    "hold_to_cap", "may_spend", "open_account", "post", "require_open", "reverse_entry", "spender", "write_entry",
]
