"""Registering, correcting, merging, cards, consent, and who sees whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from fuhui.registry.people import actions, queries, registry
from fuhui.registry.people.models import Consent, MergeTrace, Person
from fuhui.registry.people.tests.world import World, community, entry, id_number
from fuhui.shared.audit.models import Entry
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken, StalePage
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return community()


@pytest.fixture
def chen(here: World) -> Viewer:
    return here.staff(Role.SECRETARY)


@pytest.fixture
def zhao(here: World) -> Viewer:
    return here.staff(Role.GRID_WORKER, here.grids[0])


def _register(by: Viewer, here: World, name: str = "王秀英", address: str = "3号楼2单元501", **more: object) -> Person:
    return actions.register_person(by=by, community_id=here.id, entry=entry(name, **more), address=address)


def test_zhao_registers_wang_behind_a_door_of_her_grid(here: World, zhao: Viewer) -> None:
    wang = _register(zhao, here, id_number=id_number(2), phone="199 0000 0001")
    assert (wang.sex, wang.birth_date, wang.phone_tail) == ("female", date(1940, 1, 1), "0001")
    assert queries.person_for(zhao, wang.pk).household.home.room == "501"


def test_number_and_phone_are_not_readable_in_the_table(here: World, chen: Viewer) -> None:
    wang = _register(chen, here, id_number=id_number(2), phone="19900000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM people_person p WHERE id = %s", [wang.pk])
        text = cursor.fetchone()[0]
    assert "19900000001" not in text
    assert id_number(2) not in text
    assert b"19900000001".hex() not in text


def test_reading_them_needs_a_reason_and_leaves_an_entry(here: World, chen: Viewer) -> None:
    wang = _register(chen, here, id_number=id_number(2), phone="19900000001")
    with pytest.raises(BadInput):
        actions.reveal_person(by=chen, person_id=wang.pk, reason="")
    shown = actions.reveal_person(by=chen, person_id=wang.pk, reason="电话随访")
    assert shown == (id_number(2), "19900000001")
    assert Entry.objects.filter(action="people.reveal", subject_id=str(wang.pk)).count() == 1


def test_zhao_does_not_see_another_grid_but_is_warned_of_it(here: World, chen: Viewer, zhao: Viewer) -> None:
    li = _register(chen, here, "李强", "5号楼1单元101", phone="19900000002")
    with pytest.raises(NotFound):
        queries.person_for(zhao, li.pk)
    assert queries.people_for(zhao, community_id=here.id).people == []
    warned = queries.possible_duplicates(zhao, community_id=here.id, name="李强", phone="19900000002")
    assert [(one.person.pk, one.score, one.visible) for one in warned] == [(li.pk, 90, False)]
    with pytest.raises(NotAllowed):
        _register(zhao, here, "周杰", "5号楼1单元102")


@pytest.mark.parametrize("role", [Role.STREET_OFFICER, Role.AUDITOR, Role.RESIDENT, Role.VOLUNTEER])
def test_others_see_nobody(here: World, chen: Viewer, role: Role) -> None:
    _register(chen, here)
    assert queries.people_for(here.staff(role), community_id=here.id).people == []


def test_a_resident_sees_herself_only(here: World, chen: Viewer) -> None:
    wang, li = _register(chen, here), _register(chen, here, "李强")
    me = here.staff(Role.RESIDENT, person_id=wang.pk)
    assert queries.person_for(me, wang.pk).pk == wang.pk
    with pytest.raises(NotFound):
        queries.person_for(me, li.pk)


def test_the_nurse_reads_the_phone_but_not_the_number(here: World, chen: Viewer) -> None:
    wang = _register(chen, here, id_number=id_number(2), phone="19900000001")
    nurse = here.staff(Role.HEALTH_WORKER)
    assert actions.reveal_person(by=nurse, person_id=wang.pk, reason="随访", fields=["phone"]).phone == "19900000001"
    with pytest.raises(NotAllowed):
        actions.reveal_person(by=nurse, person_id=wang.pk, reason="随访")


def test_the_nurse_cannot_filter_by_what_she_does_not_see(here: World, chen: Viewer) -> None:
    wang = _register(chen, here)
    for code in ("low_income", "chronic"):
        actions.add_card(by=chen, person_id=wang.pk, category=code)
    nurse = here.staff(Role.HEALTH_WORKER)
    assert queries.people_for(nurse, community_id=here.id, category="low_income").people == []
    assert len(queries.people_for(nurse, community_id=here.id, category="chronic").people) == 1


def test_another_communitys_person_is_not_found(here: World, chen: Viewer) -> None:
    wang = _register(chen, here)
    there = community("370611001001", "南关社区")
    sun = there.staff()
    with acting(sun):
        assert not Person.objects.filter(pk=wang.pk).exists()
        with pytest.raises(NotFound):
            queries.person_for(sun, wang.pk)


def test_the_same_number_is_refused_and_likeness_warned(here: World, chen: Viewer) -> None:
    _register(chen, here, id_number=id_number(2), phone="19900000001")
    with pytest.raises(RuleBroken) as told:
        _register(chen, here, id_number=id_number(2))
    assert told.value.details["sure"] is True
    with pytest.raises(RuleBroken) as told:
        _register(chen, here, phone="19900000001")
    assert told.value.details["sure"] is False
    made = actions.register_person(
        by=chen, community_id=here.id, entry=entry(phone="19900000001"), accept_duplicates=True
    )
    assert made.name == "王秀英"


@pytest.mark.parametrize(
    "words", ["秀", "王秀英", "0001", "19900000001", "3号楼", "3-2-501", "福惠花园3号楼", "三号楼", "福惠花园 秀"]
)
def test_wang_is_found_by(here: World, chen: Viewer, words: str) -> None:
    wang = _register(chen, here, phone="19900000001")
    _register(chen, here, "李强", "5号楼1单元101", phone="19900000002")
    assert [one.pk for one in queries.people_for(chen, community_id=here.id, words=words).people] == [wang.pk]


def test_paging_by_cursor_shows_everybody_once(
    here: World, chen: Viewer, django_assert_max_num_queries: object
) -> None:
    made = {_register(chen, here, f"王{name}", "").pk for name in "一二三四五六七"}
    seen, after = [], ""
    while True:
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            page = queries.people_for(chen, community_id=here.id, after=after, limit=3)
        seen += [one.pk for one in page.people]
        after = page.after
        if not after:
            break
    assert len(seen) == 7
    assert set(seen) == made
    with pytest.raises(BadInput):
        queries.people_for(chen, community_id=here.id, after="x")


def test_a_stale_page_changes_nothing_and_history_keeps_the_former(here: World, chen: Viewer) -> None:
    wang = _register(chen, here, phone="19900000001")
    actions.correct_person(by=chen, person_id=wang.pk, entry=entry("王秀瑛"), version=1, keep_phone=True)
    with pytest.raises(StalePage):
        actions.correct_person(by=chen, person_id=wang.pk, entry=entry("王秀兰"), version=1)
    kept = Person.objects.get(pk=wang.pk)
    assert (kept.name, kept.version, kept.phone) == ("王秀瑛", 2, "19900000001")
    assert [one["name"] for one in queries.history_of(kept)] == ["王秀英"]


def test_cards_run_once_and_end(here: World, chen: Viewer) -> None:
    wang = _register(chen, here)
    card = actions.add_card(by=chen, person_id=wang.pk, category="elder_alone", since=date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        actions.add_card(by=chen, person_id=wang.pk, category="elder_alone")
    with pytest.raises(BadInput):
        actions.add_card(by=chen, person_id=wang.pk, category="nothing")
    with pytest.raises(BadInput):
        actions.end_card(by=chen, card_id=card.pk, until=date(2025, 1, 1))
    actions.end_card(by=chen, card_id=card.pk)
    assert queries.people_for(chen, community_id=here.id, category="elder_alone").people == []


def test_consent_is_given_withdrawn_and_never_rewritten(here: World, chen: Viewer) -> None:
    wang = _register(chen, here)
    line = actions.record_consent(by=chen, person_id=wang.pk, purpose="health", version="2026-01", channel="paper")
    actions.withdraw_consent(by=chen, person_id=wang.pk, purpose="health", channel="phone")
    with pytest.raises(RuleBroken):
        actions.withdraw_consent(by=chen, person_id=wang.pk, purpose="health", channel="phone")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=line.pk).update(purpose="publish")


def test_a_childs_consent_needs_a_guardian(here: World, chen: Viewer) -> None:
    child = _register(chen, here, "王小宝", birth="2020-01-01")
    with pytest.raises(BadInput):
        actions.record_consent(by=chen, person_id=child.pk, purpose="registry", version="1", channel="paper")


def test_merging_moves_everything_and_leaves_a_trace(
    here: World, chen: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[tuple[object, object]] = []

    def move(*, by: Viewer, community_id: UUID, kept: UUID, merged: UUID) -> dict[str, object]:
        moved.append((kept, merged))
        return {"n": 1}

    monkeypatch.setitem(registry._movers, "cases", move)
    kept = _register(chen, here, birth="1940-01-01")
    other = _register(chen, here, "王秀瑛", id_number=id_number(2), phone="19900000001")
    actions.add_card(by=chen, person_id=other.pk, category="low_income")
    actions.record_consent(by=chen, person_id=other.pk, purpose="contact", version="1", channel="paper")
    actions.merge_people(by=chen, keep=kept.pk, merge=other.pk, reason="入户核实")
    found = queries.person_for(chen, other.pk)
    assert found.pk == kept.pk
    assert moved == [(kept.pk, other.pk)]
    assert [card.category.code for card in queries.cards_of(found)] == ["low_income"]
    assert len(queries.consents_of(found)) == 1
    assert actions.reveal_person(by=chen, person_id=kept.pk, reason="核对") == (id_number(2), "19900000001")
    trace = MergeTrace.objects.get()
    assert set(trace.moved) >= {"cards", "filled", "consents", "formerly_merged", "cases"}


def test_the_database_refuses_a_chain_of_merges(here: World, chen: Viewer) -> None:
    kept, other, third = _register(chen, here), _register(chen, here, "王英"), _register(chen, here, "王瑛")
    actions.merge_people(by=chen, keep=kept.pk, merge=other.pk, reason="入户核实")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=kept.pk).update(status="merged", merged_into=other.pk)
    actions.merge_people(by=chen, keep=third.pk, merge=kept.pk, reason="入户核实")
    assert queries.person_for(chen, other.pk).pk == third.pk


def test_two_different_numbers_are_two_people(here: World, chen: Viewer) -> None:
    one, two = _register(chen, here, id_number=id_number(2)), _register(chen, here, "王英", id_number=id_number(4))
    with pytest.raises(RuleBroken):
        actions.merge_people(by=chen, keep=one.pk, merge=two.pk, reason="看着像")


def test_no_row_points_into_another_community(here: World, chen: Viewer) -> None:
    wang = _register(chen, here)
    there = community("370611001001", "南关社区")
    with acting(there.staff()), pytest.raises(IntegrityError):
        _register_into(there, wang.household_id)


@transaction.atomic
def _register_into(there: World, household_id: UUID | None) -> None:
    Person.objects.create(community_id=there.id, name="张三", household_id=household_id)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
