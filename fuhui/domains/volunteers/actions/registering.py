"""Registering volunteers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from fuhui.domains.volunteers.models import Volunteer
from fuhui.domains.volunteers.permissions import may_register
from fuhui.domains.volunteers.queries.volunteers import volunteers_for
from fuhui.domains.volunteers.rules.registration import VolunteerEntry, VolunteerState, number_of, sound_entry
from fuhui.registry.people.queries import grid_of, person_for
from fuhui.registry.places.queries import community_for
from fuhui.shared import audit
from fuhui.shared.errors import NotFound, RuleBroken
from fuhui.shared.rows import broken_constraint, require_fresh, take_turn
from fuhui.shared.viewers import Viewer

_WORDS = {
    "volunteers_person_once": "这位居民已经登记为志愿者，一个人只登记一次。请打开原来的登记修改。",
    "volunteers_minor_guarded": "未满 18 周岁登记要有监护人同意，请填写监护人。",
    "volunteers_old_enough": "未满 8 周岁，或居民档案里没有出生日期，不能登记。",
}


@transaction.atomic
def register_volunteer(*, by: Viewer, person_id: UUID, entry: VolunteerEntry) -> Volunteer:
    """A resident becomes a volunteer with a number of the community. Skills, free times and guardian as in `entry`.

    Raises BadInput naming the field, RuleBroken("volunteers_person_once") where they are one already, also under
    another account.
    """
    person = person_for(by, person_id)
    grid_id = grid_of(person.household)
    may_register(by, person.community_id, person.pk, grid_id).require()
    today = timezone.localdate()
    sound = sound_entry(entry, person.birth_date, today)
    take_turn("volunteers_number", person.community_id)  # numbers have no gaps
    order = (Volunteer.objects.filter(community_id=person.community_id).aggregate(last=Max("order"))["last"] or 0) + 1
    row = Volunteer(
        community_id=person.community_id, person=person, order=order, joined_on=today, registered_by=by.actor,
        number=number_of(community_for(by, person.community_id).region_id, order), grid_id=grid_id,
    )
    _fill(row, sound)
    _save(row)
    audit.record("volunteers.register", by=by, community_id=row.community_id, subject="volunteer", subject_id=row.id,
                 data={"person": person.pk, "number": row.number})
    return row


@transaction.atomic
def change_registration(*, by: Viewer, volunteer_id: UUID, entry: VolunteerEntry, seen: str = "") -> Volunteer:
    """Skills, free times, interests, party and guardian as in `entry`. Raises as above, StalePage by `seen`."""
    row = locked(by, volunteer_id)
    require_fresh(row, seen)
    _fill(row, sound_entry(entry, row.person.birth_date, timezone.localdate()))
    row.grid_id = grid_of(person_for(by, row.person_id).household)
    _save(row)
    audit.record("volunteers.change", by=by, community_id=row.community_id, subject="volunteer", subject_id=row.id)
    return row


@transaction.atomic
def set_state(*, by: Viewer, volunteer_id: UUID, state: VolunteerState) -> Volunteer:
    """Pauses, ends or resumes a registration; what was served stays. The same state again changes nothing."""
    row = locked(by, volunteer_id)
    if row.state != state:
        before, row.state = row.state, state
        row.save(update_fields=["state", "updated_at"])
        audit.record("volunteers.state", by=by, community_id=row.community_id, subject="volunteer",
                     subject_id=row.id, data={"from": before, "to": state.value})
    return row


def locked(by: Viewer, volunteer_id: UUID) -> Volunteer:
    """One registration, locked, that `by` may change. Raises NotFound, NotAllowed."""
    row = volunteers_for(by).select_for_update(of=("self",)).filter(pk=volunteer_id).first()
    if row is None:
        raise NotFound("volunteer", "没有找到这位志愿者，或不在您的权限范围内。")
    may_register(by, row.community_id, row.person_id, row.grid_id).require()
    return row


def _fill(row: Volunteer, entry: VolunteerEntry) -> None:
    row.skills, row.free_times, row.interests = list(entry.skills), list(entry.free_times), entry.interests
    row.party_unit, row.party_since = entry.party_unit, entry.party_since
    row.guardian_name, row.guardian_relation = entry.guardian_name, entry.guardian_relation
    row.guardian_agreed_on = entry.guardian_agreed_on


def _save(row: Volunteer) -> None:
    guarded(row.save)


def guarded(write: Callable[[], object]) -> None:
    """Runs one write; a broken rule of the database becomes its sentence."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        name = broken_constraint(error)
        if name not in _WORDS:
            raise
        raise RuleBroken(name, _WORDS[name]) from error
