"""One tap: every proposed case is made or added to the open case it repeats, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.channels.chat.actions.reading import require_preview
from fuhui.channels.chat.actions.regrouping import learn
from fuhui.channels.chat.models import ChatBatch, ChatCorrection, ChatDraft, ChatMessage
from fuhui.channels.chat.permissions import may_work_on_chats, visible_batches
from fuhui.channels.chat.queries import open_case_ids
from fuhui.channels.chat.rules import BatchState, Composed, DraftState, Said, compose, main_text
from fuhui.domains.cases.actions.following import add_words
from fuhui.domains.cases.actions.intake import CaseInput, Further, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.moving import begin, finish
from fuhui.domains.cases.models import Case
from fuhui.domains.cases.queries.queue import case_for
from fuhui.domains.cases.rules.states import Step
from fuhui.shared import audit
from fuhui.shared.errors import NotFound, StalePage
from fuhui.shared.viewers import Role, Viewer, system
from fuhui.triage import Kind


@dataclass(frozen=True)
class Made:
    """The numbers of one paste: cases made, repeats added to open cases, and messages that stayed chatter."""

    batch: ChatBatch
    made: int
    linked: int
    chatter: int


@dataclass(frozen=True)
class _Talk:
    """The messages of one proposed case in time order, and what becomes of each."""

    messages: Sequence[ChatMessage]
    roles: Composed

    @property
    def first(self) -> ChatMessage:
        """The message that raises it."""
        return self.messages[self.roles.own[0]]

    def of(self, indexes: Sequence[int]) -> list[ChatMessage]:
        """Messages by index."""
        return [self.messages[index] for index in indexes]


@transaction.atomic
def make_cases(*, by: Viewer, batch_id: UUID, version: int | None = None) -> Made:
    """Makes all proposed cases of a paste, adds repeats to their open cases, writes staff's answers and the words
    that something is solved. All or nothing.

    Pressed twice, or by two at once, the second finds it done and gets the same numbers. Raises StalePage when
    the grouping changed after the page was opened, BadInput as `submit_case` does.
    """
    batch = ChatBatch.objects.select_for_update(of=("self",)).filter(visible_batches(by), pk=batch_id).first()
    if batch is None:
        raise NotFound("chat_batch", "没有找到这次粘贴，它可能已到期删除，或属于别的网格。")
    may_work_on_chats(by, batch.community_id, batch.grid_id).require()
    if batch.state == BatchState.DONE:
        return made_of(batch)
    require_preview(batch)
    if version is not None and version != batch.version:
        raise StalePage("stale_page", "有人刚刚改过分组，还没有生成。请看过最新的分组，再点“生成”。")
    _make_all(by, batch)
    return _finish(by, batch)


def made_of(batch: ChatBatch) -> Made:
    """The numbers of a paste that is done."""
    return Made(batch, int(batch.counts.get("made", 0)), int(batch.counts.get("linked", 0)),
                int(batch.counts.get("chatter", 0)))


def _make_all(by: Viewer, batch: ChatBatch) -> None:
    drafts = list(ChatDraft.objects.select_for_update(of=("self",)).filter(batch=batch, state=DraftState.PROPOSED)
                  .order_by("position"))
    talks = _talks(batch)
    wanted = {draft.existing_case_id for draft in drafts if draft.joins and draft.existing_case_id}
    still_open = open_case_ids(by, wanted)
    examples: list[ChatCorrection] = []
    for draft in drafts:
        talk = talks.get(draft.id)
        if talk is None:
            continue
        joins = draft.joins and draft.existing_case_id in still_open
        case = _link(by, draft, talk) if joins else _make(by, batch, draft, talk)
        _settle(draft, case, DraftState.LINKED if joins else DraftState.MADE)
        examples.append(_accepted(by, batch, draft, talk))
    ChatCorrection.objects.bulk_create(examples)


def _talks(batch: ChatBatch) -> dict[UUID, _Talk]:
    grouped: dict[UUID, list[ChatMessage]] = {}
    for message in ChatMessage.objects.filter(batch=batch, draft__isnull=False).order_by("position"):
        if message.draft_id:
            grouped.setdefault(message.draft_id, []).append(message)
    return {
        key: _Talk(messages, compose([Said(one.sender, one.text, one.settled_kind) for one in messages]))
        for key, messages in grouped.items()
    }


def _make(by: Viewer, batch: ChatBatch, draft: ChatDraft, talk: _Talk) -> Case:
    first = talk.first
    own = talk.of(talk.roles.own)
    receipt = submit_case(by=by, community_id=batch.community_id, matter=CaseInput(
        text=main_text(one.text for one in own) or draft.title, source="chat", title=draft.title,
        category_code=draft.category_code, is_urgent=draft.is_urgent, received_at=_time(first, batch),
        reporter=Reporter(name=first.sender, group_name=first.group_name),
        place=PlaceInput(grid_id=draft.grid_id, words=draft.place_text),
        further=_further(talk.of(talk.roles.further), batch), request_key=f"chat:{bytes(first.fingerprint).hex()}",
    ))
    _follow(by, batch, receipt.case, talk.of(talk.roles.answers), talk.of(talk.roles.confirms))
    return receipt.case


def _link(by: Viewer, draft: ChatDraft, talk: _Talk) -> Case:
    case_id = draft.existing_case_id
    if case_id is None:  # the constraint chat_draft_joins_something keeps this from happening
        raise NotFound
    by_kind: dict[Kind, list[ChatMessage]] = {}
    for message in talk.messages:
        by_kind.setdefault(message.settled_kind, []).append(message)
    answers, confirms = by_kind.pop(Kind.STAFF, []), by_kind.pop(Kind.CONFIRM, [])
    voices = [message for message in talk.messages if message.settled_kind in by_kind]
    if voices:
        add_words(by=by, case_id=case_id, further=_further(voices, draft.batch))
    case = case_for(by, case_id)
    _follow(by, draft.batch, case, answers, confirms)
    return case


def _follow(by: Viewer, batch: ChatBatch, case: Case, answers: Sequence[ChatMessage],
            confirms: Sequence[ChatMessage]) -> None:
    """What was said after it was raised: staff's answers, and residents' words that it is solved."""
    who = by if _reaches(by, case) else system(by.name, batch.community_id)
    for answer in answers:
        _answer(who, case, answer, _time(answer, batch))
    if confirms:
        add_words(by=who, case_id=case.id, further=_further(confirms, batch), confirm=True)


def _answer(who: Viewer, case: Case, answer: ChatMessage, said_at: datetime) -> None:
    """A staff member's words in the group are a reply, at the time they were said but not before the report."""
    note = f"{answer.sender}在群里答复：{answer.text}"[:2000]
    move = begin(by=who, case_id=case.id, step=Step.REPLY, note=note)
    move.now = max(said_at, case.received_at)
    finish(move, note=note, data={"said_at": said_at.isoformat(), "by": "chat"})


