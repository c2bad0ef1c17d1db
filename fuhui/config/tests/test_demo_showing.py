"""The demo's sports meeting and exhibition: whole stories through the real actions, the same in every load."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from fuhui.config.demo.clock import frozen_clock
from fuhui.config.demo.services.gallery import KINDS, drawn
from fuhui.config.demo.services.showing import WORKS, show_activities
from fuhui.config.demo.services.teams import Neighbour
from fuhui.config.demo.services.years import published
from fuhui.config.demo.world import ZONE, Span, Town
from fuhui.domains.activities.models import Activity, Contest, Entry, Feedback, Photo, Work
from fuhui.domains.activities.queries import contests_of, places_in, works_of
from fuhui.domains.activities.rules.activity import Kind, Plan
from fuhui.registry.organisations.models import Organisation
from fuhui.shared.audit.models import Entry as AuditEntry
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role
from tests.personas import Place, make_account

NOW = datetime(2026, 11, 23, 8, tzinfo=ZONE)
NEIGHBOURS = [
    Neighbour(new_id(), f"邻居{number:02}", f"199000010{number:02}", date(1940 + number, 3, 2), "female", "群众")
    for number in range(60)
]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    """Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def _told(place: Place, name: str) -> Town:
    """A community in which both were held."""
    staff = make_account(f"staff{name}", "孙丽", Role.COMMUNITY_STAFF, place)
    chief = make_account(f"chief{name}", "陈静", Role.SECRETARY, place)
    town = Town(place.id, place.code, name, staff=[staff], secretary=chief)
    with acting(town.system()):
        row = Organisation.objects.create(community_id=place.id, name="五福百惠", kind="social_organisation")
        town.units["五福百惠"] = row.pk
        span = Span.ending(NOW)
        with frozen_clock(span.at(span.first, 9)) as clock:
            starts = span.at(span.last + timedelta(days=12), 9)
            plan = Plan(title="趣味运动会", kind=Kind.SPORTS, place="操场", starts_at=starts, capacity=60,
                        ends_at=starts + timedelta(hours=2))
            published(town, clock, plan, clock.moment)
            show_activities(town, clock, NEIGHBOURS, span)
    return town


def _results(town: Town) -> list[Any]:
    with acting(town.system()):
        meeting = Activity.objects.get(kind="sports", state="closed")
        return [(contest.title, contest.seed, one.name, one.group, one.heat, one.lane, one.result, one.absent)
                for contest, entries in contests_of(meeting) for one in entries]


@pytest.mark.django_db
def test_a_meeting_and_an_exhibition_are_told_to_their_end_and_twice_the_same(
    community: Place, neighbour: Place
) -> None:
    first, second = _told(community, "福惠"), _told(neighbour, "南关")
    assert _results(first) == _results(second)
    with acting(first.system()):
        meeting, coming = Activity.objects.filter(kind="sports").order_by("starts_at")
        exhibition = Activity.objects.get(kind="exhibition", state="published")
        assert (meeting.state, coming.state) == ("closed", "published")
        assert [one.title for one, _ in contests_of(coming)] == [one.title for one, _ in contests_of(meeting)]
        assert not Contest.objects.filter(activity=meeting, seed=None).exists()
        assert Entry.objects.exclude(team="").count() == 4
        for contest, entries in contests_of(meeting):
            assert all(one.heat and (one.result or one.absent) for one in entries)
            assert 1 in places_in(contest, entries).values()
            assert len({one.group for one in entries}) == (1 if contest.team_size > 1 else 3)
        assert sorted(Photo.objects.values_list("consent", flat=True)) == ["", "faceless", "faceless"]
        assert Feedback.objects.count() == 3
        assert [one.count for one in works_of(exhibition)] == [votes for *_, votes in WORKS]
        assert not Work.objects.filter(file_id=None).exists()
        assert AuditEntry.objects.filter(action="activities.award").count() >= 9
        assert exhibition.starts_at < NOW < exhibition.ends_at


def test_every_work_is_a_picture_of_its_own() -> None:
    pictures = [drawn(kind) for kind in KINDS]
    assert all(one[:2] == b"\xff\xd8" for one in pictures)
    assert len(set(pictures)) == len(KINDS)
    assert max(map(len, pictures)) < 60_000
