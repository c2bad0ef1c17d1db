"""A sports meeting: events with groups by age, entries, a draw that can be repeated, results, awards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from fuhui.domains.activities.actions import competing, contests, locking
from fuhui.domains.activities.actions.competing import enter_contest, record_results
from fuhui.domains.activities.actions.contests import Event, add_contest
from fuhui.domains.activities.models import Activity, Contest, Entry, Member
from fuhui.domains.activities.rules.sports import draw, groups_in, ranks, result_in, result_words
from fuhui.domains.activities.rules.teams import Competitor
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tests.test_papers import read
from fuhui.domains.activities.tickets import ticket_of
from fuhui.domains.cases.tests.pages import words
from fuhui.registry.people.models import Person
from fuhui.shared.audit.models import Entry as AuditEntry
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.racing import as_owner, failures, race

MOST_STATEMENTS = 10  # of the page, its scope and its session
BORN = timezone.localdate().year - 65


def meeting(town: Town) -> Activity:
    """A sports meeting of tomorrow."""
    return town.open_activity(30, title="金秋趣味运动会", kind="sports", place="小学操场")


def contest(town: Town, activity: Activity, title: str = "夹乒乓球", **more: Any) -> Contest:
    """An event against the clock, six at once, in two groups."""
    facts: dict[str, Any] = {"measure": "time", "lanes": 6, "groups": "青年组 18-59\n老人组 60以上"}
    with acting(town.sun):
        return add_contest(by=town.sun, activity_id=activity.pk, event=Event(title=title, **(facts | more)))


def entered(town: Town, event: Contest, name: str = "李桂芳", born: int = BORN, **more: Any) -> Entry:
    """The desk enters somebody."""
    with acting(town.sun):
        return enter_contest(by=town.sun, activity_id=event.activity_id, contest_id=event.pk,
                             who=Competitor(name=name, born=born, **more))


def record(town: Town, event: Contest, results: dict[Entry, str]) -> int:
    """The desk writes results down on the day."""
    with acting(town.sun):
        return record_results(by=town.sun, activity_id=event.activity_id, contest_id=event.pk,
                              results={one.pk: result for one, result in results.items()})


def test_groups_are_read_and_two_that_take_the_same_person_are_refused() -> None:
    old, women = groups_in("老人组 60以上；女青年组 18-45 女\n")
    assert (old.youngest, old.oldest, women.sex) == (60, 120, "female")
    assert len(groups_in("男子组 18-45 男\n女子组 18-45女")) == 2
    assert groups_in("")[0].takes(3, "")
    for wrong in ("老人组", "老人组 60-50", "甲 1-20\n乙 20-30", "甲 1-20\n乙 10-30女", "甲 1-9\n甲 10-19", "甲 1-999"):
        with pytest.raises(BadInput):
            groups_in(wrong)


def test_a_draw_is_repeated_by_its_seed_and_heats_are_even() -> None:
    people = [new_id() for _ in range(13)]
    first = draw({"甲": people}, seed=123456, lanes=6)
    assert first == draw({"甲": people[::-1]}, seed=123456, lanes=6)
    assert first != draw({"甲": people}, seed=123457, lanes=6)
    sizes = sorted(sum(slot.heat == heat for slot in first.values()) for heat in (1, 2, 3))
    assert (sizes, len(set(first.values())), max(slot.lane for slot in first.values())) == ([4, 4, 5], 13, 5)


@pytest.mark.parametrize(("typed", "measure", "found", "shown"), [
    ("12.35", "time", 1235, "12.35 秒"), ("1:02.5", "time", 6250, "1:02.50"), ("2.15", "length", 215, "2.15 米"),
    ("30米", "length", 3000, "30 米"), ("7", "points", 700, "7 分"),
])
def test_results_are_read_and_shown(typed: str, measure: str, found: int, shown: str) -> None:
    assert (result_in(typed, measure), result_words(found, measure)) == (found, shown)
    assert result_in("弃权", measure) is None
    for wrong in ("很快", "1:75", "-3", "1e9", "12.345"):
        with pytest.raises(BadInput):
            result_in(wrong, measure)


def test_equal_results_share_a_place_and_the_next_is_left_out() -> None:
    a, b, c, d = people = [new_id() for _ in range(4)]
    results = list(zip(people, [900, 1000, 1000, 1100], strict=True))
    assert ranks(results, "time") == {a: 1, b: 2, c: 2, d: 4}
    assert ranks(results, "points") == {d: 1, b: 2, c: 2, a: 4}


@pytest.mark.django_db
def test_age_comes_from_the_register_else_as_typed_and_decides_the_group(town: Town) -> None:
    event = contest(town, meeting(town))
    assert (entered(town, event, "李桂芳").group, entered(town, event, "小张", BORN + 40).group) == ("老人组", "青年组")
    with acting(town.sun):
        Person.objects.create(community_id=town.place.id, name="王秀英", birth_date=date(BORN, 5, 1),
                              phone="19900000033", phone_index=_phone("19900000033"))
    known = entered(town, event, "王秀英", 0, phone="19900000033")
    with acting(town.sun):
        assert known.members.get().born == BORN
    for born, code in ((0, "born"), (BORN + 60, "group"), (1800, "born")):
        with pytest.raises(BadInput) as error:
            entered(town, event, "小明", born)
        assert error.value.code == code
    by_sex = contest(town, event.activity, "拔河", groups="女子组 18以上 女")
    with pytest.raises(BadInput):
        entered(town, by_sex, "李桂芳")
    assert entered(town, by_sex, "李桂芳", sex="female").group == "女子组"


def _phone(number: str) -> bytes:
    from fuhui.registry.people.queries.people import phone_index_of

    return phone_index_of(number)


@pytest.mark.django_db
def test_nobody_is_in_an_event_twice_or_in_more_than_the_limit(town: Town) -> None:
    activity = meeting(town)
    first, second, third = (contest(town, activity, title) for title in ("夹乒乓球", "踢毽子", "钓鱼"))
    mine = entered(town, first)
    with pytest.raises(RuleBroken, match="已经报了这个项目"):
        entered(town, first)
    entered(town, second)
    with pytest.raises(RuleBroken, match="每人最多 2 项"):
        entered(town, third)
    with acting(town.sun):
        competing.withdraw_entry(by=town.sun, activity_id=activity.pk, entry_id=mine.pk)
    entered(town, third)
    with acting(town.sun):
        contests.limit_contests(by=town.sun, activity_id=activity.pk, most=3)
    entered(town, first)
    with pytest.raises(RuleBroken):
        contest(town, activity, "钓鱼")
    with pytest.raises(RuleBroken):
        contest(town, town.open_activity())


@pytest.mark.django_db
def test_only_the_desk_and_those_who_are_signed_up_enter_and_only_the_desk_draws(town: Town) -> None:
    activity = meeting(town)
    event = contest(town, activity)
    facts: dict[str, Any] = {"activity_id": activity.pk, "contest_id": event.pk}
    with acting(town.wang):
        with pytest.raises(NotFound):
            enter_contest(by=town.wang, who=Competitor(name="王秀兰", born=BORN), **facts)
        for deed in (contests.draw_heats, lambda **given: record_results(results={}, **given)):
            with pytest.raises(NotAllowed):
                deed(by=town.wang, **facts)
    signup = town.sign_up(activity, "王秀兰", by=town.wang)
    with acting(town.wang):
        enter_contest(by=town.wang, signup_id=signup.pk, who=Competitor(name="王秀兰", born=BORN), **facts)
        with pytest.raises(RuleBroken, match="1 个人"):
            enter_contest(by=town.wang, signup_id=signup.pk, who=Competitor(name="别人", born=BORN), **facts)


@pytest.mark.django_db
def test_from_the_ticket_to_the_award_on_the_pages(
    town: Town, signed_in: Callable[[Viewer], Client], client: Client
) -> None:
    activity = meeting(town)
    sun, page = signed_in(town.sun), f"/activities/desk/{activity.pk}/sports/"
    new = {"do": "add", "title": "夹乒乓球", "measure": "time", "lanes": "2", "groups": "老人组 六十"}
    wrong = sun.post(page, new)
    assert (wrong.status_code, "老人组 六十" in wrong.content.decode()) == (422, True)
    assert "加好了" in words(sun.post(page, new | {"groups": "老人组 60以上"}, follow=True))
    with acting(town.sun):
        event = Contest.objects.get()
    signup = town.sign_up(activity, heads=2)
    ticket = f"/activities/ticket/{ticket_of(town.place.id, signup.pk)}/"
    form = {"do": "enter", "contest": str(event.pk), "name": "李桂芳", "born": "五六年"}
    refused = client.post(ticket, form)
    assert (refused.status_code, "例如 1956" in words(refused)) == (422, True)
    assert "报好了" in words(client.post(ticket, form | {"born": str(BORN)}, follow=True))
    assert client.post(ticket, form | {"born": str(BORN)}).status_code == 409
    for name in ("张福来", "刘建国"):
        sun.post(page, form | {"name": name, "born": str(BORN), "agreed": "on"})
    assert "抽好了，3 个" in words(sun.post(page, {"do": "draw", "contest": str(event.pk)}, follow=True))
    assert "道" in words(client.get(ticket))
    assert "已经抽签" in words(client.post(ticket, form | {"name": "李小妹", "born": str(BORN)}))
    with at(activity.starts_at + timedelta(minutes=5)):
        sun = signed_in(town.sun)
        with acting(town.sun):
            rows = {one.name: one for one in Entry.objects.all()}
        sent = {"do": "results", "contest": str(event.pk)} | {f"r-{one.pk}": "12.5" for one in rows.values()}
        bad = sun.post(page, sent | {f"r-{rows['刘建国'].pk}": "很快"})
        assert (bad.status_code, "刘建国：" in words(bad), 'value="12.5"' in bad.content.decode()) == (422, True, True)
        with acting(town.sun):
            assert not Entry.objects.filter(result__isnull=False).exists()
        assert "记下 3 个" in words(sun.post(page, sent | {f"r-{rows['刘建国'].pk}": "弃权"}, follow=True))
        public = words(client.get(f"/activities/{town.place.code}/{activity.pk}/results/"))
        assert "李桂芳" not in public
        assert all(said in public for said in ("李*芳", "张福来", "弃权"))
        assert public.count("第 1 名") == 2
        assert public.rindex("第 1 名") < public.index("刘建国")
        assert sun.post(page, {"do": "draw", "contest": str(event.pk)}).status_code == 409
        award = sun.get(f"{page}{rows['李桂芳'].pk}/award.pdf")
        [paper] = read(award.content)
        for said in ("李桂芳", "第一名", "夹乒乓球", "老人组", "12.50秒", "金秋趣味运动会", "福惠社区"):
            assert said in paper
        assert sun.get(f"{page}{rows['刘建国'].pk}/award.pdf").status_code == 409
        assert signed_in(town.wang).get(f"{page}{rows['李桂芳'].pk}/award.pdf").status_code == 404
    with acting(town.sun):
        actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"activities.enter_contest", "activities.draw", "activities.results", "activities.award"} <= actions


@pytest.mark.django_db
def test_pages_answer_nonsense_with_a_reason(town: Town, signed_in: Callable[[Viewer], Client], client: Client) -> None:
    activity, lecture = meeting(town), town.open_activity()
    event, sun, page = contest(town, activity), signed_in(town.sun), f"/activities/desk/{activity.pk}/sports/"
    for sent in ({"do": "x"}, {"do": "add"}, {"do": "enter"}, {"do": "enter", "contest": "x"}, {"do": "draw"},
                 {"do": "enter", "contest": str(new_id()), "name": "a", "born": "1956"}, {"do": "limit", "each": "99"},
                 {"do": "withdraw", "entry": str(new_id())}, {"do": "draw", "contest": str(event.pk)},
                 {"do": "results", "contest": str(event.pk), "r-x": "1"},
                 {"do": "add", "title": "跳绳", "measure": "x", "lanes": "1"},
                 {"do": "add", "title": "跳绳", "measure": "time", "lanes": "0"}):
        assert sun.post(page, sent).status_code in {404, 409, 422}, sent
    assert sun.get(f"/activities/desk/{lecture.pk}/sports/").status_code == 404
    assert client.get(f"/activities/{town.place.code}/{lecture.pk}/results/").status_code == 404


@pytest.mark.django_db
def test_the_database_keeps_one_person_a_lane_and_no_absent_one_with_a_result(town: Town) -> None:
    event = contest(town, meeting(town))
    one, two = entered(town, event), entered(town, event, "张福来")
    with acting(town.sun):
        with pytest.raises(IntegrityError, match="one_outcome"), transaction.atomic():
            Entry.objects.filter(pk=one.pk).update(result=1, absent=True)
        with pytest.raises(IntegrityError, match="slot"), transaction.atomic():
            Entry.objects.filter(pk=one.pk).update(heat=1)
        with pytest.raises(IntegrityError, match="entry_lane"), transaction.atomic():
            _both_in_lane_one(one, two)


def _both_in_lane_one(*rows: Entry) -> None:
    Entry.objects.filter(pk__in=[one.pk for one in rows]).update(heat=1, lane=1)
    connection.check_constraints()


def test_twenty_presses_are_one_entry_and_without_lock_and_index_they_are_not(
    committed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = contest(committed, meeting(committed))
    sun = committed.sun
    press = (sun, lambda: enter_contest(by=sun, activity_id=event.activity_id, contest_id=event.pk,
                                        who=Competitor(name="李桂芳", born=BORN)))
    refused = failures(race(*[press] * 20))
    assert [getattr(one, "code", one) for one in refused] == ["again"] * 19
    monkeypatch.setattr(locking, "lock_activity", lambda by, activity_id: Activity.objects.get(pk=activity_id))
    other = contest(committed, event.activity, "踢毽子")
    free = (sun, lambda: enter_contest(by=sun, activity_id=event.activity_id, contest_id=other.pk,
                                       who=Competitor(name="李桂芳", born=BORN)))
    race(*[free] * 20)
    with acting(sun):
        assert Entry.objects.filter(contest=other).count() == 1
    with as_owner() as cursor:
        cursor.execute("DROP INDEX activities_member_once")
    race(*[free] * 20)
    with acting(sun):
        assert Member.objects.filter(contest=other).count() > 2


@pytest.mark.django_db
def test_pages_of_a_meeting_with_fifty_entries_ask_the_database_little(
    town: Town, signed_in: Callable[[Viewer], Client], client: Client, django_assert_max_num_queries: Any
) -> None:
    activity = meeting(town)
    for title in ("夹乒乓球", "踢毽子"):
        event = contest(town, activity, title)
        for number in range(25):
            entered(town, event, f"居民{number}")
    ticket = ticket_of(town.place.id, town.sign_up(activity).pk)
    sun = signed_in(town.sun)
    for who, page in ((sun, f"/activities/desk/{activity.pk}/sports/"), (client, f"/activities/ticket/{ticket}/"),
                      (client, f"/activities/{town.place.code}/{activity.pk}/results/")):
        who.get(page)
        with django_assert_max_num_queries(MOST_STATEMENTS):
            assert who.get(page).status_code == 200
