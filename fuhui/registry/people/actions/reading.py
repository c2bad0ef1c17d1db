"""Reading what is encrypted: an action, because it leaves an audit entry."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from fuhui.registry.people.models import Person
from fuhui.registry.people.permissions import may_reveal
from fuhui.registry.people.queries.scope import person_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput
from fuhui.shared.viewers import Viewer

BOTH = ("id_number", "phone")


class Revealed(NamedTuple):
    """Identity number and phones in clear; '' for what was not asked for or is not known."""

    id_number: str
    phone: str


@transaction.atomic
def reveal_person(*, by: Viewer, person_id: UUID, reason: str, fields: Collection[str] = BOTH) -> Revealed:
    """Identity number and phone in clear, with an audit entry that holds the reason.

    Raises BadInput without a reason, NotFound, NotAllowed (the health post reads the phone only).
    """
    person = person_for(by, person_id)
    may_reveal(by, person.community_id, person.pk, fields).require()
    if len(reason.strip()) < 2:
        raise BadInput("reason", "请写明查看的原因，例如“电话联系随访”。查看会留下记录。", field="reason")
    audit.record(
        "people.reveal",
        by=by,
        community_id=person.community_id,
        subject="person",
        subject_id=person.pk,
        data={"fields": sorted(fields), "reason": reason.strip()[:200]},
    )
    opened = Person.objects.only(*BOTH).get(pk=person.pk)
    return Revealed(*((getattr(opened, name) or "") if name in fields else "" for name in BOTH))
