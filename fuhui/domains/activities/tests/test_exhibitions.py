"""An exhibition: works hang with their authors' consent, and everybody has one vote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from fuhui.domains.activities.actions.exhibiting import add_work, take_down_work, vote
from fuhui.domains.activities.models import Activity, Vote, Work
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tests.test_afterwards import picture
from fuhui.domains.activities.tickets import ticket_of
from fuhui.domains.cases.tests.pages import words
from fuhui.shared.errors import BadInput, NotAllowed, RuleBroken
from fuhui.shared.files.queries import file_address
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.racing import as_owner, failures, race


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    """Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def opened(town: Town) -> Activity:
    """It opened a day ago."""
    with at(timezone.now() - timedelta(days=2)):
        return town.open_activity(title="书画摄影艺术展", kind="exhibition")


def hung(town: Town, activity: Activity, title: str = "海边") -> Work:
    """孙丽 hangs a work by 于老师."""
    with acting(town.sun):
        return add_work(by=town.sun, activity_id=activity.pk, title=title, author="于老师", agreed=True,
                        upload=picture())


@pytest.mark.django_db
def test_a_work_hangs_only_with_its_authors_consent(town: Town) -> None:
    activity = opened(town)
    with acting(town.sun):
        facts: dict[str, Any] = {"by": town.sun, "activity_id": activity.pk, "title": "海边", "author": "于老师"}
        with pytest.raises(BadInput):
            add_work(**facts, agreed=False)
        with pytest.raises(RuleBroken):
            add_work(**(facts | {"activity_id": town.open_activity().pk}), agreed=True)
    work = hung(town, activity)
    with acting(town.sun), pytest.raises(RuleBroken):
        add_work(**facts, agreed=True)
    with acting(town.wang), pytest.raises(NotAllowed):
        take_down_work(by=town.wang, activity_id=activity.pk, work_id=work.pk)


@pytest.mark.django_db
def test_wang_votes_once_with_account_or_ticket_and_a_visitor_needs_one(
    town: Town, signed_in: Callable[[Viewer], Client], client: Client
) -> None:
    with at(timezone.now() - timedelta(days=2)):
        activity = town.open_activity(title="书画摄影艺术展", kind="exhibition")
        wangs, lis = town.sign_up(activity, "王秀兰", by=town.wang), town.sign_up(activity, "李桂芳")
    work = hung(town, activity)
    page, ballot = f"/activities/{town.place.code}/{activity.pk}/", {"do": "vote", "work": str(work.pk)}
    assert "海边" in words(client.get(page))
    assert client.post(page, ballot).status_code == 403
    assert "投好了" in words(signed_in(town.wang).post(page, ballot, follow=True))
    ticket = f"/activities/ticket/{ticket_of(town.place.id, wangs.pk)}/"
    again = client.post(ticket, ballot)
    assert (again.status_code, "一人一票" in words(again)) == (409, True)
    hers = f"/activities/ticket/{ticket_of(town.place.id, lis.pk)}/"
    assert "投好了" in words(client.post(hers, ballot, follow=True))
    assert "于老师 · 2 票" in words(client.get(page))
    assert client.post(page, {"do": "vote", "work": str(new_id())}).status_code in {403, 404}


@pytest.mark.django_db
def test_the_desk_hangs_and_takes_down_on_the_page(
    town: Town, signed_in: Callable[[Viewer], Client], client: Client
) -> None:
    activity = opened(town)
    sun, record = signed_in(town.sun), f"/activities/desk/{activity.pk}/"
    form = {"do": "work", "work": "海边", "author": "于老师"}
    missing = sun.post(record, form)
    assert (missing.status_code, 'value="于老师"' in missing.content.decode()) == (422, True)
    assert "作品挂好了" in words(sun.post(record, form | {"agreed": "on", "picture": picture()}, follow=True))
    with acting(town.sun):
        work = Work.objects.get()
    assert client.get(file_address(work.file_id, public_in=town.place.id)).status_code == 200  # type: ignore[arg-type]
    assert "撤下了" in words(sun.post(record, {"do": "take_down", "work_id": str(work.pk)}, follow=True))
    assert client.get(file_address(work.file_id, public_in=town.place.id)).status_code == 404  # type: ignore[arg-type]


@pytest.mark.django_db
def test_nobody_votes_before_the_opening(town: Town) -> None:
    activity = town.open_activity(kind="exhibition")
    work = hung(town, activity)
    with acting(town.wang), pytest.raises(RuleBroken):
        vote(by=town.wang, activity_id=activity.pk, work_id=work.pk)


def test_twenty_taps_are_one_vote_and_without_the_constraint_they_are_not(committed: Town) -> None:
    activity = opened(committed)
    works = [hung(committed, activity, title) for title in ("海边", "石榴")]
    wang = committed.wang
    taps = [
        (wang, lambda work=works[number % 2]: vote(by=wang, activity_id=activity.pk, work_id=work.pk))
        for number in range(20)
    ]
    assert len(failures(race(*taps))) == 19
    with acting(committed.sun):
        assert Vote.objects.count() == 1
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE activities_vote DROP CONSTRAINT activities_vote_once")
    race(*taps)
    with acting(committed.sun):
        assert Vote.objects.count() > 1
