"""The public page: the machine redacts, a person confirms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui import triage
from fuhui.domains.cases.actions.moving import begin, finish
from fuhui.domains.cases.models import Case, CasePublication, CaseReporter
from fuhui.domains.cases.rules.states import Step
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class PublicWords:
    """What the public would read."""

    title: str
    text: str
    reply: str


def proposed_words(case: Case) -> PublicWords:
    """Title, text and reply with every phone, number, door, illness and reporter's name taken out."""
    names = [name for name in CaseReporter.objects.filter(case=case).values_list("name", flat=True) if name]
    return PublicWords(_clean(case.title, names)[:60], _clean(case.text, names), _clean(case.reply, names))


@transaction.atomic
def publish_case(
    *, by: Viewer, case_id: UUID, words: PublicWords, show_photos: bool = False, version: int | None = None
) -> Case:
    """公开: only solved matters, never a report against somebody. Raises BadInput naming what is still private."""
    move = begin(by=by, case_id=case_id, step=Step.PUBLISH, version=version)
    if move.case.is_confidential:
        raise RuleBroken("confidential", "举报类诉求不公开。")
    if move.case.solved_at is None:
        raise RuleBroken("not_solved", "只公开已经解决的诉求。")
    _require_clean(words)
    if CasePublication.objects.filter(case=move.case, withdrawn_at=None).exists():
        raise RuleBroken("published_before", "这件诉求已经公开；要修改请先撤回。")
    CasePublication.objects.create(
        community_id=move.case.community_id,
        case=move.case,
        title=words.title.strip()[:60],
        text=words.text.strip(),
        reply=words.reply.strip(),
        show_photos=show_photos,
        confirmed_by=by.actor,
        published_at=timezone.now(),
    )
    return finish(move, data={"title": words.title})


@transaction.atomic
def unpublish_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """撤回公开, with the reason."""
    move = begin(by=by, case_id=case_id, step=Step.UNPUBLISH, note=note, version=version)
    changed = CasePublication.objects.filter(case=move.case, withdrawn_at=None).update(withdrawn_at=move.now)
    if not changed:
        raise RuleBroken("not_published", "这件诉求没有公开。")
    return finish(move, note=note)


def _require_clean(words: PublicWords) -> None:
    if not words.title.strip() or not words.text.strip():
        raise BadInput("words_missing", "请填写公开的标题和内容。", field="title")
    for field, text in (("title", words.title), ("text", words.text), ("reply", words.reply)):
        spans = triage.private_spans(text)
        if spans:
            found = "、".join(sorted({span.text for span in spans}))
            raise BadInput("still_private", f"还有不宜公开的内容：{found}。请改掉后再公开。", field=field)


def _clean(text: str, names: list[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "居民")
    return triage.redact(text)
