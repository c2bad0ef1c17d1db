"""Repeats: suggested with evidence, decided by a person, taken back, and everybody kept informed."""

from __future__ import annotations

import pytest

from fuhui.domains.cases.actions.handling import solve_case, take_case
from fuhui.domains.cases.actions.merging import Part, dismiss_suggestion, merge_case, split_case, unmerge_case
from fuhui.domains.cases.models import Case, MergeSuggestion
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place

from .conftest import Enter

pytestmark = pytest.mark.django_db


def test_the_same_lamp_is_suggested_and_the_lamp_next_door_is_not(entered: Enter, zhao: Viewer, chen: Viewer) -> None:
    first = entered(chen, "3号楼2单元楼道灯不亮了")
    entered(chen, "5号楼1单元楼道灯不亮了")
    again = entered(chen, "3号楼2单元楼道灯还是黑的，老人看不见路")
    with acting(chen):
        found = list(MergeSuggestion.objects.filter(case=again))
    assert [row.main_id for row in found] == [first.id]
    assert found[0].evidence[0]


def test_reporters_of_a_merged_case_hear_of_the_main_one(
    community: Place, entered: Enter, zhao: Viewer, wang: Viewer
) -> None:
    main = entered(zhao, "3号楼2单元楼道灯不亮了")
    repeat = entered(zhao, "3号楼2单元楼道灯还是黑的", account=wang.account_id)
    with acting(zhao):
        merge_case(by=zhao, case_id=repeat.id, main_id=main.id)
        take_case(by=zhao, case_id=main.id)
        solve_case(by=zhao, case_id=main.id, note="灯管已换")
        told = list(Message.objects.filter(to_account=wang.account_id).values_list("title", flat=True))
        assert Case.objects.get(pk=main.pk).reporter_count == 2
    assert "您反映的事有结果了" in told


def test_a_merge_is_taken_back(entered: Enter, zhao: Viewer) -> None:
    main, repeat = entered(zhao, "3号楼2单元楼道灯不亮了"), entered(zhao, "7号楼井盖裂了")
    with acting(zhao):
        merge_case(by=zhao, case_id=repeat.id, main_id=main.id)
        alone = unmerge_case(by=zhao, case_id=repeat.id, note="不是同一件")
        assert Case.objects.get(pk=main.pk).reporter_count == 1
    assert (alone.state, alone.main_case_id) == ("accepted", None)


def test_merging_a_main_case_carries_its_repeats_along_and_back(entered: Enter, zhao: Viewer) -> None:
    first, second, third = (entered(zhao, f"3号楼{number}单元灯不亮") for number in (1, 2, 3))
    with acting(zhao):
        merge_case(by=zhao, case_id=second.id, main_id=first.id)
        merge_case(by=zhao, case_id=first.id, main_id=third.id)
        assert set(Case.objects.filter(main_case=third).values_list("id", flat=True)) == {first.id, second.id}
        assert Case.objects.get(pk=third.pk).reporter_count == 3
        unmerge_case(by=zhao, case_id=first.id, note="分开办")
        assert Case.objects.get(pk=second.pk).main_case_id == first.id


def test_a_case_is_not_merged_into_itself_nor_into_one_that_has_ended(entered: Enter, zhao: Viewer) -> None:
    from fuhui.domains.cases.actions.closing import answer_now

    case, ended = entered(zhao), entered(zhao, "请问几点开门")
    with acting(zhao):
        answer_now(by=zhao, case_id=ended.id, note="八点半")
        with pytest.raises(BadInput, match="自己"):
            merge_case(by=zhao, case_id=case.id, main_id=case.id)
        with pytest.raises(RuleBroken, match="已经结束"):
            merge_case(by=zhao, case_id=case.id, main_id=ended.id)


def test_not_the_same_is_remembered(entered: Enter, zhao: Viewer, chen: Viewer) -> None:
    entered(chen, "3号楼2单元楼道灯不亮了")
    again = entered(chen, "3号楼2单元楼道灯还是黑的")
    with acting(chen):
        row = MergeSuggestion.objects.get(case=again)
        assert dismiss_suggestion(by=chen, suggestion_id=row.id).decision == "dismissed"


def test_two_matters_in_one_message_become_two_cases(entered: Enter, zhao: Viewer) -> None:
    case = entered(zhao, "3号楼灯不亮，另外7号楼垃圾没人收")
    with acting(zhao):
        made = split_case(by=zhao, case_id=case.id, parts=[Part("垃圾没人收", "7号楼垃圾没人收")])
        assert made[0].reporters.count() == 1
        with pytest.raises(BadInput):
            split_case(by=zhao, case_id=case.id, parts=[Part("", " ")])
    assert made[0].split_from_id == case.id
