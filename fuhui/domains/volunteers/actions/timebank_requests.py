"""Asking for help out of the time bank: ask, accept, done (the minutes move and the book gets its record), cancel."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.timebank import account_of, may_spend, post, require_open
from fuhui.domains.volunteers.models import BankAccount, BankRequest
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries.timebank import account_for, requests_for
from fuhui.domains.volunteers.queries.volunteers import own_registration
from fuhui.domains.volunteers.rules.registration import VolunteerState
from fuhui.domains.volunteers.rules.signing_up import ZONE
from fuhui.domains.volunteers.rules.timebank import REQUESTED, Asked, Holder, Kind, sound_minutes, sound_words
from fuhui.registry.ledger.actions import Served, ServedBy, write_service
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.viewers import Viewer


@transaction.atomic
def ask_help(*, by: Viewer, account_id: UUID, words: str, minutes: int, wanted_on: date, kind: str) -> BankRequest:
    """A request of the holder or a representative, or written down by the office for one who called. No minutes move.

    Raises BadInput, NotAllowed, RuleBroken where the balance is not enough.
    """
    account = account_for(by, account_id)
    if not may_ask(by, account):
        raise NotAllowed("bank_ask", "求助由本人、代办人提出，也可以打电话请社区工作者代记。")
    require_open(account.community_id)
    found = catalogue_for(by, account.community_id).kind(kind)
    if found is None or not found.is_active:
        raise BadInput("kind", "请选择要帮的是哪一类。", field="kind")
    if wanted_on < timezone.localdate():
        raise BadInput("wanted_on", "这一天已经过去，请选今天或以后。", field="wanted_on")
    if account.balance - account.floor < sound_minutes(minutes):
        raise RuleBroken("bank_floor", "余额不够。可以改短一些，或请社区从捐赠池帮扶。")
    row = BankRequest.objects.create(
        community_id=account.community_id, account=account, words=sound_words(words), minutes=minutes,
        wanted_on=wanted_on, kind=kind, asked_by=by.actor)
    _record(by, row, "volunteers.bank_ask")
    return row


@transaction.atomic
def accept_request(*, by: Viewer, request_id: UUID) -> BankRequest:
    """An active volunteer takes an open request on; never one's own."""
    row = _locked(by, request_id)
    mine = own_registration(by, row.community_id)
    if mine is None or mine.state != VolunteerState.ACTIVE:
        raise NotAllowed("bank_volunteer", "接单要先登记为志愿者；登记暂停的，请先恢复。")
    if row.account.person_id == mine.person_id or may_spend(by, row.account):
        raise NotAllowed("bank_own", "自己的求助，或您代办的求助，要由别的志愿者来接。")
    if row.state != Asked.OPEN:
        raise RuleBroken("bank_taken", "这个求助已经有人接了，请看看别的。")
    row.state, row.volunteer = Asked.ACCEPTED, mine
    row.save(update_fields=["state", "volunteer"])
    _record(by, row, "volunteers.bank_accept")
    return row


@transaction.atomic
def confirm_request(*, by: Viewer, request_id: UUID, minutes: int) -> BankRequest:
    """The holder, a representative or the office says it is done: the minutes move, and the book gets its record.

    Never the volunteer who helped. Raises RuleBroken where the balance is not enough; nothing moves then.
    """
    row = _locked(by, request_id)
    if row.volunteer and row.volunteer.person_id == by.person_id:
        raise NotAllowed("bank_confirm_own", "完成由求助人、代办人或社区工作者确认，不能自己确认自己的。")
    if not may_spend(by, row.account) and not is_office(by, row.community_id):
        raise NotAllowed("bank_confirm", "完成由求助人、代办人或社区工作者确认。")
    if row.state != Asked.ACCEPTED or row.volunteer is None:
        raise RuleBroken("bank_state", "只有已经有人接的求助才能确认完成。")
    if timezone.localdate() < row.wanted_on:
        raise RuleBroken("bank_early", "还没到约定的日子，做完再确认。")
    sound_minutes(minutes)
    record = write_service(
        by=by, community=row.community_id, source=REQUESTED, key=str(row.pk), kind=row.kind, title=row.words,
        occurred_at=datetime.combine(row.wanted_on, time(9), ZONE), minutes=minutes,
        served_by=[ServedBy(person=row.volunteer.person_id, minutes=minutes)],
        served=[Served(person=row.account.person_id, household=row.account.household_id)],
    )
    target = account_of(row.community_id, Holder.PERSON, person_id=row.volunteer.person_id)
    row.entry = post(by, row.account, target, minutes, row.words, f"request:{row.pk}", Kind.SPEND, record)
    row.state, row.closed_at = Asked.DONE, timezone.now()
    row.save(update_fields=["state", "entry", "closed_at"])
    _record(by, row, "volunteers.bank_done")
    return row


@transaction.atomic
def cancel_request(*, by: Viewer, request_id: UUID) -> BankRequest:
    """Who asked, or the office, does not need it any more. A second call changes nothing."""
    row = _locked(by, request_id)
    if not may_spend(by, row.account) and not is_office(by, row.community_id):
        raise NotAllowed("bank_cancel", "求助由本人、代办人或社区工作者取消。")
    if row.state == Asked.DONE:
        raise RuleBroken("bank_state", "已经完成的求助不能取消；记错了请书记冲正。")
    if row.state != Asked.CANCELLED:
        row.state, row.closed_at = Asked.CANCELLED, timezone.now()
        row.save(update_fields=["state", "closed_at"])
        _record(by, row, "volunteers.bank_cancel")
    return row


def may_ask(by: Viewer, account: BankAccount) -> bool:
    """Who may spend, and the office, for somebody who called."""
    if account.holder not in {Holder.PERSON, Holder.HOUSEHOLD}:
        return False
    return may_spend(by, account) or is_office(by, account.community_id)


def _locked(by: Viewer, request_id: UUID) -> BankRequest:
    # Looked up before it is locked: the row that another has just accepted must answer with that reason.
    if not requests_for(by).filter(pk=request_id).exists():
        raise NotFound("bank_request", "没有找到这个求助，或它已经有人接了。")
    found = BankRequest.objects.select_for_update(of=("self",)).select_related("account", "volunteer")
    return found.get(pk=request_id)


def _record(by: Viewer, row: BankRequest, action: str) -> None:
    audit.record(action, by=by, community_id=row.community_id, subject="bank_request", subject_id=row.pk,
                 data={"minutes": row.minutes})
