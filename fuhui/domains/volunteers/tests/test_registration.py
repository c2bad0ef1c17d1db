"""Becoming a volunteer and belonging to a team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.registering import change_registration, register_volunteer, set_state
from fuhui.domains.volunteers.actions.teams import ask_to_join, decide_joining, leave_team
from fuhui.domains.volunteers.models import Volunteer
from fuhui.domains.volunteers.queries.teams import members_of_team, teams_for
from fuhui.domains.volunteers.queries.volunteers import volunteer_for, volunteers_for
from fuhui.domains.volunteers.rules.registration import JoiningState, VolunteerState
from fuhui.domains.volunteers.tests.conftest import People, entry, registered
from fuhui.registry.organisations.queries import memberships_for
from fuhui.registry.people.actions import merge_people
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.rows import stamp
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer


def test_lin_registers_herself_and_gets_a_number(people: People, lin: Viewer) -> None:
    with acting(lin):
        row = register_volunteer(by=lin, person_id=people.lin, entry=entry(interests=" 养花 "))
    assert (row.number, row.interests, row.grid_id) == ("370611001038-V00001", "养花", people.community.grids[3])


def test_one_person_with_two_accounts_registers_once(people: People, lin: Viewer, chen: Viewer) -> None:
    registered(people, people.lin)
    for again in (lin, chen):
        with acting(again), pytest.raises(RuleBroken, match="一个人只登记一次"):
            register_volunteer(by=again, person_id=people.lin, entry=entry())


def test_nobody_is_registered_against_their_will(people: People, chen: Viewer) -> None:
    with acting(chen), pytest.raises(BadInput, match="自愿"):
        register_volunteer(by=chen, person_id=people.lin, entry=entry(agreed=False))


def test_lin_cannot_register_her_neighbour(people: People, lin: Viewer) -> None:
    with acting(lin), pytest.raises(NotFound):
        register_volunteer(by=lin, person_id=people.zhou, entry=entry())


def _guardian(**more: Any) -> dict[str, Any]:
    return {"guardian_name": "张伟", "guardian_relation": "father", "guardian_agreed_on": timezone.localdate()} | more


@pytest.mark.parametrize(("said", "words"), [
    ({}, "监护人姓名"), (_guardian(guardian_relation="uncle"), "关系"), (_guardian(guardian_agreed_on=None), "日期"),
    (_guardian(guardian_agreed_on=timezone.localdate() + timedelta(days=1)), "不能晚于今天"),
])
def test_a_minor_needs_a_whole_guardian(people: People, chen: Viewer, said: dict[str, Any], words: str) -> None:
    with acting(chen), pytest.raises(BadInput, match=words):
        register_volunteer(by=chen, person_id=people.xiaoyu, entry=entry(**said))


def test_a_minor_with_a_guardian_serves_and_the_database_minds_it_too(people: People, chen: Viewer) -> None:
    row = registered(people, people.xiaoyu, **_guardian())
    blank = {"guardian_name": "", "guardian_relation": "", "guardian_agreed_on": None}
    with acting(chen), pytest.raises(IntegrityError, match="without a guardian"), transaction.atomic():
        Volunteer.objects.filter(pk=row.pk).update(**blank)


def test_a_child_of_six_and_somebody_of_unknown_age_are_told_what_to_do(people: People, chen: Viewer) -> None:
    with acting(chen):
        with pytest.raises(BadInput, match="未满 8 周岁"):
            register_volunteer(by=chen, person_id=people.doudou, entry=entry(**_guardian()))
        with pytest.raises(BadInput, match="先请网格员在居民档案里补上"):
            register_volunteer(by=chen, person_id=people.he, entry=entry())


@pytest.mark.parametrize(("said", "words"), [
    ({"skills": ["flying"]}, "技能"), ({"free_times": ["8_am"]}, "空闲时间"), ({"interests": "花" * 101}, "100 个字"),
    ({"party_unit": "区税务局党支部"}, "双报到"),
    ({"party_unit": "支部", "party_since": timezone.localdate() + timedelta(days=1)}, "不能晚于今天"),
])
def test_what_cannot_be_is_named(people: People, chen: Viewer, said: dict[str, Any], words: str) -> None:
    with acting(chen), pytest.raises(BadInput, match=words):
        register_volunteer(by=chen, person_id=people.lin, entry=entry(**said))


def test_a_party_member_reports_to_the_community(people: People) -> None:
    row = registered(people, people.lin, party_unit="区税务局党支部", party_since=timezone.localdate())
    assert row.party_unit == "区税务局党支部"


def test_two_who_change_at_once_do_not_overwrite_each_other(people: People, chen: Viewer) -> None:
    row = registered(people, people.lin)
    seen = stamp(row)
    with acting(chen):
        change_registration(by=chen, volunteer_id=row.pk, entry=entry(skills=["repair"]), seen="")
        with pytest.raises(RuleBroken, match="刚刚被别人修改过"):
            change_registration(by=chen, volunteer_id=row.pk, entry=entry(skills=["care"]), seen=seen)
        assert volunteer_for(chen, row.pk).skills == ["repair"]


def test_each_sees_whom_they_work_with(
    people: People, lin: Viewer, zhao: Viewer, qian: Viewer, leader: Viewer, chen: Viewer, outsider: Viewer
) -> None:
    registered(people, people.lin)
    registered(people, people.zhou)
    seen = {}
    for name, viewer in {"lin": lin, "zhao": zhao, "qian": qian, "wu": leader, "chen": chen, "away": outsider}.items():
        with acting(viewer):
            seen[name] = volunteers_for(viewer).count()
    assert seen == {"lin": 1, "zhao": 1, "qian": 0, "wu": 0, "chen": 2, "away": 0}


def test_the_leader_confirms_and_the_organisation_has_a_member(people: People, lin: Viewer, leader: Viewer) -> None:
    row = registered(people, people.lin)
    with acting(lin):
        asked = ask_to_join(by=lin, volunteer_id=row.pk, team_id=people.rainbow)
        with pytest.raises(NotAllowed, match="别人确认"):
            decide_joining(by=lin, joining_id=asked.pk, confirm=True)
        with pytest.raises(RuleBroken, match="不用再申请"):
            ask_to_join(by=lin, volunteer_id=row.pk, team_id=people.rainbow)
    with acting(leader):
        first = decide_joining(by=leader, joining_id=asked.pk, confirm=True)
        again = decide_joining(by=leader, joining_id=asked.pk, confirm=True)
        assert first.membership_id == again.membership_id
        assert [one.person_id for one in memberships_for(leader, people.rainbow)] == [people.lin]
        assert [line.members for line in teams_for(leader, people.community.id)] == [1, 0]
        with pytest.raises(RuleBroken, match="已经有了结果"):
            decide_joining(by=leader, joining_id=asked.pk, confirm=False, reason="晚了")


def test_a_no_has_its_reason_and_a_leaver_comes_back(people: People, lin: Viewer, leader: Viewer) -> None:
    row = registered(people, people.lin)
    with acting(lin):
        asked = ask_to_join(by=lin, volunteer_id=row.pk, team_id=people.rainbow)
    with acting(leader):
        with pytest.raises(BadInput, match="原因"):
            decide_joining(by=leader, joining_id=asked.pk, confirm=False)
        decide_joining(by=leader, joining_id=asked.pk, confirm=False, reason="本期名额已满")
    with acting(lin):
        second = ask_to_join(by=lin, volunteer_id=row.pk, team_id=people.rainbow)
    with acting(leader):
        decide_joining(by=leader, joining_id=second.pk, confirm=True)
    with acting(lin):
        leave_team(by=lin, joining_id=second.pk)
        assert leave_team(by=lin, joining_id=second.pk).state == JoiningState.LEFT
        assert members_of_team(lin, people.rainbow) == []


def test_another_teams_leader_sees_nothing_to_decide(people: People, lin: Viewer, leader: Viewer) -> None:
    row = registered(people, people.lin)
    with acting(lin):
        asked = ask_to_join(by=lin, volunteer_id=row.pk, team_id=people.sunshine)
    with acting(leader), pytest.raises(NotFound):
        decide_joining(by=leader, joining_id=asked.pk, confirm=True)


def test_who_rests_asks_for_no_team(people: People, lin: Viewer) -> None:
    row = registered(people, people.lin)
    with acting(lin):
        set_state(by=lin, volunteer_id=row.pk, state=VolunteerState.PAUSED)
        with pytest.raises(RuleBroken, match="先恢复"):
            ask_to_join(by=lin, volunteer_id=row.pk, team_id=people.rainbow)


def test_merged_persons_keep_one_registration(people: People, chen: Viewer) -> None:
    kept, gone = registered(people, people.lin), registered(people, people.zhou)
    with acting(chen):
        merge_people(by=chen, keep=people.lin, merge=people.zhou, reason="同一人")
        assert volunteer_for(chen, kept.pk).state == VolunteerState.ACTIVE
        assert volunteer_for(chen, gone.pk).state == VolunteerState.ENDED
