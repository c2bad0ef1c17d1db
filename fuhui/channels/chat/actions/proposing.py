"""From labelled messages to rows: which are new, which belong together, what each proposed case would say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from fuhui import triage
from fuhui.channels.chat.models import ChatBatch, ChatDraft, ChatMessage
from fuhui.channels.chat.queries import known_messages, open_case_ids, open_cases
from fuhui.channels.chat.rules import (
    LONGEST_GROUP,
    LONGEST_SENDER,
    LONGEST_TEXT,
    LONGEST_TITLE,
    best_place,
    fingerprint_text,
    joins_by_default,
    main_text,
    place_words,
    storable,
    usable_time,
)
from fuhui.registry.places.queries import Grid
from fuhui.shared.crypto import blind_index
from fuhui.shared.identifiers import new_id
from fuhui.shared.viewers import Viewer
from fuhui.triage import Kind, Known, Label, Message

FINGERPRINT = "chat.message"


@dataclass(frozen=True)
class Setting:
    """Around a paste: who pastes, the grid of each group, the community's own names, and the grids whose open
    cases may be proposed as repeated (None: all)."""

    by: Viewer
    where: Mapping[str, Grid | None]
    fallback: Grid | None
    known: Known
    only: list[str] | None

    def grid_of(self, group: str) -> Grid | None:
        """The grid of a group's messages."""
        return self.where.get(storable(group, LONGEST_GROUP), self.fallback)


@dataclass(frozen=True)
class _Read:
    """A message with its label and the fingerprint by which another paste finds it."""

    message: Message
    label: Label
    fingerprint: bytes


def propose(batch: ChatBatch, messages: Sequence[Message], setting: Setting, *, part: str = "") -> list[UUID]:
    """Writes the new messages and the proposed cases of one part of a paste, and counts them in `batch.counts`.

    Messages that an earlier paste brought are context only. Returns the ids of the earlier pastes.
    """
    labels = triage.label(messages, known=setting.known)
    read = [_Read(message, label, key) for message, label, key in
            zip(messages, labels, _fingerprints(messages, setting), strict=True)]
    known = known_messages(batch.community_id, [one.fingerprint for one in read])
    fresh = list({one.fingerprint: one for one in reversed(read) if one.fingerprint not in known}.values())[::-1]
    drafts = _drafts(batch, fresh, setting, part, _cases_before(read, known, setting))
    _write(batch, fresh, drafts, int(batch.counts["kept"]))
    batch.counts["kept"] += len(fresh)
    batch.counts["repeats"] += len(read) - len(fresh)
    batch.counts["handled"] += sum(1 for row in known.values() if row.case_id)
    return sorted({row.batch_id for row in known.values()})


def _fingerprints(messages: Sequence[Message], setting: Setting) -> list[bytes]:
    seen: Counter[str] = Counter()
    found = []
    for message in messages:
        grid = setting.grid_of(message.group)
        # The same group is named differently by different exports, so its grid stands for it where known.
        where = str(grid.id) if grid else message.group
        repetition = seen[fingerprint_text(where, message)] if message.time is None else 0
        seen[fingerprint_text(where, message)] += 1
        found.append(blind_index(storable(fingerprint_text(where, message, repetition)), context=FINGERPRINT))
    return found


def _cases_before(read: Sequence[_Read], known: Mapping[bytes, ChatMessage], setting: Setting) -> dict[str, UUID]:
    """Matters whose earlier messages became a case that is still open: the new messages go on with it."""
    found: dict[str, UUID] = {}
    for one in read:
        row = known.get(one.fingerprint)
        if row and row.case_id and one.label.case:
            found[one.label.case] = row.case_id
    still_open = open_case_ids(setting.by, found.values()) if found else set()
    return {key: case_id for key, case_id in found.items() if case_id in still_open}


def _drafts(batch: ChatBatch, fresh: Sequence[_Read], setting: Setting, part: str,
            before: Mapping[str, UUID]) -> dict[str, ChatDraft]:
    """The proposed cases by the machine's key."""
    matters: dict[str, list[tuple[int, _Read]]] = {}
    for index, one in enumerate(fresh):
        if one.label.case:
            matters.setdefault(one.label.case, []).append((index, one))
    start = int(batch.counts["kept"])
    drafts = {key: _draft(batch, key, members, setting, part, start) for key, members in matters.items()
              if key in before or _is_matter(members)}
    _find_repeats(batch, drafts, matters, setting, before)
    ChatDraft.objects.bulk_create(drafts.values())
    return drafts


def _is_matter(members: Sequence[tuple[int, _Read]]) -> bool:
    """A case needs a resident who raises something; thanks or notices alone are none."""
    return any(one.label.kind in {Kind.REPORT, Kind.DETAIL} for _, one in members)


