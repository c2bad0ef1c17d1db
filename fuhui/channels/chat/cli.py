"""fuhui import-chat: a file of group messages becomes a preview, or cases at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from fuhui.channels.chat import actions, queries
from fuhui.channels.chat.models import ChatBatch, ChatDraft, ChatMessage
from fuhui.channels.chat.permissions import desk_communities
from fuhui.channels.chat.rules import FORMAT_NAMES, BatchState, Door, DraftState
from fuhui.registry.accounts.queries import Account, viewer_of
from fuhui.registry.places.queries import community_by_code
from fuhui.shared.errors import BadInput
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from fuhui.triage import DEFAULT_LIMIT, KIND_NAMES, Kind


def import_file(
    *, file: Path, username: str, community_code: str = "", group: str = "", day: date | None = None,
    make_cases: bool = False,
) -> Iterator[str]:
    """Reads a file in the name of an account and yields lines to print: sums, proposed cases, what was not read.

    Raises BadInput for an unknown account or community, for a file that is too large, and as `read_batch` does.
    """
    if file.stat().st_size > DEFAULT_LIMIT:
        raise BadInput("too_large", f"文件超过 {DEFAULT_LIMIT // 1048576} MB，请按日期分成几份再导入。")
    viewer = _viewer(username)
    with acting(viewer):
        pasted = actions.Pasted(file.read_bytes(), file_name=file.name, group_name=group, day=day,
                                door=Door.COMMAND)
        batch = actions.read_batch(by=viewer, community_id=_community(viewer, community_code), pasted=pasted)
        if batch.state == BatchState.READING:
            actions.read_deferred(community_id=batch.community_id, batch_id=batch.id)
            batch = queries.batch_for(viewer, batch.id)
        yield from _told(viewer, batch)
        if make_cases:
            made = actions.make_cases(by=viewer, batch_id=batch.id)
            yield f"已生成 {made.made} 件诉求，补充 {made.linked} 件原有诉求。"
        else:
            yield f"请在网页上看过再生成：{_address(batch.id)}"


def _viewer(username: str) -> Viewer:
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise BadInput("unknown_account", f"没有“{username}”这个账号，或它已停用。")
    return viewer_of(account)


def _community(viewer: Viewer, code: str) -> UUID:
    if code:
        community: UUID = community_by_code(code).id
        return community
    own = desk_communities(viewer)
    if len(own) != 1:
        raise BadInput("which_community", "请用 --community 写明社区的 12 位代码。")
    return own[0]


def _told(viewer: Viewer, batch: ChatBatch) -> Iterator[str]:
    counts = batch.counts
    yield f"{batch}（{FORMAT_NAMES.get(batch.format, batch.format)}）：读出 {counts['read']} 条发言，" \
          f"{counts['repeats']} 条以前粘贴过，{counts['unparsed']} 行没读出来。"
    kinds = Counter(ChatMessage.objects.filter(batch=batch).values_list("kind", flat=True))
    yield "　".join(f"{KIND_NAMES[kind]} {kinds[kind.value]}" for kind in Kind)
    drafts = ChatDraft.objects.filter(batch=batch, state=DraftState.PROPOSED).select_related("existing_case")
    for number, draft in enumerate(drafts.order_by("-is_urgent", "position"), 1):
        joined = f" → 补充到 {draft.existing_case.number}" if draft.joins and draft.existing_case else ""
        danger = "【险情】" if draft.is_urgent else ""
        yield f"{number:>4}. {danger}{draft.title}（{draft.place_text or '地点不详'}）{joined}"
    for line in queries.unparsed_of(queries.batch_for(viewer, batch.id)):
        yield f"  没读出来：第 {line['number']} 行 {line['text'][:60]}（{line['reason']}）"


def _address(batch_id: UUID) -> str:
    try:
        return reverse("chat:preview", args=[batch_id])
    except NoReverseMatch:
        return f"/chat/{batch_id}/"
