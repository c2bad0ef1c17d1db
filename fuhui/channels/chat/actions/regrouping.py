"""What a person changes in a preview. Every change is written down as a labelled example for the machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from fuhui import triage
from fuhui.channels.chat.actions.proposing import advice_for, title_for
from fuhui.channels.chat.actions.reading import require_preview
from fuhui.channels.chat.models import ChatBatch, ChatCorrection, ChatDraft, ChatMessage
from fuhui.channels.chat.permissions import may_work_on_chats, visible_batches
from fuhui.channels.chat.queries import category_choices
from fuhui.channels.chat.rules import LONGEST_PLACE, LONGEST_TITLE, DraftState, best_place, place_words, storable
from fuhui.registry.places.queries import grid_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken, StalePage
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer
from fuhui.triage import Kind

NEW, CHATTER = "new", "chat"


@transaction.atomic
def regroup_messages(
    *, by: Viewer, batch_id: UUID, message_ids: Iterable[UUID], target: str, version: int | None = None
) -> ChatDraft | None:
    """Moves messages to a proposed case (its id), to a new one ("new") or among the chatter ("chat").

    Returns the proposed case they are in now. One left without messages is dropped by itself.
    Raises BadInput when nothing was chosen, NotFound for another paste's message or case, StalePage.
    """
    batch = lock_batch(by, batch_id, version)
    messages = _messages(batch, message_ids)
    left = {message.draft_id for message in messages}
    draft = _target(batch, target, messages)
    for message in messages:
        _move(by, message, draft)
    _drop_empty(batch, left)
    _finish(by, batch, "regroup", {"messages": len(messages), "to": target})
    return draft


@transaction.atomic
def edit_draft(
    *, by: Viewer, batch_id: UUID, draft_id: UUID, title: str, category_code: str, place_text: str, is_urgent: bool,
    grid_id: UUID | None, version: int | None = None,
) -> ChatDraft:
    """Changes what a proposed case will say. Raises BadInput for an empty title or an unknown category or grid."""
    batch = lock_batch(by, batch_id, version)
    draft = _draft(batch, draft_id)
    chosen: dict[str, Any] = {"title": _title(title), "category": _category(batch, category_code),
              "place": storable(place_text.strip(), LONGEST_PLACE), "urgent": is_urgent}
    changed = {key: value for key, value in chosen.items() if value != draft.proposed.get(key)}
    draft.title, draft.category_code = chosen["title"], chosen["category"]
    draft.place_text, draft.is_urgent, draft.grid_id = chosen["place"], is_urgent, _grid(by, batch, grid_id)
    draft.save()
    if changed:
        _learn(by, draft, "edit", draft.proposed, changed)
    _finish(by, batch, "edit", {"draft": str(draft.id), "changed": sorted(changed)})
    return draft


@transaction.atomic
def drop_draft(*, by: Viewer, batch_id: UUID, draft_id: UUID, version: int | None = None) -> ChatDraft:
    """No case is made of it; its messages stay in the list and it can be taken back."""
    batch = lock_batch(by, batch_id, version)
    draft = _draft(batch, draft_id)
    _set_state(draft, DraftState.DROPPED)
    _learn(by, draft, "drop", draft.proposed, {"drop": True})
    _finish(by, batch, "drop_draft", {"draft": str(draft.id)})
    return draft


@transaction.atomic
def restore_draft(*, by: Viewer, batch_id: UUID, draft_id: UUID, version: int | None = None) -> ChatDraft:
    """Takes a dropped case back. Raises RuleBroken when it has no messages any more."""
    batch = lock_batch(by, batch_id, version)
    draft = _draft(batch, draft_id, dropped=True)
    if not ChatMessage.objects.filter(draft=draft).exists():
        raise RuleBroken("draft_empty", "这一件里已经没有发言，不能恢复。请先把发言归进来。")
    _set_state(draft, DraftState.PROPOSED)
    _learn(by, draft, "restore", draft.proposed, {"drop": False})
    _finish(by, batch, "restore_draft", {"draft": str(draft.id)})
    return draft


@transaction.atomic
def merge_drafts(
    *, by: Viewer, batch_id: UUID, draft_id: UUID, into_id: UUID, version: int | None = None
) -> ChatDraft:
    """All messages of one proposed case go into another, which keeps its title. Raises BadInput for itself."""
    if draft_id == into_id:
        raise BadInput("same_draft", "请选择另一件来合并。", field="into")
    batch = lock_batch(by, batch_id, version)
    draft, into = _draft(batch, draft_id), _draft(batch, into_id)
    ChatMessage.objects.filter(draft=draft).update(draft=into)
    into.position = min(into.position, draft.position)
    into.is_urgent = into.is_urgent or draft.is_urgent
    into.evidence = {**draft.evidence, **into.evidence}
    into.save()
    _set_state(draft, DraftState.DROPPED)
    _learn(by, draft, "merge", {"key": draft.key}, {"key": into.key})
    _finish(by, batch, "merge_drafts", {"draft": str(draft.id), "into": str(into.id)})
    return into


@transaction.atomic
def join_existing(
    *, by: Viewer, batch_id: UUID, draft_id: UUID, joins: bool, version: int | None = None
) -> ChatDraft:
    """Decides whether it is added to the open case it seems to repeat, or becomes a case of its own."""
    batch = lock_batch(by, batch_id, version)
    draft = _draft(batch, draft_id)
    if draft.existing_case_id is None:
        raise BadInput("no_existing", "没有找到可以补充的原有诉求。", field="joins")
    draft.joins = joins
    draft.save(update_fields=["joins"])
    _learn(by, draft, "join", {"case": str(draft.existing_case_id), "why": draft.existing_why}, {"joins": joins})
    _finish(by, batch, "join", {"draft": str(draft.id), "joins": joins})
    return draft


def lock_batch(by: Viewer, batch_id: UUID, version: int | None = None) -> ChatBatch:
    """The paste, locked and still changeable. Raises NotFound, NotAllowed, RuleBroken, StalePage."""
    batch = ChatBatch.objects.select_for_update(of=("self",)).filter(visible_batches(by), pk=batch_id).first()
    if batch is None:
        raise NotFound("chat_batch", "没有找到这次粘贴，它可能已到期删除，或属于别的网格。")
    may_work_on_chats(by, batch.community_id, batch.grid_id).require()
    require_preview(batch)
    if version is not None and version != batch.version:
        raise StalePage("stale_page", "有人刚刚改过这次粘贴的分组，您这一步还没有保存。请看过最新的分组再操作。")
    return batch


def learn(by: Viewer, batch: ChatBatch, what: str, *, text: str, said: Mapping[str, Any], chosen: Mapping[str, Any],
          draft_id: UUID | None = None, message_id: UUID | None = None) -> ChatCorrection:
    """One labelled example, not yet saved; private parts of the text are hidden."""
    return ChatCorrection(
        community_id=batch.community_id, batch=batch, draft_id=draft_id, message_id=message_id, what=what,
        text=triage.redact(text), said=dict(said), chosen=dict(chosen), by=by.actor,
    )


def _learn(by: Viewer, draft: ChatDraft, what: str, said: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
    first = ChatMessage.objects.filter(draft=draft).order_by("position").first()
    learn(by, draft.batch, what, text=first.text if first else "", said=said, chosen=chosen,
          draft_id=draft.id, message_id=first.id if first else None).save()


def _messages(batch: ChatBatch, message_ids: Iterable[UUID]) -> list[ChatMessage]:
    wanted = set(message_ids)
    if not wanted:
        raise BadInput("nothing_chosen", "请先勾选要移动的发言。", field="messages")
    found = list(ChatMessage.objects.filter(batch=batch, pk__in=wanted).select_related("batch").order_by("position"))
    if len(found) != len(wanted):
        raise NotFound("chat_message", "有的发言已经不在这次粘贴里，请刷新页面再试。")
    return found


def _target(batch: ChatBatch, target: str, messages: list[ChatMessage]) -> ChatDraft | None:
    if target == CHATTER:
        return None
    if target == NEW:
        return _new_draft(batch, messages)
    try:
        draft = _draft(batch, UUID(target))
    except ValueError as error:
        raise BadInput("no_target", "请选择归到哪一件。", field="target") from error
    draft.is_urgent = draft.is_urgent or any(message.is_urgent for message in messages)
    draft.evidence = {**advice_for([message.text for message in messages]), **draft.evidence}
    draft.save()
    return draft


def _new_draft(batch: ChatBatch, messages: list[ChatMessage]) -> ChatDraft:
    first = next((message for message in messages if message.kind != Kind.STAFF), messages[0])
    seen = triage.understand(first.text, sender=first.sender, group=first.group_name)
    said: dict[str, Any] = {
        "title": title_for(first.text, first.sender, first.group_name),
        "category": first.category_code or (seen.category.value if seen.category else ""),
        "place": storable(place_words(best_place([seen.place]))), "urgent": any(m.is_urgent for m in messages),
    }
    before = next((message.draft for message in messages if message.draft_id), None)
    grid_id = before.grid_id if before and before.grid_id else batch.grid_id
    return ChatDraft.objects.create(
        id=new_id(), community_id=batch.community_id, batch=batch, key=f"own-{new_id().hex}", grid_id=grid_id,
        position=first.position, title=said["title"], category_code=said["category"],
        place_text=said["place"], is_urgent=said["urgent"], proposed=said,
        evidence=advice_for([message.text for message in messages]),
    )


def _move(by: Viewer, message: ChatMessage, draft: ChatDraft | None) -> None:
    before = {"kind": message.settled_kind, "draft": str(message.draft_id or ""), "case": message.case_key}
    message.draft = draft
    message.decided_kind = _kind_in(message, draft)
    message.save(update_fields=["draft", "decided_kind"])
    chosen = {"kind": message.decided_kind, "draft": str(draft.id) if draft else "", "case": draft.key if draft else ""}
    learn(by, message.batch, "group", text=message.text, said=before, chosen=chosen,
          draft_id=draft.id if draft else None, message_id=message.id).save()


def _kind_in(message: ChatMessage, draft: ChatDraft | None) -> str:
    """Chatter that was put into a case adds facts to it, or raises it where the case begins with it; staff stay."""
    machine = Kind(message.kind)
    if draft is None:
        return machine.value if machine is Kind.STAFF else Kind.CHAT.value
    if machine is not Kind.CHAT:
        return machine.value
    return (Kind.REPORT if message.position == draft.position else Kind.DETAIL).value


def _drop_empty(batch: ChatBatch, draft_ids: Iterable[UUID | None]) -> None:
    emptied = ChatDraft.objects.filter(batch=batch, pk__in=[pk for pk in draft_ids if pk], messages=None)
    emptied.update(state=DraftState.DROPPED)


def _draft(batch: ChatBatch, draft_id: UUID, *, dropped: bool = False) -> ChatDraft:
    draft = ChatDraft.objects.select_related("batch").filter(batch=batch, pk=draft_id).first()
    if draft is None:
        raise NotFound("chat_draft", "没有找到这一件，请刷新页面再试。")
    if (draft.state == DraftState.DROPPED) is not dropped:
        raise RuleBroken("draft_state", "这一件已经恢复。" if dropped else "这一件已经标为不生成，请先恢复它。")
    return draft


def _set_state(draft: ChatDraft, state: DraftState) -> None:
    draft.state = state
    draft.save(update_fields=["state"])


def _title(title: str) -> str:
    clean = storable(title.strip())
    if not clean:
        raise BadInput("title_missing", "请写一个标题，例如：3号楼2单元楼道灯不亮。", field="title")
    if len(clean) > LONGEST_TITLE:
        raise BadInput("title_too_long", f"标题最多 {LONGEST_TITLE} 字，现在是 {len(clean)} 字。", field="title")
    return clean


def _category(batch: ChatBatch, code: str) -> str:
    choices = dict(category_choices(batch.community_id))
    if code and code not in choices:
        raise BadInput("unknown_category", f"没有“{storable(code, 40)}”这个类别，请从列表里选。", field="category")
    return code


def _grid(by: Viewer, batch: ChatBatch, grid_id: UUID | None) -> UUID | None:
    if grid_id is None:
        return batch.grid_id
    grid = grid_for(by, grid_id)
    if grid.community_id != batch.community_id:
        raise BadInput("unknown_grid", "这个网格不属于本社区，请重新选择。", field="grid")
    may_work_on_chats(by, batch.community_id, grid.id).require()
    return grid.id


def _finish(by: Viewer, batch: ChatBatch, what: str, data: Mapping[str, Any]) -> None:
    batch.version += 1
    batch.save(update_fields=["version"])
    audit.record(f"chat.{what}", by=by, community_id=batch.community_id, subject="chat_batch", subject_id=batch.id,
                 data=data)
