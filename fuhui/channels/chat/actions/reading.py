"""Taking in a paste or upload: read, compared with earlier pastes, labelled, proposed. Nothing becomes a case yet."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePath
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.channels.chat.actions.proposing import Setting, propose
from fuhui.channels.chat.models import ChatBatch, ChatDraft, ChatMessage
from fuhui.channels.chat.permissions import may_work_on_chats, sees_all_grids
from fuhui.channels.chat.queries import grid_of_group
from fuhui.channels.chat.rules import (
    KEEP_DAYS,
    LONGEST_GROUP,
    READ_AT_ONCE,
    BatchState,
    Door,
    storable,
)
from fuhui.registry.accounts.queries.staff import accounts_in_role, staff_of, workers_of_grid
from fuhui.registry.places.queries import Grid, community_settings, grids_for
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.identifiers import new_id
from fuhui.shared.messages import send
from fuhui.shared.rows import take_turn
from fuhui.shared.viewers import Role, Viewer, system
from fuhui.triage import DEFAULT_LIMIT, Known, Transcript, UnreadableChat, read_chat
from fuhui.triage.read.decode import to_text

LONGEST_FILE_NAME = 120
MOST_UNPARSED = 500
MOST_GROUPS = 40


@dataclass(frozen=True)
class Pasted:
    """What somebody pasted (text) or uploaded (bytes). `day` answers the question for a chat without dates:
    the day of its first message, or of its last where only the year is missing. `door`: how it came in."""

    data: str | bytes
    file_name: str = ""
    group_name: str = ""
    grid_id: UUID | None = None
    day: date | None = None
    door: Door = Door.PASTE


@transaction.atomic
def read_batch(*, by: Viewer, community_id: UUID, pasted: Pasted) -> ChatBatch:
    """Reads a chat and proposes cases for a person to look at; the same text again finds the earlier paste.

    Up to 2,000 messages are read at once, more by a job (state "reading"). Raises BadInput: `needs_date` when the
    chat tells no day, `nothing_new` (details: batch) when every message was pasted before, and the reader's own
    codes (empty, too_large, binary, html, encoding, unknown_format); NotAllowed for another grid's group.
    """
    if pasted.grid_id or not by.grids(community_id):
        may_work_on_chats(by, community_id, pasted.grid_id).require()
    text = _text(pasted.data)
    transcript, setting = _understood(by, community_id, text, pasted)
    # Two overlapping pastes at once must not wait for each other in a ring.
    take_turn("chat", community_id)
    batch = _batch(by, community_id, pasted, text, transcript, setting)
    if len(transcript.messages) > READ_AT_ONCE:
        _read_later(batch, len(transcript.messages))
    else:
        _read_now(batch, transcript, setting)
    audit.record("chat.read", by=by, community_id=community_id, subject="chat_batch", subject_id=batch.id,
                 data={"format": batch.format, "messages": len(transcript.messages), "state": batch.state,
                       "door": pasted.door.value})
    if pasted.door is Door.API:
        _tell_the_desk(batch, by)
    return batch


def _tell_the_desk(batch: ChatBatch, by: Viewer) -> None:
    """What a program hands in lies in nobody's paste box: the grid's workers are told, else the whole desk."""
    workers = [key for key, _ in workers_of_grid(batch.community_id, batch.grid_id)] if batch.grid_id else []
    desk = workers or [
        key for role in (Role.COMMUNITY_STAFF, Role.SECRETARY) for key in accounts_in_role(batch.community_id, role)
    ]
    for account_id in dict.fromkeys(desk):
        if account_id != by.account_id:
            send(community_id=batch.community_id, to_account=account_id, kind="chat", title="群消息等您确认",
                 body=f"{batch}：{batch.counts['read']} 条发言由接口送来，请看过再生成诉求。",
                 link=f"/chat/{batch.id}/", dedupe_key=f"chat-api-{batch.id}-{account_id}")


def read_deferred(*, community_id: UUID, batch_id: UUID) -> None:
    """Reads a large paste in steps of 2,000 messages, each its own transaction, so that progress shows.

    Run again after a broken worker, it begins anew; a paste that is no longer waiting is left alone.
    """
    batch = _begin_again(community_id, batch_id)
    if batch is None or batch.raw is None:
        return
    options = batch.options
    day = date.fromisoformat(options["day"]) if options.get("day") else None
    by = system("chat.read", community_id)
    pasted = Pasted("", batch.file_name, options.get("group", ""), batch.grid_id, day)
    transcript, setting = _understood(by, community_id, batch.raw, pasted, only=options.get("grids"))
    for part, start in enumerate(range(0, len(transcript.messages), READ_AT_ONCE)):
        with transaction.atomic():
            take_turn("chat", community_id)
            propose(batch, transcript.messages[start : start + READ_AT_ONCE], setting, part=f"{part}-")
            batch.counts["done"] = min(start + READ_AT_ONCE, len(transcript.messages))
            batch.save(update_fields=["counts"])
    _settle(batch)


def note_trouble(*, community_id: UUID, batch_id: UUID) -> None:
    """Tells on the progress page that reading failed this time; it is tried again, and success takes it away."""
    words = "这次整理没有成功，系统会自动再试。如果一直这样，请按日期分成几份再粘贴，或联系管理员。"
    ChatBatch.objects.filter(community_id=community_id, pk=batch_id, state=BatchState.READING).update(problem=words)


def _text(data: str | bytes) -> str:
    try:
        return storable(to_text(data, DEFAULT_LIMIT)[0])
    except UnreadableChat as error:
        raise BadInput(error.code, error.message_zh, field="text") from error


def _transcript(text: str, pasted: Pasted) -> Transcript:
    try:
        transcript = read_chat(text, date=pasted.day, group=storable(pasted.group_name, LONGEST_GROUP) or None)
    except UnreadableChat as error:
        raise BadInput(error.code, error.message_zh, field="text") from error
    if transcript.needs_date and pasted.day is None:
        question = next((words for words in transcript.warnings if "请选择" in words), "请选择这是哪一天的消息。")
        raise BadInput("needs_date", question, field="day")
    if not transcript.messages:
        words = "没有读出任何发言。请在微信里多选消息后复制粘贴，或上传导出的文件。"
        raise BadInput("unknown_format", words, field="text")
    return transcript


def _understood(by: Viewer, community_id: UUID, text: str, pasted: Pasted,
                only: list[str] | None = None) -> tuple[Transcript, Setting]:
    """The transcript with a group for every message, and what is known around it."""
    transcript = _transcript(text, pasted)
    grids = list(grids_for(by, community_id))
    chosen = _chosen(by, community_id, pasted, grids)
    name = (chosen.group_name or f"{chosen.name}群") if chosen else PurePath(pasted.file_name).stem
    messages = [one if one.group else replace(one, group=name) for one in transcript.messages]
    transcript = replace(transcript, messages=messages, group=transcript.group or name)
    return transcript, _setting(by, community_id, chosen, grids, _groups(transcript), only)


def _chosen(by: Viewer, community_id: UUID, pasted: Pasted, grids: list[Grid]) -> Grid | None:
    """The grid that was chosen; a worker of one grid need not choose."""
    own = by.grids(community_id)
    wanted = pasted.grid_id
    if wanted is None and len(own) == 1 and not sees_all_grids(by, community_id):
        wanted = next(iter(own))
    chosen = next((grid for grid in grids if grid.id == wanted), None)
    if wanted and chosen is None:
        raise BadInput("unknown_grid", "没有这个网格，请重新选择。", field="place")
    return chosen


def _groups(transcript: Transcript) -> list[str]:
    names = dict.fromkeys(storable(message.group, LONGEST_GROUP) for message in transcript.messages)
    if len(names) > MOST_GROUPS:
        raise BadInput("too_many_groups", f"这份文件里有 {len(names)} 个群，一次最多 {MOST_GROUPS} 个，请分几次上传。",
                       field="text")
    return list(names)


def _setting(by: Viewer, community_id: UUID, chosen: Grid | None, grids: list[Grid], groups: list[str],
             only: list[str] | None) -> Setting:
    """Which group belongs to which grid, what the community knows about itself, whose cases may be repeated."""
    where = {group: grid_of_group(grids, group) or chosen for group in groups}
    for grid in where.values():
        may_work_on_chats(by, community_id, grid.id if grid else None).require()
    if only is None and not sees_all_grids(by, community_id):
        only = [str(grid_id) for grid_id in by.grids(community_id)]
    return Setting(by=by, where=where, fallback=chosen, known=_known(community_id, grids), only=only)


def _known(community_id: UUID, grids: list[Grid]) -> Known:
    staff = {*staff_of(community_id).values(), *(grid.staff_name for grid in grids if grid.staff_name)}
    return Known(staff=frozenset(staff), areas=frozenset(area for grid in grids for area in grid.areas))


def _batch(by: Viewer, community_id: UUID, pasted: Pasted, text: str, transcript: Transcript,
           setting: Setting) -> ChatBatch:
    now = timezone.now()
    grids = {grid.id for grid in setting.where.values() if grid}
    grid_id = grids.pop() if len(grids) == 1 else pasted.grid_id
    name = storable(transcript.group or "", LONGEST_GROUP)
    batch = ChatBatch(
        id=new_id(), community_id=community_id, grid_id=grid_id, format=transcript.format,
        group_name=name if len(setting.where) == 1 else f"{len(setting.where)} 个群",
        file_name=storable(pasted.file_name, LONGEST_FILE_NAME), received_at=now, by_account_id=by.account_id,
        by_name=by.name[:60], state=BatchState.READING, raw=text, kept_until=now + timedelta(days=_days(community_id)),
        warnings=[storable(words, 300) for words in transcript.warnings],
        options={"group": storable(pasted.group_name, LONGEST_GROUP), "grids": setting.only, "door": pasted.door.value,
                 "day": pasted.day.isoformat() if pasted.day else ""},
        counts={"read": len(transcript.messages), "unparsed": len(transcript.unparsed), "done": 0, "kept": 0,
                "repeats": 0, "handled": 0},
        unparsed=_unparsed(transcript),
    )
    batch.save(force_insert=True)
    return batch


def _unparsed(transcript: Transcript) -> str | None:
    lines = [{"number": line.number, "text": storable(line.text, 300), "reason": line.reason}
             for line in transcript.unparsed[:MOST_UNPARSED]]
    return json.dumps(lines, ensure_ascii=False) if lines else None


def _days(community_id: UUID) -> int:
    """Days until the raw text is deleted: the community's `chat_keep_days`, 1 to 90, else 7."""
    value = community_settings(community_id).get("chat_keep_days", KEEP_DAYS)
    return min(max(value, 1), 90) if isinstance(value, int) else KEEP_DAYS


