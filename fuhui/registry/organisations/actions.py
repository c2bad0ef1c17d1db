"""Changes of organisations and memberships."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.registry.organisations.models import Membership, Organisation
from fuhui.registry.organisations.permissions import may_keep_members, may_keep_organisations
from fuhui.registry.organisations.rules import LegalClass, OrganisationKind, is_credit_code
from fuhui.registry.places.rules.names import public_phone
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint, require_fresh
from fuhui.shared.viewers import Viewer

_WORDS = {
    "organisations_organisation_name": "已经有同名的组织，请换一个名称，或修改原来的那个。",
    "organisations_organisation_code": "这个统一社会信用代码已经登记在另一个组织名下。",
    "organisations_organisation_period": "撤销日期不能早于成立日期。",
    "organisations_no_circle": "上级不能选它自己或它的下级，否则会绕成一圈。",
    "organisations_membership_no_overlap": "这个人在这段时间已经担任这个职务，不用重复登记。",
    "organisations_membership_period": "结束日期不能早于开始日期。",
}


@transaction.atomic
def save_organisation(
    *, by: Viewer, community_id: UUID, kind: OrganisationKind, name: str, organisation_id: UUID | None = None,
    parent_id: UUID | None = None, short_name: str = "", legal_class: LegalClass = LegalClass.NONE,
    credit_code: str = "", contact: str = "", phone: str = "", since: date | None = None, until: date | None = None,
    data: Mapping[str, object] | None = None, seen: str = "", new_organisation_id: UUID | None = None,
) -> Organisation:
    """Adds (no `organisation_id`) or changes an organisation; `until` in the past or today ends it.

    Raises BadInput (name, credit code by GB 32100, phone), RuleBroken (name in use, circle), StalePage by `seen`.
    """
    may_keep_organisations(by, community_id).require()
    fresh = Organisation(id=new_organisation_id or new_id(), community_id=community_id)
    row = _organisation(community_id, organisation_id, seen) if organisation_id else fresh
    row.parent = _organisation(community_id, parent_id, "") if parent_id else None
    row.kind, row.legal_class = kind, legal_class
    row.name, row.short_name = _named(name), short_name.strip()[:20]
    row.credit_code, row.contact = _credit_code(credit_code), contact.strip()
    row.phone, row.since, row.until = public_phone(phone, "phone"), since, until
    row.data = {**row.data, **(data or {})}
    _save(row)
    audit.record("organisations.save", by=by, community_id=community_id, subject="organisation", subject_id=row.id,
                 data={"name": row.name, "kind": kind.value})
    return row


@transaction.atomic
def add_member(
    *, by: Viewer, organisation_id: UUID, person_id: UUID | None = None, account_id: UUID | None = None,
    title: str = "成员", since: date | None = None, until: date | None = None,
) -> Membership:
    """A resident or an account joins, with a title and a period. Raises RuleBroken where it is so already."""
    organisation = _locked(by, organisation_id)
    if (person_id is None) == (account_id is None):
        raise BadInput("member", "请选择一位居民，或一个账号（二选一）。", field="member")
    row = Membership(
        community_id=organisation.community_id, organisation=organisation, person_id=person_id, account_id=account_id,
        title=title.strip() or "成员", since=since or timezone.localdate(), until=until,
    )
    _save(row)
    audit.record("organisations.add_member", by=by, community_id=organisation.community_id, subject="organisation",
                 subject_id=organisation_id, data={"membership": row.id, "title": row.title})
    return row


@transaction.atomic
def add_members(
    *, by: Viewer, organisation_id: UUID, persons: Sequence[UUID], title: str = "成员"
) -> dict[UUID, Membership]:
    """Residents join in one step, from today; by person. Raises RuleBroken, and writes nobody, where one is a member
    with this title already."""
    organisation = _locked(by, organisation_id)
    rows = [Membership(community_id=organisation.community_id, organisation=organisation, person_id=person,
                       title=title, since=timezone.localdate()) for person in persons]
    _guarded(lambda: Membership.objects.bulk_create(rows))
    audit.record("organisations.add_member", by=by, community_id=organisation.community_id, subject="organisation",
                 subject_id=organisation_id, data={"memberships": len(rows), "title": title})
    return dict(zip(persons, rows, strict=True))


@transaction.atomic
def end_membership(*, by: Viewer, membership_id: UUID, on: date | None = None) -> Membership:
    """The membership ends on a day (default today); the row stays as history. A second call changes nothing."""
    found = Membership.objects.select_for_update(of=("self",)).filter(pk=membership_id, community_id__in=by.communities)
    row = found.first()
    if row is None:
        raise NotFound("membership", "没有找到这条成员记录。")
    may_keep_members(by, row.community_id, row.organisation_id).require()
    if row.until is None:
        row.until = on or max(timezone.localdate(), row.since)
        _save(row)
        audit.record("organisations.end_membership", by=by, community_id=row.community_id, subject="organisation",
                     subject_id=row.organisation_id, data={"membership": row.id, "until": row.until})
    return row


def _organisation(community_id: UUID, organisation_id: UUID, seen: str) -> Organisation:
    found = Organisation.objects.select_for_update(of=("self",)).filter(community_id=community_id, pk=organisation_id)
    row = found.first()
    if row is None:
        raise NotFound("organisation", "没有找到这个组织，或它不属于本社区。")
    require_fresh(row, seen)
    return row


def _locked(by: Viewer, organisation_id: UUID) -> Organisation:
    # Locked, because two who add the same member at once would wait for each other inside the exclusion constraint.
    found = Organisation.objects.select_for_update(of=("self",))
    organisation = found.filter(pk=organisation_id, community_id__in=by.communities).first()
    if organisation is None:
        raise NotFound("organisation", "没有找到这个组织，或它不在您的权限范围内。")
    may_keep_members(by, organisation.community_id, organisation_id).require()
    return organisation


def _save(row: Organisation | Membership) -> None:
    _guarded(row.save)


def _guarded(write: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _WORDS:
            raise
        raise RuleBroken(name, _WORDS[name]) from error


def _named(name: str) -> str:
    if not 1 <= len(name.strip()) <= 60:
        raise BadInput("name", "请填写组织名称，最多 60 个字。", field="name")
    return name.strip()


def _credit_code(text: str) -> str:
    code = text.strip().upper()
    if code and not is_credit_code(code):
        raise BadInput(
            "credit_code", "统一社会信用代码应为 18 位，最后一位是校验码；请对照登记证书核对。", field="credit_code"
        )
    return code
