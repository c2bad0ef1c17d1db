"""Relays and tugs of war: a team of named people with one result; events that are changed or taken out; the limit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fuhui.domains.activities.actions import contests, locking
from fuhui.domains.activities.actions.competing import enter_contest, enter_team, withdraw_entry
from fuhui.domains.activities.actions.contests import Event, edit_contest, remove_contest
from fuhui.domains.activities.models import Activity, Contest, Entry, Member
from fuhui.domains.activities.rules.sports import groups_in, groups_words
from fuhui.domains.activities.rules.teams import Competitor, members_in
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tests.test_papers import read
from fuhui.domains.activities.tests.test_sports import BORN, contest, entered, meeting, record
from fuhui.domains.activities.tickets import ticket_of
from fuhui.domains.cases.tests.pages import words
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.racing import as_owner, failures, race

PARALLEL = 20
FOUR = ("李桂芳", "张福来", "刘建国", "于秀梅")
SignIn = Callable[[Viewer], Client]


def relay(town: Town, activity: Activity) -> Contest:
    """A relay of four."""
    return contest(town, activity, "4×50米接力", team_size=4)


def people(*names: str, born: int = BORN) -> list[Competitor]:
    """Competitors of one age."""
    return [Competitor(name=name, born=born) for name in names]


def team(town: Town, event: Contest, name: str = "三号楼队", members: list[Competitor] | None = None) -> Entry:
    """The desk enters a team."""
    with acting(town.sun):
        return enter_team(by=town.sun, activity_id=event.activity_id, contest_id=event.pk, team=name,
                          members=people(*FOUR) if members is None else members)


def changed(town: Town, event: Contest, **more: Any) -> Contest:
    """The desk changes an event."""
    facts: dict[str, Any] = {
        "title": event.title, "measure": event.measure, "lanes": event.lanes, "team_size": event.team_size,
        "groups": "青年组 18-59\n老人组 60以上",
    }
    with acting(town.sun):
        return edit_contest(by=town.sun, activity_id=event.activity_id, contest_id=event.pk,
                            event=Event(**(facts | more)))


def removed(town: Town, event: Contest) -> Contest:
    """The desk takes an event out."""
    with acting(town.sun):
        return remove_contest(by=town.sun, activity_id=event.activity_id, contest_id=event.pk)


def test_a_team_is_written_one_line_a_person() -> None:
    one, two = members_in("李桂芳 1956年 女 19900000021\n\n张福来，1960", agreed=True)
    assert one == Competitor(name="李桂芳", born=1956, sex="female", phone="19900000021", agreed=True)
    assert (two.name, two.born, two.sex) == ("张福来", 1960, "")
    for wrong in ("李桂芳 五六年", "李桂芳 1956 1957", "\n".join(map(str, range(21)))):
        with pytest.raises(BadInput) as error:
            members_in(wrong)
        assert error.value.details["field"] == "members"


def test_groups_are_shown_again_as_they_are_written() -> None:
    for lines in ("青年组 18-59\n老人组 60以上", "女青年组 18-45 女\n男青年组 18-45 男", ""):
        assert groups_words(groups_in(lines)) == lines


@pytest.mark.django_db
def test_a_team_has_named_members_of_one_group_and_one_result(town: Town) -> None:
    event = relay(town, meeting(town))
    ours = team(town, event)
    with acting(town.sun):
        assert sorted(one.name for one in ours.members.all()) == sorted(FOUR)
    assert ours.group == "老人组"
    mixed = [*people("甲", "乙", "丙"), *people("戊", born=BORN + 40)]
    for wrong, said in ((people("甲"), "一队 4 人，现在写了 1 人"), (people("甲", "甲", "乙", "丙"), "甲写了两遍"),
                        (people("甲", "乙", "丙", "丁", born=0), "甲的出生年份"), (mixed, "戊在青年组")):
        with pytest.raises(BadInput, match=said) as error:
            team(town, event, "别的队", wrong)
        assert error.value.details["field"] == "members"
    with pytest.raises(RuleBroken, match="换一个队名"):
        team(town, event, members=people("甲", "乙", "丙", "丁"))
    with pytest.raises(RuleBroken, match="已经报了这个项目"):
        team(town, event, "二队", people("李桂芳", "乙", "丙", "丁"))
    with pytest.raises(RuleBroken, match="按队报"):
        entered(town, event, "甲")
    with pytest.raises(RuleBroken, match="一人一报"):
        team(town, contest(town, event.activity))
    with at(event.activity.starts_at):
        record(town, event, {ours: "1:02.5"})
    with acting(town.sun):
        ours.refresh_from_db()
        assert ours.result == 6250


@pytest.mark.django_db
def test_everybody_of_a_team_counts_one_event_until_it_withdraws(town: Town) -> None:
    activity = meeting(town)
    with acting(town.sun):
        contests.limit_contests(by=town.sun, activity_id=activity.pk, most=1)
    event, single = relay(town, activity), contest(town, activity)
    ours = team(town, event)
    with pytest.raises(RuleBroken, match="于秀梅已经报了 1 项"):
        entered(town, single, "于秀梅")
    with acting(town.sun):
        withdraw_entry(by=town.sun, activity_id=activity.pk, entry_id=ours.pk)
    entered(town, single, "于秀梅")
    with pytest.raises(RuleBroken, match="于秀梅已经报了 1 项"):
        team(town, event)


@pytest.mark.django_db
def test_an_event_is_changed_freely_then_carefully_then_not_at_all(town: Town) -> None:
    event = contest(town, meeting(town))
    assert changed(town, event, title="托球跑", groups="").groups[0]["name"] == "不分组"
    event = changed(town, event, title="夹乒乓球")
    somebody = entered(town, event)
    with pytest.raises(RuleBroken, match="组别和一队几人不能改"):
        changed(town, event, groups="")
    with pytest.raises(RuleBroken, match="组别和一队几人不能改"):
        changed(town, event, team_size=2)
    with pytest.raises(RuleBroken, match="还有 1 个报项"):
        removed(town, event)
    with acting(town.sun):
        contests.draw_heats(by=town.sun, activity_id=event.activity_id, contest_id=event.pk)
    assert changed(town, event, title="夹球", measure="points").seed
    assert changed(town, event, lanes=3).seed is None
    with acting(town.sun):
        somebody.refresh_from_db()
        assert somebody.heat is None
    with at(event.activity.starts_at):
        record(town, event, {somebody: "7"})
        for deed in (changed, removed):
            with pytest.raises(RuleBroken, match="已经记了成绩"):
                deed(town, event)


@pytest.mark.django_db
def test_an_event_that_was_taken_out_is_gone_and_its_name_is_free(town: Town) -> None:
    event = contest(town, meeting(town))
    somebody = entered(town, event)
    with acting(town.sun):
        withdraw_entry(by=town.sun, activity_id=event.activity_id, entry_id=somebody.pk)
    removed(town, event)
    with pytest.raises(NotFound):
        entered(town, event, "张福来")
    again = contest(town, event.activity)
    with pytest.raises(RuleBroken, match="已经有这个项目"):
        changed(town, contest(town, event.activity, "踢毽子"), title=again.title)


@pytest.mark.django_db
def test_the_database_lets_nobody_into_an_event_that_is_gone_nor_takes_one_out_under_people(town: Town) -> None:
    event = contest(town, meeting(town))
    row = entered(town, event)
    with acting(town.sun):
        with pytest.raises(IntegrityError, match="somebody is in"), transaction.atomic():
            Contest.objects.filter(pk=event.pk).update(removed_at=timezone.now())
        with pytest.raises(IntegrityError, match="somebody is in"), transaction.atomic():
            Contest.objects.filter(pk=event.pk).update(team_size=2)
        Member.objects.filter(entry=row).update(withdrawn_at=timezone.now())
        Contest.objects.filter(pk=event.pk).update(removed_at=timezone.now())
        with pytest.raises(IntegrityError, match="taken out"), transaction.atomic():
            Member.objects.filter(entry=row).update(withdrawn_at=None)


@pytest.mark.django_db
def test_a_family_enters_its_relay_from_the_ticket_and_gets_one_award(
    town: Town, signed_in: SignIn, client: Client
) -> None:
    activity = meeting(town)
    event, sun = relay(town, activity), signed_in(town.sun)
    ticket = f"/activities/ticket/{ticket_of(town.place.id, town.sign_up(activity, heads=4).pk)}/"
    assert "一队 4 人" in words(client.get(ticket))
    form = {"do": "enter_team", "contest": str(event.pk), "team": "幸福一家", "agreed": "on"}
    roll = "\n".join(f"{name} {BORN}" for name in FOUR)
    wrong = client.post(ticket, form | {"members": roll.replace(str(BORN), "六零", 1)})
    assert (wrong.status_code, "六零" in words(wrong), "幸福一家" in wrong.content.decode()) == (422, True, True)
    assert "报好了：幸福一家" in words(client.post(ticket, form | {"members": roll}, follow=True))
    others = "\n".join(f"邻居{number} {BORN}" for number in range(4))
    too_many = client.post(ticket, form | {"team": "二队", "members": others})
    assert (too_many.status_code, "是 4 个人" in words(too_many)) == (409, True)
    page = f"/activities/desk/{activity.pk}/sports/"
    sun.post(page, form | {"team": "不写全名队", "members": others, "agreed": ""})
    with acting(town.sun):
        ours = Entry.objects.get(team="幸福一家")
    with at(activity.starts_at):
        assert "记下 1 个" in words(signed_in(town.sun).post(
            page, {"do": "results", "contest": str(event.pk), f"r-{ours.pk}": "58.2"}, follow=True))
        public = words(client.get(f"/activities/{town.place.code}/{activity.pk}/results/"))
        assert all(said in public for said in ("第 1 名", "幸福一家", *FOUR, "不写全名队", "邻*0"))
        assert "邻居0" not in public
        [paper] = read(signed_in(town.sun).get(f"{page}{ours.pk}/award.pdf").content)
        assert all(said in paper for said in ("幸福一家", *FOUR))


@pytest.mark.django_db
def test_sun_changes_and_takes_out_an_event_on_its_page(town: Town, signed_in: SignIn) -> None:
    event, sun = contest(town, meeting(town)), signed_in(town.sun)
    meeting_page = f"/activities/desk/{event.activity_id}/sports/"
    page = f"{meeting_page}event/{event.pk}/"
    assert f"event/{event.pk}/" in sun.get(meeting_page).content.decode()
    form = {"do": "edit", "title": "托球跑", "measure": "time", "lanes": "0", "team_size": "1"}
    wrong = sun.post(page, form)
    assert (wrong.status_code, 'value="托球跑"' in wrong.content.decode()) == (422, True)
    assert "改好了：托球跑" in words(sun.post(page, form | {"lanes": "4"}, follow=True))
    entered(town, event)
    refused = sun.post(page, {"do": "remove"})
    assert (refused.status_code, "还有 1 个报项" in words(refused)) == (409, True)
    with acting(town.sun):
        withdraw_entry(by=town.sun, activity_id=event.activity_id, entry_id=Entry.objects.get().pk)
    assert "托球跑取消了" in words(sun.post(page, {"do": "remove"}, follow=True))
    assert sun.get(page).status_code == 404
    assert signed_in(town.wang).get(page).status_code == 404


def _presses(town: Town, events: list[Contest]) -> list[tuple[Viewer, Callable[[], Any]]]:
    sun, who = town.sun, Competitor(name="李桂芳", born=BORN)
    return [(sun, partial(enter_contest, by=sun, activity_id=one.activity_id, contest_id=one.pk, who=who))
            for one in events]


def _in(town: Town) -> int:
    with acting(town.sun):
        return Member.objects.filter(withdrawn_at=None).count()


def test_one_person_in_twenty_events_at_once_is_in_two(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = meeting(committed)
    events = [contest(committed, activity, f"项目{number}") for number in range(PARALLEL)]
    refused = failures(race(*_presses(committed, events)))
    assert [getattr(one, "code", one) for one in refused] == ["each"] * (PARALLEL - 2)
    assert _in(committed) == 2
    with acting(committed.sun):
        for row in Entry.objects.filter(withdrawn_at=None):
            withdraw_entry(by=committed.sun, activity_id=activity.pk, entry_id=row.pk)
    monkeypatch.setattr(locking, "lock_activity", lambda by, activity_id: Activity.objects.get(pk=activity_id))
    refused = failures(race(*_presses(committed, events)))
    assert [getattr(one, "code", one) for one in refused] == ["each"] * (PARALLEL - 2)
    assert _in(committed) == 2


def test_without_lock_and_trigger_one_person_would_be_in_many_events(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = meeting(committed)
    events = [contest(committed, activity, f"项目{number}") for number in range(PARALLEL)]
    monkeypatch.setattr(locking, "lock_activity", lambda by, activity_id: Activity.objects.get(pk=activity_id))
    with as_owner() as cursor:
        cursor.execute("DROP TRIGGER activities_limit_members ON activities_member")
    race(*_presses(committed, events))
    assert _in(committed) > 2


def _taken_out_while_people_come(town: Town, event: Contest) -> int:
    """Ten enter while ten take the event out; how many are in an event that is gone."""
    sun = town.sun
    ids: dict[str, Any] = {"activity_id": event.activity_id, "contest_id": event.pk}
    come = [(sun, partial(enter_contest, by=sun, who=Competitor(name=f"{event.title}{number}", born=BORN), **ids))
            for number in range(PARALLEL // 2)]
    go = [(sun, partial(remove_contest, by=sun, **ids))] * (PARALLEL // 2)
    refused = failures(race(*(one for pair in zip(come, go, strict=True) for one in pair)))
    # Without the action's lock the database may have to end one of two that wait for each other: it is refused as well.
    codes = {"deadlock" if "deadlock detected" in str(one) else getattr(one, "code", one) for one in refused}
    assert codes <= {"entered", "removed", "contest", "deadlock"}
    with acting(sun):
        return Member.objects.filter(contest=event, withdrawn_at=None, contest__removed_at__isnull=False).count()


def test_nobody_is_in_an_event_that_was_taken_out_meanwhile_and_without_the_triggers_somebody_is(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = meeting(committed)
    monkeypatch.setattr(locking, "lock_activity", lambda by, activity_id: Activity.objects.get(pk=activity_id))
    for number in range(3):
        assert _taken_out_while_people_come(committed, contest(committed, activity, f"守住{number}")) == 0
    with as_owner() as cursor:
        cursor.execute("DROP TRIGGER activities_limit_members ON activities_member")
        cursor.execute("DROP TRIGGER activities_keep_contest ON activities_contest")
    left = [_taken_out_while_people_come(committed, contest(committed, activity, f"没守{number}"))
            for number in range(5)]
    assert sum(left) > 0
