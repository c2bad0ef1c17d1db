"""The activities' figures come out of the book and open as their records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fuhui.domains.activities.actions.attending import check_in, close_activity
from fuhui.domains.activities.figures import FIGURES
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.registry.ledger.registry import all_rows
from fuhui.registry.ledger.rules.asking import Ask
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting

pytestmark = pytest.mark.django_db


def _hold(town: Town, walk_ins: int) -> None:
    with at(timezone.now() - timedelta(days=9)):
        activity = town.open_activity()
        wang = town.sign_up(activity, "王秀兰", by=town.wang)
    with at(activity.starts_at), acting(town.sun):
        check_in(by=town.sun, activity_id=activity.pk, client_uuid=new_id(), signup_id=wang.pk)
        check_in(by=town.sun, activity_id=activity.pk, client_uuid=new_id(), walk_ins=walk_ins)
        close_activity(by=town.sun, activity_id=activity.pk)


def test_sessions_attendances_and_people_are_three_figures(town: Town) -> None:
    for walk_ins in (4, 6):
        _hold(town, walk_ins)
    today = timezone.localdate()
    ask = Ask(community=town.place.id, since=today - timedelta(days=30), until=today)
    with acting(town.chen):
        found = {one.definition.code: one for one in FIGURES.measure(town.chen, ask)}
        assert {code: one.value for code, one in found.items()} == {
            "activity_sessions": 2, "activity_attendances": 12, "activity_persons": 1, "activity_minutes": 240,
        }
        for code, one in found.items():
            assert len(all_rows(town.chen, ask, FIGURES, code)) == one.records == 2
