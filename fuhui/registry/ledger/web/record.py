"""One record: what, who, evidence, where it came from, its reversal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuhui.registry.ledger.actions.by_hand import add_evidence, reverse_by_hand
from fuhui.registry.ledger.permissions import may_add_evidence, may_read_book, may_reverse
from fuhui.registry.ledger.queries import records as queries
from fuhui.registry.ledger.registry import source_of
from fuhui.registry.people.queries import homes_of, names_of
from fuhui.registry.people.web.shown import place_text
from fuhui.registry.places.web.entry import errors_of, signed_in, text, viewer_of
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.files.queries import FULL, THUMB, file_address
from fuhui.shared.ui.format import minutes_words, when
from fuhui.shared.viewers import Viewer

HIDDEN = "一位居民"


@signed_in
def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The record's page."""
    return _page(request, record_id, {}, 200)


@require_POST
@signed_in
def reverse_it(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Takes the record back, with the reason."""
    try:
        row = reverse_by_hand(by=viewer_of(request), record_id=record_id, reason=text(request.POST, "reason", 200))
    except (BadInput, RuleBroken) as error:
        return _page(request, record_id, errors_of(error), error.status)
    messages.success(request, "已冲正，所有数字已经跟着改过来。")
    return redirect("ledger:record", row.reverses_id)


@require_POST
@signed_in
def photos(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Adds photos."""
    try:
        add_evidence(by=viewer_of(request), record_id=record_id, photos=request.FILES.getlist("photos"))
    except (BadInput, RuleBroken) as error:
        return _page(request, record_id, {"photos": error.message}, error.status)
    messages.success(request, "照片已加上。")
    return redirect("ledger:record", record_id)


def _page(request: HttpRequest, record_id: UUID, errors: dict[str, str], status: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = queries.record_for(viewer, record_id)
    parts = queries.parts_of(viewer, row)
    names = names_of(viewer, [part.person_id for part in parts if part.person_id])
    homes = _homes(viewer, row.community_id, parts)
    source = source_of(row.source)
    reads = may_read_book(viewer, row.community_id).allowed
    return render(request, "ledger/record.html", {
        "row": row, "facts": _facts(row), "errors": errors, "reads": reads,
        "gave": [_gave(part, names) for part in parts if part.side == "gave"],
        "got": [_got(part, names, homes) for part in parts if part.side == "got"]
        if reads else _own(parts, viewer, names),
        "source": source.name if source else "", "source_href": source.address(row.key) if source and reads else "",
        "reversal": queries.reversal_of(viewer, row), "reverse": may_reverse(viewer, row.community_id),
        "evidence": may_add_evidence(viewer, row.community_id),
        "photos": [(file_address(one, FULL), file_address(one, THUMB)) for one in queries.evidence_of(viewer, row)],
        "back": reverse("ledger:book") if reads else reverse("ledger:mine"),
        "back_label": "服务台账" if reads else "我的服务",
    }, status=status)


def _facts(row: queries.ServiceRecord) -> list[tuple[str, str]]:
    pairs = [
        ("服务项目", f"{row.kind.name}（目录第 {row.kind.catalogue.version} 版）"), ("时间", when(row.occurred_at)),
        ("时长", minutes_words(row.minutes)), ("地点", row.place), ("网格", str(row.grid or "")),
        ("组织方", str(row.organiser or "")), ("品牌和项目", "、".join(row.brands)),
        ("服务对象", f"{row.got_heads} 人次" if row.got_heads else "未记"),
        ("参与服务", f"{row.gave_heads} 人次，合计 {minutes_words(row.gave_minutes)}"),
        ("记入", f"{row.recorded_by_name or '系统'} {when(row.recorded_at)}"),
    ]
    return [(name, value) for name, value in pairs if value]


def _gave(part: queries.ServicePart, names: dict[UUID, str]) -> str:
    if part.organisation_id:
        return f"{part.organisation}：{abs(part.heads)} 人，每人 {minutes_words(abs(part.minutes))}"
    who = str(part.account) if part.account_id else names.get(part.person_id, HIDDEN) if part.person_id else HIDDEN
    return f"{who}：{minutes_words(abs(part.minutes))}"


def _got(part: queries.ServicePart, names: dict[UUID, str], homes: dict[UUID, str]) -> str:
    if part.person_id:
        return names.get(part.person_id, HIDDEN)
    if part.household_id:
        return f"{homes.get(part.household_id, '一户')}，{abs(part.heads)} 人次"
    return f"未记名 {abs(part.heads)} 人次"


def _homes(viewer: Viewer, community: UUID, parts: list[Any]) -> dict[UUID, str]:
    """Households that were served as a whole, by whoever of them the viewer sees."""
    ids = [part.household_id for part in parts if part.household_id and not part.person_id]
    found = homes_of(viewer, community, ids) if ids else {}
    return {home: f"{place_text(people[0].household)} {people[0].name}家" for home, people in found.items()}


def _own(parts: list[Any], viewer: Viewer, names: dict[UUID, str]) -> list[str]:
    """Somebody who took part reads their own name; of the others only how many."""
    got = [part for part in parts if part.side == "got"]
    mine = [names.get(part.person_id, "我") for part in got if part.person_id and part.person_id == viewer.person_id]
    others = sum(abs(part.heads) for part in got) - len(mine)
    return [*mine, *([f"其他 {others} 人次"] if others else [])]
