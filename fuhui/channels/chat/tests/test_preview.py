"""What a grid worker does with the group's messages: look, regroup, correct, make, throw away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fuhui.channels.chat import actions, queries
from fuhui.channels.chat.actions import Pasted
from fuhui.channels.chat.models import ChatBatch, ChatCorrection, ChatDraft, ChatMessage
from fuhui.channels.chat.rules import BatchState, DraftState
from fuhui.domains.cases.models import Case, CaseReporter, CaseStep
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken, StalePage
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place, moment

TALK = """王阿姨 2026-03-12 08:54
3号楼2单元二楼的灯又不亮了，昨天我差点摔一跤

李大爷 2026-03-12 08:55
大家早上好[微笑]

赵敏网格员 2026-03-12 08:58
收到，3号楼的灯马上联系物业

孙姐 2026-03-12 09:20
7号楼东边的垃圾桶满了好几天没人倒，臭得很

王阿姨 2026-03-12 18:02
3号楼的灯修好了，谢谢网格员
"""
LATER = TALK + """
周师傅 2026-03-12 19:10
3号楼2单元二楼的灯怎么又灭了
"""
DANGER = """王阿姨 2026-03-12 08:54
7号楼着火了，三楼往外冒浓烟，快来人啊！！
"""


def paste(by: Viewer, place: Place, text: str = TALK, grid: int | None = 3, **more: Any) -> ChatBatch:
    """Pastes a text into the box of a grid."""
    grid_id = place.grids[grid] if grid else None
    with acting(by):
        return actions.read_batch(by=by, community_id=place.id, pasted=Pasted(text, grid_id=grid_id, **more))


def draft_about(batch: ChatBatch, word: str) -> ChatDraft:
    """The proposed case whose first message holds a word."""
    for draft in ChatDraft.objects.filter(batch=batch):
        if any(word in message.text for message in draft.messages.order_by("position")[:1]):
            return draft
    raise AssertionError(word)


@pytest.fixture
def batch(zhao: Viewer, community: Place, inside: Viewer) -> ChatBatch:
    """Zhao has pasted the talk of her grid."""
    return paste(zhao, community)


def test_zhao_sees_two_matters_and_leaves_greetings_alone(batch: ChatBatch, zhao: Viewer) -> None:
    lamp, rubbish = draft_about(batch, "灯"), draft_about(batch, "垃圾")
    assert (lamp.category_code, rubbish.category_code) != ("", "")
    assert "3号楼" in lamp.place_text
    assert "7号楼" in rubbish.place_text
    greeting = ChatMessage.objects.get(batch=batch, position=1)
    assert (greeting.kind, greeting.draft_id) == ("chat", None)


def test_one_tap_makes_the_cases_with_voices_answers_and_words_of_solution(batch: ChatBatch, zhao: Viewer) -> None:
    made = actions.make_cases(by=zhao, batch_id=batch.id)
    assert (made.made, made.linked) == (2, 0)
    lamp = Case.objects.get(text__contains="灯")
    assert lamp.received_at == moment("2026-03-12 08:54")
    assert lamp.replied_at == moment("2026-03-12 08:58"), "the answer in the group is the first reply"
    notes = list(CaseStep.objects.filter(case=lamp).order_by("id").values_list("step", "note"))
    assert any(step == "reply" and "马上联系物业" in note for step, note in notes)
    assert CaseStep.objects.filter(case=lamp, data__says_solved=True).exists()
    assert CaseReporter.objects.filter(case=lamp, is_first=True).get().name == "王阿姨"


def test_pressing_twice_makes_nothing_twice(batch: ChatBatch, zhao: Viewer) -> None:
    first = actions.make_cases(by=zhao, batch_id=batch.id, version=batch.version)
    second = actions.make_cases(by=zhao, batch_id=batch.id, version=batch.version)
    assert (first.made, first.linked) == (second.made, second.linked)
    assert Case.objects.count() == first.made


def test_a_paste_that_overlaps_only_brings_what_is_new_and_goes_on_with_the_case(
    batch: ChatBatch, zhao: Viewer, community: Place
) -> None:
    actions.make_cases(by=zhao, batch_id=batch.id)
    again = paste(zhao, community, LATER)
    assert (again.counts["kept"], again.counts["repeats"]) == (1, 5)
    draft = ChatDraft.objects.get(batch=again)
    lamp = Case.objects.get(text__contains="灯")
    assert (draft.existing_case_id, draft.joins) == (lamp.id, True)
    made = actions.make_cases(by=zhao, batch_id=again.id)
    assert (made.made, made.linked) == (0, 1)
    assert Case.objects.count() == 2
    assert CaseReporter.objects.filter(case=lamp, name="周师傅").exists()


def test_thanks_that_come_with_the_next_paste_say_that_the_case_is_solved(
    zhao: Viewer, community: Place, inside: Viewer
) -> None:
    actions.make_cases(by=zhao, batch_id=paste(zhao, community, TALK[:TALK.index("王阿姨 2026-03-12 18:02")]).id)
    again = paste(zhao, community)
    assert again.counts["kept"] == 1
    assert actions.make_cases(by=zhao, batch_id=again.id).linked == 1
    lamp = Case.objects.get(text__contains="灯")
    assert "修好了" not in lamp.text
    assert CaseStep.objects.filter(case=lamp, data__says_solved=True).count() == 1


def test_a_neighbour_who_reports_the_same_lamp_is_added_and_a_fire_never_is(
    batch: ChatBatch, zhao: Viewer, community: Place
) -> None:
    actions.make_cases(by=zhao, batch_id=batch.id)
    near = paste(zhao, community, "周师傅 2026-03-13 07:10\n3号楼2单元二楼的灯又不亮了，黑得很\n")
    draft = ChatDraft.objects.get(batch=near)
    assert draft.existing_case == Case.objects.get(text__contains="灯")
    assert draft.joins
    actions.make_cases(by=zhao, batch_id=paste(zhao, community, DANGER).id)
    fire = paste(zhao, community, DANGER.replace("03-12", "03-14"))
    again = ChatDraft.objects.get(batch=fire)
    assert again.is_urgent
    assert not again.joins, "a fire two days later is another fire"


def test_the_same_text_again_leads_to_the_earlier_paste(batch: ChatBatch, zhao: Viewer, community: Place) -> None:
    with pytest.raises(BadInput) as refused:
        paste(zhao, community)
    assert refused.value.code == "nothing_new"
    assert refused.value.details["batch"] == str(batch.id)
    assert ChatBatch.objects.count() == 1


def test_a_repeat_can_be_separated_into_its_own_case(batch: ChatBatch, zhao: Viewer, community: Place) -> None:
    actions.make_cases(by=zhao, batch_id=batch.id)
    again = paste(zhao, community, LATER)
    draft = ChatDraft.objects.get(batch=again)
    actions.join_existing(by=zhao, batch_id=again.id, draft_id=draft.id, joins=False)
    assert actions.make_cases(by=zhao, batch_id=again.id).made == 1
    assert Case.objects.count() == 3


def test_zhao_regroups_and_every_change_is_kept_as_an_example(batch: ChatBatch, zhao: Viewer) -> None:
    lamp, rubbish = draft_about(batch, "灯"), draft_about(batch, "垃圾")
    greeting = ChatMessage.objects.get(batch=batch, position=1)
    actions.regroup_messages(by=zhao, batch_id=batch.id, message_ids=[greeting.id], target=str(lamp.id))
    greeting.refresh_from_db()
    assert (greeting.draft_id, greeting.decided_kind) == (lamp.id, "detail")
    own = actions.regroup_messages(by=zhao, batch_id=batch.id, message_ids=[greeting.id], target="new")
    assert own is not None
    assert own.state == DraftState.PROPOSED
    actions.regroup_messages(by=zhao, batch_id=batch.id, message_ids=[greeting.id], target="chat")
    own.refresh_from_db()
    assert own.state == DraftState.DROPPED, "a case without messages is dropped by itself"
    actions.edit_draft(by=zhao, batch_id=batch.id, draft_id=rubbish.id, title="垃圾桶满溢", category_code="environment",
                       place_text="7号楼东", is_urgent=False, grid_id=None)
    actions.merge_drafts(by=zhao, batch_id=batch.id, draft_id=rubbish.id, into_id=lamp.id)
    actions.drop_draft(by=zhao, batch_id=batch.id, draft_id=lamp.id)
    actions.restore_draft(by=zhao, batch_id=batch.id, draft_id=lamp.id)
    made = actions.make_cases(by=zhao, batch_id=batch.id)
    assert made.made == 1
    kinds = set(ChatCorrection.objects.values_list("what", flat=True))
    assert {"group", "edit", "merge", "drop", "restore", "accept"} <= kinds


def test_examples_hide_private_words_and_cannot_be_changed(zhao: Viewer, community: Place, inside: Viewer) -> None:
    batch = paste(zhao, community, "王阿姨 2026-03-12 08:54\n3号楼灯坏了，联系我19900001234\n")
    actions.make_cases(by=zhao, batch_id=batch.id)
    example = ChatCorrection.objects.get()
    assert "19900001234" not in example.text
    with pytest.raises(Exception, match=r"append|只能|refuse|不能"), transaction.atomic():
        ChatCorrection.objects.filter(pk=example.pk).update(text="x")


def test_danger_comes_first_and_says_which_number_to_dial(
    zhao: Viewer, community: Place, signed_in: Any, inside: Viewer
) -> None:
    batch = paste(zhao, community, TALK + DANGER.replace("08:54", "20:00"))
    page = signed_in(zhao).get(f"/chat/{batch.id}/")
    cards = page.context["cards"]
    assert cards[0]["urgent"]
    assert "tel:119" in page.content.decode()
    assert not cards[1]["urgent"]


def test_the_preview_needs_at_most_ten_statements(
    batch: ChatBatch, zhao: Viewer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(zhao)
    with django_assert_max_num_queries(10):
        assert browser.get(f"/chat/{batch.id}/").status_code == 200


def test_box_and_result_need_at_most_ten_statements(
    batch: ChatBatch, zhao: Viewer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    actions.make_cases(by=zhao, batch_id=batch.id)
    browser = signed_in(zhao)
    browser.get("/chat/")
    with django_assert_max_num_queries(10):
        assert browser.get("/chat/").status_code == 200
    with django_assert_max_num_queries(10):
        page = browser.get(f"/chat/{batch.id}/result/")
    number = Case.objects.get(text__contains="灯").number
    assert number in page.content.decode()


def test_qian_of_the_other_grid_and_the_neighbours_secretary_see_nothing(
    batch: ChatBatch, qian: Viewer, outsider: Viewer, signed_in: Any
) -> None:
    for stranger in (qian, outsider):
        assert signed_in(stranger).get(f"/chat/{batch.id}/").status_code == 404
        with acting(stranger), pytest.raises(NotFound):
            actions.make_cases(by=stranger, batch_id=batch.id)


def test_zhao_may_not_paste_another_grids_group_and_wang_none(
    zhao: Viewer, wang: Viewer, community: Place, inside: Viewer
) -> None:
    with pytest.raises(NotAllowed):
        paste(zhao, community, grid=5)
    with pytest.raises(NotAllowed):
        paste(zhao, community, group_name="福惠社区第5网格群")
    with pytest.raises(NotAllowed):
        paste(wang, community)


def test_a_stale_page_changes_nothing(batch: ChatBatch, zhao: Viewer) -> None:
    greeting = ChatMessage.objects.get(batch=batch, position=1)
    lamp = draft_about(batch, "灯")
    actions.regroup_messages(by=zhao, batch_id=batch.id, message_ids=[greeting.id], target=str(lamp.id), version=1)
    with pytest.raises(StalePage):
        actions.make_cases(by=zhao, batch_id=batch.id, version=1)
    assert not Case.objects.exists()


def test_a_paste_thrown_away_is_deleted_and_can_be_pasted_again(
    batch: ChatBatch, zhao: Viewer, community: Place
) -> None:
    actions.drop_batch(by=zhao, batch_id=batch.id)
    batch.refresh_from_db()
    assert (batch.raw, batch.messages.count()) == (None, 0)
    assert paste(zhao, community).counts["kept"] == 5
    with pytest.raises(RuleBroken):
        actions.make_cases(by=zhao, batch_id=batch.id)


def test_after_seven_days_only_what_became_a_case_is_left(batch: ChatBatch, zhao: Viewer, community: Place) -> None:
    actions.make_cases(by=zhao, batch_id=batch.id)
    assert actions.forget_expired(community_id=community.id) == 0
    ChatBatch.objects.filter(pk=batch.pk).update(kept_until=timezone.now() - timedelta(minutes=1))
    assert actions.forget_expired(community_id=community.id) == 1
    batch.refresh_from_db()
    assert (batch.raw, batch.state) == (None, BatchState.DONE)
    assert not batch.messages.filter(case=None).exists()
    assert batch.messages.filter(case__isnull=False).exists()


def test_texts_are_sealed_in_the_database(batch: ChatBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM chat_batch WHERE id = %s", [batch.id])
        raw = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT text FROM chat_message WHERE batch_id = %s LIMIT 1", [batch.id])
        text = bytes(cursor.fetchone()[0])
    assert "灯".encode() not in raw + text


def test_a_message_cannot_be_stored_twice(batch: ChatBatch) -> None:
    message = ChatMessage.objects.filter(batch=batch).first()
    assert message
    message.pk, message.position = None, 999
    message._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save(force_insert=True)


def test_a_big_upload_is_read_by_the_job_with_progress(
    sun: Viewer, community: Place, signed_in: Any, inside: Viewer
) -> None:
    stamps = [f"2026-03-{1 + number // 500:02d} {number // 60 % 24:02d}:{number % 60:02d}" for number in range(2100)]
    lines = [f"邻居{number % 50} {stamp}\n早上好 {number}\n" for number, stamp in enumerate(stamps)]
    lines.append("王阿姨 2026-03-28 08:54\n3号楼2单元二楼的灯又不亮了\n")
    batch = paste(sun, community, "\n".join(lines))
    assert batch.state == BatchState.READING
    page = signed_in(sun).get(f"/chat/{batch.id}/")
    assert "2,101" in page.content.decode()
    actions.read_deferred(community_id=community.id, batch_id=batch.id)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["kept"], batch.counts["done"]) == (BatchState.PREVIEW, 2101, 2101)
    assert draft_about(batch, "灯").state == DraftState.PROPOSED
    assert signed_in(sun).get(f"/chat/{batch.id}/?page=8").status_code == 200
    actions.read_deferred(community_id=community.id, batch_id=batch.id)
    assert queries.batch_for(sun, batch.id).counts["kept"] == 2101, "a second run changes nothing"
