"""Certificates of service, merits, and the table of stars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from fuhui.domains.volunteers.codes import certificate_token
from fuhui.domains.volunteers.models import Certificate, Merit, StarChange, StarLevel, Volunteer
from fuhui.domains.volunteers.permissions import is_office
from fuhui.domains.volunteers.queries.certificates import star_table
from fuhui.domains.volunteers.queries.stars import whose_star_changes
from fuhui.domains.volunteers.queries.volunteers import volunteer_for
from fuhui.domains.volunteers.rules.certificates import Line, sound_stars
from fuhui.registry.accounts.queries import token_hash
from fuhui.registry.ledger.queries.persons import gave_on
from fuhui.registry.people.models import Person
from fuhui.registry.people.rules.identity import masked
from fuhui.registry.places.queries import community_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import take_turn
from fuhui.shared.viewers import Viewer


@transaction.atomic
def issue_certificate(
    *, by: Viewer, volunteer_id: UUID, since: date, until: date, head: str, handler: str, contact: str, use: str = ""
) -> Certificate:
    """Writes a certificate of what the book holds of a volunteer on these days, with a number of the community.

    `head`, `handler` and `contact` are the issuer's people (民发〔2015〕149号). Free of charge, on the volunteer's wish
    (志愿服务条例 art 19). Raises BadInput naming the field, RuleBroken where the book holds no service then.
    """
    volunteer = volunteer_for(by, volunteer_id)
    _require_office(by, volunteer)
    if until < since or until > timezone.localdate():
        raise BadInput("until", "结束日期不能早于开始日期，也不能晚于今天。", field="until")
    issuer = (("head", head, "负责人"), ("handler", handler, "经办人"), ("contact", contact, "联系方式"))
    for field, value, what in issuer:
        if not 1 <= len(value.strip()) <= 40:
            raise BadInput(field, f"请填写出具单位的{what}，最多 40 个字。", field=field)
    lines = [
        Line(one.day.isoformat(), one.title, one.place, one.minutes)
        for one in gave_on(by, volunteer.community_id, volunteer.person_id, since=since, until=until)
    ]
    minutes = sum(line.minutes for line in lines)
    if not minutes:
        raise RuleBroken("no_service", "这段时间没有记入台账的服务。公示中的时长还不能写进证明。")
    order, made = _next_order(volunteer.community_id), new_id()
    community = community_for(by, volunteer.community_id)
    facts = {
        "name": volunteer.person.name, "identity": _identity(volunteer), "volunteer_number": volunteer.number,
        "community": community.name,
        "head": head.strip(), "handler": handler.strip(), "contact": contact.strip(), "use": use.strip()[:40],
        "lines": [line._asdict() for line in lines],
    }
    row = Certificate.objects.create(
        id=made, community_id=volunteer.community_id, volunteer=volunteer, order=order, since=since, until=until,
        number=f"{community.region_id}-Z{timezone.localdate().year}{order:05d}",
        token_hash=token_hash(certificate_token(made)),
        facts=facts, minutes=minutes, issued_at=timezone.now(), issued_by=by.actor,
    )
    audit.record("volunteers.certificate", by=by, community_id=row.community_id, subject="volunteer",
                 subject_id=volunteer.pk, data={"number": row.number, "minutes": minutes})
    return row


@transaction.atomic
def revoke_certificate(*, by: Viewer, certificate_id: UUID, why: str) -> Certificate:
    """A certificate is void from now on; its page says so. A second call changes nothing."""
    row = Certificate.objects.select_for_update(of=("self",)).select_related("volunteer").filter(
        community_id__in=by.communities, pk=certificate_id).first()
    if row is None:
        raise NotFound("certificate", "没有找到这份证明，或它不在您的权限范围内。")
    _require_office(by, row.volunteer)
    if row.revoked_at:
        return row
    if not why.strip():
        raise BadInput("why", "请写明作废的原因。", field="why")
    row.revoked_at, row.revoked_by, row.revoked_why = timezone.now(), by.actor, why.strip()[:200]
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_why"])
    audit.record("volunteers.revoke_certificate", by=by, community_id=row.community_id, subject="volunteer",
                 subject_id=row.volunteer_id, data={"number": row.number, "why": row.revoked_why})
    return row


@transaction.atomic
def add_merit(
    *, by: Viewer, volunteer_id: UUID, kind: str, title: str, on: date, by_whom: str = "", hours: int = 0
) -> Merit:
    """A training or a praise goes into the volunteer's record. Raises BadInput naming the field."""
    volunteer = volunteer_for(by, volunteer_id)
    _require_office(by, volunteer)
    if kind not in dict(Merit.KINDS):
        raise BadInput("kind", "请选择培训或表彰奖励。", field="kind")
    if not 1 <= len(title.strip()) <= 60:
        raise BadInput("title", "请填写名称，最多 60 个字。", field="title")
    if on > timezone.localdate():
        raise BadInput("on", "日期不能晚于今天。", field="on")
    if not 0 <= hours <= 1000:
        raise BadInput("hours", "学时填 0 到 1000。", field="hours")
    row = Merit.objects.create(
        community_id=volunteer.community_id, volunteer=volunteer, kind=kind, title=title.strip(), on=on,
        by_whom=by_whom.strip()[:60], hours=hours, entered_by=by.actor, entered_at=timezone.now(),
    )
    audit.record("volunteers.merit", by=by, community_id=row.community_id, subject="volunteer",
                 subject_id=volunteer.pk, data={"kind": kind, "title": row.title})
    return row


@transaction.atomic
def set_stars(*, by: Viewer, community_id: UUID, table: Mapping[int, int]) -> int:
    """The community's own table of hours for one to five stars, kept with its history. Returns how many volunteers
    have another star by it. Raises BadInput for one that does not rise, NotAllowed."""
    if not is_office(by, community_id):
        raise NotAllowed("volunteers_stars", "星级标准由社区书记或社区工作者设定。")
    sound = sound_stars(table)
    # Two tables at once would mix their rows.
    take_turn("volunteers_stars", community_id)
    before = star_table(community_id)
    changed = len(whose_star_changes(by, community_id, before, sound))
    for stars, needed in sound.items():
        StarLevel.objects.update_or_create(community_id=community_id, stars=stars, defaults={"hours": needed})
    hours = [sound[stars] for stars in sorted(sound)]
    if sound != before:
        StarChange.objects.create(community_id=community_id, hours=hours, changed=changed, by=by.actor,
                                  by_name=by.name[:60])
    audit.record("volunteers.stars", by=by, community_id=community_id, subject="community", subject_id=community_id,
                 data={"hours": hours, "changed": changed})
    return changed


def _require_office(by: Viewer, volunteer: Volunteer) -> None:
    if not is_office(by, volunteer.community_id):
        raise NotAllowed("volunteers_certificate", "证明和培训、表彰记录由社区书记或社区工作者办理。")
    if by.person_id is not None and by.person_id == volunteer.person_id:
        raise NotAllowed("volunteers_own", "自己的证明和记录要由另一位同事办理。")


def _identity(volunteer: Volunteer) -> str:
    """Kind and number of the document, the middle hidden: whoever checks the paper compares ends with the card."""
    number = Person.objects.get(pk=volunteer.person_id).id_number
    return f"居民身份证 {masked(number)}" if number else "未登记"


def _next_order(community_id: UUID) -> int:
    # Numbers have no gaps: who issues waits until the one before has finished.
    take_turn("volunteers_certificate", community_id)
    last = Certificate.objects.filter(community_id=community_id).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1
