"""The consent log (个人信息保护法 arts 14–16, 29, 31)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.registry.people.actions.locking import grid_of_person
from fuhui.registry.people.models import Consent, Person
from fuhui.registry.people.permissions import may_register
from fuhui.registry.people.queries.people import consent_state
from fuhui.registry.people.queries.scope import person_for
from fuhui.registry.people.rules.identity import age_on
from fuhui.registry.people.rules.words import CONSENT_CHANNELS, CONSENT_PURPOSES, ConsentAct
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Viewer

CHILD_AGE = 14  # below it a parent or guardian consents (个人信息保护法 art 31)


@transaction.atomic
def record_consent(
    *,
    by: Viewer,
    person_id: UUID,
    purpose: str,
    version: str,
    channel: str,
    by_guardian: str = "",
    note: str = "",
) -> Consent:
    """One line "given". Raises BadInput for an unknown purpose or channel, a missing notice version, or a child
    under 14 without a guardian's name (art 31)."""
    person = _allowed(by, person_id)
    if purpose not in CONSENT_PURPOSES or channel not in CONSENT_CHANNELS:
        raise BadInput("consent", "请从列表里选择同意的目的和方式。", field="purpose")
    if not version.strip():
        raise BadInput("version", "请填写给居民看的告知书版本，例如 2026-01。", field="version")
    is_child = person.birth_date and age_on(person.birth_date, timezone.localdate()) < CHILD_AGE
    if is_child and not by_guardian.strip():
        raise BadInput("guardian", "未满14周岁，需由父母或其他监护人同意，请填写监护人姓名。", field="by_guardian")
    return _line(by, person, ConsentAct.GIVEN, purpose, version, channel, by_guardian, note)


@transaction.atomic
def withdraw_consent(*, by: Viewer, person_id: UUID, purpose: str, channel: str, note: str = "") -> Consent:
    """One line "withdrawn", as easy as giving (art 15). Raises RuleBroken where nothing is given now."""
    person = _allowed(by, person_id)
    # Two withdrawals at once would both find it given; the person's row makes them wait for each other.
    Person.objects.select_for_update(of=("self",)).only("pk").get(pk=person.pk)
    last = consent_state(person).get(purpose)
    if last is None or last.act != ConsentAct.GIVEN:
        raise RuleBroken("no_consent", "这一项现在没有生效的同意，不用撤回。")
    if channel not in CONSENT_CHANNELS:
        raise BadInput("channel", "请从列表里选择方式。", field="channel")
    return _line(by, person, ConsentAct.WITHDRAWN, purpose, last.version, channel, "", note)


def _allowed(by: Viewer, person_id: UUID) -> Person:
    person = person_for(by, person_id)
    if by.person_id != person.pk:
        may_register(by, person.community_id, grid_of_person(person)).require()
    return person


def _line(
    by: Viewer, person: Person, act: ConsentAct, purpose: str, version: str, channel: str, guardian: str, note: str
) -> Consent:
    line = Consent.objects.create(
        community_id=person.community_id,
        person_id=person.pk,
        purpose=purpose,
        version=version.strip()[:20],
        channel=channel,
        act=act,
        by_guardian=guardian.strip()[:60],
        note=note.strip()[:200],
        by=by.actor,
    )
    audit.record(
        f"people.consent_{act}",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"purpose": purpose, "version": version, "channel": channel},
    )
    return line