def _read_now(batch: ChatBatch, transcript: Transcript, setting: Setting) -> None:
    known = propose(batch, transcript.messages, setting)
    if batch.counts["kept"] == 0:
        earlier = str(known[-1]) if known else ""
        raise BadInput("nothing_new", f"这 {batch.counts['read']} 条发言以前都粘贴过，不用再处理。", field="text",
                       batch=earlier)
    _settle(batch)


def _settle(batch: ChatBatch) -> None:
    batch.state, batch.problem = BatchState.PREVIEW, ""
    batch.save(update_fields=["state", "problem", "counts"])


def _read_later(batch: ChatBatch, total: int) -> None:
    from fuhui.channels.chat.jobs import read_chat_batch  # jobs stand above actions; the job calls back

    batch.counts["total"] = total
    batch.save(update_fields=["counts"])
    read_chat_batch.defer(community_id=batch.community_id, batch_id=str(batch.id))


@transaction.atomic
def _begin_again(community_id: UUID, batch_id: UUID) -> ChatBatch | None:
    batch = ChatBatch.objects.select_for_update(of=("self",)).filter(community_id=community_id, pk=batch_id).first()
    if batch is None or batch.state != BatchState.READING:
        return None
    ChatMessage.objects.filter(batch=batch).delete()
    ChatDraft.objects.filter(batch=batch).delete()
    batch.counts = {**batch.counts, "done": 0, "kept": 0, "repeats": 0, "handled": 0}
    return batch


def require_preview(batch: ChatBatch) -> None:
    """Raises RuleBroken when a paste can no longer be changed."""
    if batch.state == BatchState.READING:
        raise RuleBroken("still_reading", "还在识别，请稍等片刻再操作。")
    if batch.state != BatchState.PREVIEW:
        raise RuleBroken("not_waiting", "这次粘贴已经处理完，不能再改。新的消息请重新粘贴。")