def _draft(batch: ChatBatch, key: str, members: Sequence[tuple[int, _Read]], setting: Setting, part: str,
           start: int) -> ChatDraft:
    index, first = _first(members)
    raised = first.message
    grid = setting.grid_of(raised.group)
    residents = [one for _, one in members if one.label.kind is not Kind.STAFF]
    place = best_place([first.label.place, *(one.label.place for one in residents)])
    category = first.label.category or next((one.label.category for _, one in members if one.label.category), None)
    said: dict[str, Any] = {
        "title": title_for(raised.text, raised.sender, raised.group), "category": category.value if category else "",
        "place": storable(place_words(place)), "urgent": any(one.label.urgent for _, one in members),
    }
    return ChatDraft(
        id=new_id(), community_id=batch.community_id, batch=batch, key=f"{part}{key}", position=start + index,
        title=said["title"], category_code=said["category"], place_text=said["place"], is_urgent=said["urgent"],
        grid_id=grid.id if grid else None, proposed=said,
        evidence={**advice_for([one.message.text for one in residents]),
                  "place_weak": bool(place and place.weak)},
    )


def _first(members: Sequence[tuple[int, _Read]]) -> tuple[int, _Read]:
    for wanted in ({Kind.REPORT}, {Kind.DETAIL}):
        for index, one in members:
            if one.label.kind in wanted:
                return index, one
    return members[0]


def title_for(text: str, sender: str = "", group: str = "") -> str:
    """A headline of at most 60 characters without private data; never empty."""
    title = storable(triage.understand(text, sender=sender, group=group).title, LONGEST_TITLE).strip()
    return title or "群里反映的事"


def advice_for(texts: Sequence[str]) -> dict[str, Any]:
    """Which number to dial at once, and whether the matter belongs to courts or others, with the reasons."""
    found: dict[str, Any] = {}
    for text in texts:
        danger, refusal = triage.danger(text), triage.jurisdiction(text)
        if danger and "danger" not in found:
            found["danger"] = {"number": danger.number, "advice": danger.advice, "words": danger.evidence}
        if refusal and "refusal" not in found:
            found["refusal"] = {"name": refusal.name, "reason": refusal.reason, "channel": refusal.channel}
    return found


def _find_repeats(batch: ChatBatch, drafts: Mapping[str, ChatDraft], matters: Mapping[str, list[tuple[int, _Read]]],
                  setting: Setting, before: Mapping[str, UUID]) -> None:
    latest = _latest([one for members in matters.values() for _, one in members])
    cases = {str(row["id"]): row for row in open_cases(setting.by, batch.community_id, around=latest)
             if setting.only is None or row["grid_id"] is None or str(row["grid_id"]) in setting.only} if drafts else {}
    candidates = [triage.Candidate(key, row["text"], None, row["category__code"],
                                   timezone.localtime(row["received_at"]).replace(tzinfo=None))
                  for key, row in cases.items()]
    for key, draft in drafts.items():
        if key in before:
            draft.existing_case_id, draft.existing_why, draft.joins = before[key], "接着上次粘贴的同一件事", True
        elif candidates:
            _match(draft, matters[key], candidates)


def _match(draft: ChatDraft, members: Sequence[tuple[int, _Read]], candidates: list[triage.Candidate]) -> None:
    first = _first(members)[1]
    text = main_text(one.message.text for _, one in members if one.message.sender == first.message.sender)
    new = triage.Candidate(draft.key, text, first.label.place, draft.category_code, usable_time(first.message.time),
                           first.message.group)
    found = triage.match(new, candidates, limit=1)
    if found:
        draft.existing_case_id = UUID(found[0].candidate_id)
        draft.existing_why = storable(found[0].evidence_zh, 200)
        old = next(candidate.time for candidate in candidates if candidate.id == found[0].candidate_id)
        apart = new.time - old if new.time and old else None
        draft.joins = joins_by_default(found[0].score, apart, is_urgent=draft.is_urgent)


def _latest(read: Sequence[_Read]) -> datetime:
    times = [one.message.time for one in read if usable_time(one.message.time)]
    return min(timezone.make_aware(max(time for time in times if time)), timezone.now()) if times else timezone.now()


def _write(batch: ChatBatch, fresh: Sequence[_Read], drafts: Mapping[str, ChatDraft], start: int) -> None:
    rows = [_row(batch, start + index, one, drafts.get(one.label.case or "")) for index, one in enumerate(fresh)]
    # A message that another paste wrote in the meantime breaks chat_message_once; readings are locked one by one.
    ChatMessage.objects.bulk_create(rows, batch_size=500)


def _row(batch: ChatBatch, position: int, one: _Read, draft: ChatDraft | None) -> ChatMessage:
    message, label = one.message, one.label
    time = usable_time(message.time)
    return ChatMessage(
        community_id=batch.community_id, batch=batch, position=position, fingerprint=one.fingerprint,
        group_name=storable(message.group, LONGEST_GROUP), sender=storable(message.sender, LONGEST_SENDER),
        said_at=timezone.make_aware(time) if time else None, text=storable(message.text, LONGEST_TEXT),
        kind=label.kind.value, case_key=label.case or "", category_code=label.category.value if label.category else "",
        is_urgent=label.urgent, confidence=min(max(label.confidence, 0.0), 1.0),
        evidence={key: [storable(words, 200) for words in reasons] for key, reasons in label.evidence.items()},
        place={key: value for key, value in (label.place.as_dict() if label.place else {}).items() if key != "group"},
        draft=draft,
    )
