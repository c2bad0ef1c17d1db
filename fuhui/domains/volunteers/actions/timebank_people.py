"""Who acts for the holder of an account, and what happens to accounts when two residents turn out to be one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fuhui.domains.volunteers.actions.timebank import hold_to_cap, write_entry
from fuhui.domains.volunteers.models import BankAccount, BankRepresentative, BankRequest
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries.timebank import account_for, settings_of
from fuhui.domains.volunteers.rules.timebank import Holder, Kind
from fuhui.registry.people.models import Person
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.viewers import Viewer


@transaction.atomic
def name_representative(*, by: Viewer, account_id: UUID, person_id: UUID, relation: str) -> BankRepresentative:
    """Who may ask, give and confirm for the holder: named by the office, or by the holder. A household has no other
    way to use its minutes. Raises BadInput, NotAllowed, NotFound."""
    account = account_for(by, account_id)
    _require_namer(by, account)
    if account.holder not in {Holder.PERSON, Holder.HOUSEHOLD}:
        raise BadInput("relation", "捐赠池和发放账户没有代办人。", field="relation")
    if not relation.strip() or account.person_id == person_id:
        raise BadInput("relation", "请写明代办人和本人的关系，例如女儿；不能是本人。", field="relation")
    if not Person.objects.filter(community_id=account.community_id, pk=person_id, merged_into__isnull=True).exists():
        raise NotFound("person", "没有找到这位居民。")
    row, made = BankRepresentative.objects.get_or_create(
        community_id=account.community_id, account=account, person_id=person_id, ended_on=None,
        defaults={"relation": relation.strip()[:20], "since": timezone.localdate(), "named_by": by.actor})
    if made:
        audit.record("volunteers.bank_name", by=by, community_id=account.community_id, subject="bank_account",
                     subject_id=account.pk, data={"person": str(person_id), "relation": row.relation})
    return row


@transaction.atomic
def end_representative(*, by: Viewer, representative_id: UUID) -> BankRepresentative:
    """Somebody acts for the holder no longer, from this moment on: said by the office, the holder, or themselves.
    A second call changes nothing."""
    row = BankRepresentative.objects.select_for_update(of=("self",)).filter(
        community_id__in=by.communities, pk=representative_id).first()
    if row is None:
        raise NotFound("bank_representative", "没有找到这位代办人，请刷新页面。")
    account = account_for(by, row.account_id)
    if by.person_id is None or by.person_id != row.person_id:
        _require_namer(by, account)
    if row.ended_on is None:
        row.ended_on = timezone.localdate()
        row.save(update_fields=["ended_on"])
        audit.record("volunteers.bank_end", by=by, community_id=account.community_id, subject="bank_account",
                     subject_id=account.pk, data={"person": str(row.person_id)})
    return row


def merge_accounts(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> Mapping[str, object]:
    """The merged resident's account becomes the kept one's. Where both had one, the minutes, requests and
    representatives go over, and the empty account stays as history. Inside the merge's own transaction.

    Raises RuleBroken where both together are below the floor.
    """
    found = BankAccount.objects.select_for_update(of=("self",)).filter(
        community_id=community_id, person__in=[kept, merged]).order_by("pk")
    accounts = {one.person_id: one for one in found}
    said: dict[str, object] = {"acts_for": _acts_for(community_id, kept, merged)}
    old, new = accounts.get(merged), accounts.get(kept)
    if old is None:
        return said
    _end(Q(account=old, person=kept), community_id)
    if new is None:
        old.person_id = kept
        old.save(update_fields=["person"])
        return said | {"account": str(old.pk)}
    if old.balance:
        _pour(by, old, new)
    BankRequest.objects.filter(community_id=community_id, account=old).update(account=new)
    _move_representatives(old, new)
    return said | {"from": str(old.pk), "into": str(new.pk), "minutes": old.balance}


def _pour(by: Viewer, old: BankAccount, new: BankAccount) -> None:
    try:
        write_entry(by, old.community_id, Kind.MERGE, {old.pk: -old.balance, new.pk: old.balance}, "两份档案合并",
                    f"merge:{old.pk}")
    except RuleBroken as error:
        said = "两个时间账户合起来低于可透支的底线，请书记先冲正或从捐赠池帮扶，再合并档案。"
        raise RuleBroken(error.code, said) from error
    hold_to_cap(by, new, settings_of(old.community_id).cap, f"surplus:merge:{old.pk}")


def _acts_for(community_id: UUID, kept: UUID, merged: UUID) -> int:
    """The accounts that the merged resident acts for; nobody acts for themselves, or twice for one account."""
    here = BankRepresentative.objects.filter(community_id=community_id, ended_on__isnull=True)
    _end(Q(person=merged) & (Q(account__person=kept) | Q(account__in=here.filter(person=kept).values("account"))),
         community_id)
    return here.filter(person=merged).update(person=kept)


def _move_representatives(old: BankAccount, new: BankAccount) -> None:
    here = BankRepresentative.objects.filter(community_id=old.community_id, ended_on__isnull=True)
    known = here.filter(account=new).values("person")
    _end(Q(account=old) & (Q(person__in=known) | Q(person=new.person_id)), old.community_id)
    here.filter(account=old).update(account=new)


def _end(which: Q, community_id: UUID) -> None:
    BankRepresentative.objects.filter(which, community_id=community_id, ended_on__isnull=True).update(
        ended_on=timezone.localdate())


def may_name(by: Viewer, account: BankAccount) -> bool:
    """Say who acts for the holder: the office, and the holder."""
    return is_office(by, account.community_id) or (by.person_id is not None and by.person_id == account.person_id)


def _require_namer(by: Viewer, account: BankAccount) -> None:
    if not may_name(by, account):
        raise NotAllowed("bank_name", "代办人由本人或社区工作者指定。")