def _reaches(by: Viewer, case: Case) -> bool:
    """A building named in the text may lie in another grid, where a grid worker has no say: then the words are
    written down by the system, and do not count as the community's first reply."""
    here = case.community_id
    if by.is_system or by.has(Role.SECRETARY, Role.COMMUNITY_STAFF, community_id=here):
        return True
    return case.grid_id is None or case.grid_id in by.grids(here)


def _further(messages: Sequence[ChatMessage], batch: ChatBatch) -> tuple[Further, ...]:
    return tuple(
        Further(one.text, _time(one, batch), Reporter(name=one.sender, group_name=one.group_name))
        for one in messages
    )


def _time(message: ChatMessage, batch: ChatBatch) -> datetime:
    """When it was said; the paste's own time where nobody knows, or where a phone's clock was ahead."""
    return min(message.said_at or batch.received_at, timezone.now())


def _settle(draft: ChatDraft, case: Case, state: DraftState) -> None:
    draft.case, draft.state = case, state
    draft.save(update_fields=["case", "state"])
    ChatMessage.objects.filter(draft=draft).update(case=case)


def _accepted(by: Viewer, batch: ChatBatch, draft: ChatDraft, talk: _Talk) -> ChatCorrection:
    chosen = {"title": draft.title, "category": draft.category_code, "place": draft.place_text,
              "urgent": draft.is_urgent, "messages": len(talk.messages), "linked": draft.state == DraftState.LINKED}
    return learn(by, batch, "accept", text=talk.first.text, said=draft.proposed, chosen=chosen, draft_id=draft.id,
                 message_id=talk.first.id)


def _finish(by: Viewer, batch: ChatBatch) -> Made:
    states = list(ChatDraft.objects.filter(batch=batch).values_list("state", flat=True))
    made, linked = states.count(DraftState.MADE), states.count(DraftState.LINKED)
    chatter = ChatMessage.objects.filter(batch=batch, case=None).count()
    batch.state, batch.done_at = BatchState.DONE, timezone.now()
    batch.version += 1
    batch.counts = {**batch.counts, "made": made, "linked": linked, "chatter": chatter}
    batch.save(update_fields=["state", "done_at", "version", "counts"])
    audit.record("chat.make", by=by, community_id=batch.community_id, subject="chat_batch", subject_id=batch.id,
                 data={"made": made, "linked": linked, "chatter": chatter})
    return replace(made_of(batch), batch=batch)
