"""Small things on a case: notes, corrections, photos, and looking up who raised it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from fuhui.domains.cases.actions.moving import begin, finish, involved_of
from fuhui.domains.cases.actions.time import reckon_case
from fuhui.domains.cases.models import Case, CasePhoto, CaseReporter
from fuhui.domains.cases.models.case import words_vector
from fuhui.domains.cases.permissions import may_see_contact, relations
from fuhui.domains.cases.queries.queue import case_for
from fuhui.domains.cases.queries.rulebook import rulebook
from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES, Priority
from fuhui.domains.cases.rules.states import Step
from fuhui.registry.places.queries import building_grid
from fuhui.shared import audit
from fuhui.shared.errors import BadInput
from fuhui.shared.files.actions import store_document, store_photo
from fuhui.shared.files.documents import is_document
from fuhui.shared.viewers import Role, Viewer

MOST_PHOTOS = 12
WORKING = frozenset(Role) - {Role.RESIDENT}


@transaction.atomic
def note_case(*, by: Viewer, case_id: UUID, note: str, version: int | None = None) -> Case:
    """备注: for colleagues only."""
    return finish(begin(by=by, case_id=case_id, step=Step.NOTE, note=note, version=version), note=note)


@transaction.atomic
def correct_case(
    *,
    by: Viewer,
    case_id: UUID,
    title: str = "",
    category_code: str = "",
    priority: str = "",
    grid_id: UUID | None = None,
    building_id: UUID | None = None,
    place_text: str | None = None,
    version: int | None = None,
) -> Case:
    """更正 what the machine or the caller got wrong; the dates are reckoned anew from the day of receipt.
    Old and new values are kept in the history and teach the machine."""
    move = begin(by=by, case_id=case_id, step=Step.CORRECT, version=version)
    before = _facts(move.case)
    _apply(
        move.case,
        title=title,
        category_code=category_code,
        priority=priority,
        grid_id=grid_id,
        building_id=building_id,
        place_text=place_text,
    )
    after = _facts(move.case)
    changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if not changed:
        return move.case
    if {"category", "priority"} & set(changed):
        reckon_case(move.case)
    case = finish(move, data={"changed": changed})
    Case.objects.filter(pk=case.pk).update(search=words_vector(case.id, case.searchable()))
    return case


@transaction.atomic
def add_photo(*, by: Viewer, case_id: UUID, upload: Any, moment: str, note: str = "") -> CasePhoto:
    """添加照片: checked to be a photo, its location and other hidden data taken out. At most 12 a case."""
    move = begin(by=by, case_id=case_id, step=Step.ADD_PHOTO)
    if moment not in {"before", "after", "evidence"}:
        raise BadInput("unknown_moment", "请选择照片是办理前、办理后还是过程。", field="moment")
    if CasePhoto.objects.filter(case=move.case).count() >= MOST_PHOTOS:
        raise BadInput("too_many_photos", f"每件诉求最多 {MOST_PHOTOS} 张照片。")
    stored = store_photo(
        community_id=move.case.community_id, upload=upload, name=getattr(upload, "name", ""), by=by, purpose="case"
    )
    photo = CasePhoto.objects.create(
        community_id=move.case.community_id,
        case=move.case,
        file_id=stored.id,
        moment=moment,
        note=note[:100],
        actor=by.actor,
        at=move.now,
    )
    finish(move, data={"file": str(stored.id), "moment": moment})
    return photo


@transaction.atomic
def add_document(*, by: Viewer, case_id: UUID, upload: Any) -> CasePhoto:
    """添加文件: a PDF, docx or xlsx, checked by its content. At most 12 photos and documents a case. A resident's is
    shown to the resident too, a colleague's to colleagues only; neither goes to the public page."""
    move = begin(by=by, case_id=case_id, step=Step.ADD_PHOTO)
    if CasePhoto.objects.filter(case=move.case).count() >= MOST_PHOTOS:
        raise BadInput("too_many_photos", f"每件诉求最多 {MOST_PHOTOS} 张照片和文件。", field="photo")
    stored = store_document(
        community_id=move.case.community_id, upload=upload, name=getattr(upload, "name", "") or "", by=by
    )
    moment = "document" if by.roles & WORKING else "resident"
    row = CasePhoto.objects.create(
        community_id=move.case.community_id, case=move.case, file_id=stored.id, moment=moment,
        note=stored.name[:100], actor=by.actor, at=move.now,
    )  # fmt: skip
    finish(move, data={"file": str(stored.id), "moment": moment})
    return row


def add_file(*, by: Viewer, case_id: UUID, upload: Any, moment: str, note: str = "") -> CasePhoto:
    """A photo or a document, whichever the content is; see `add_photo` and `add_document`."""
    head = upload.read(8)
    upload.seek(0)
    if is_document(head):
        return add_document(by=by, case_id=case_id, upload=upload)
    return add_photo(by=by, case_id=case_id, upload=upload, moment=moment, note=note)


@transaction.atomic
def reveal_contact(*, by: Viewer, case_id: UUID) -> list[dict[str, Any]]:
    """Names and phones of those who raised it. Reading them leaves an entry in the audit."""
    case = case_for(by, case_id)
    may_see_contact(relations(by, case, involved_of(case)), case).require()
    rows = [
        {"name": row.name, "phone": row.phone or "", "group": row.group_name, "words": row.words}
        for row in CaseReporter.objects.filter(case=case).order_by("id")
    ]
    audit.record(
        "cases.read_contact",
        by=by,
        community_id=case.community_id,
        subject="case",
        subject_id=case.id,
        data={"number": case.number},
    )
    return rows


def _facts(case: Case) -> dict[str, Any]:
    return {
        "title": case.title,
        "category": str(case.category_id),
        "priority": case.priority,
        "grid": str(case.grid_id),
        "building": str(case.building_id),
        "place": case.place_text,
    }


def _apply(
    case: Case,
    *,
    title: str,
    category_code: str,
    priority: str,
    grid_id: UUID | None,
    building_id: UUID | None,
    place_text: str | None,
) -> None:
    if title.strip():
        case.title = title.strip()[:60]
    if category_code:
        case.category_id = _category_id(case.community_id, category_code)
    if priority:
        if priority not in set(Priority):
            raise BadInput("unknown_priority", f"优先级可选：{'、'.join(PRIORITY_NAMES.values())}。", field="priority")
        case.priority = priority
    if building_id:
        found = building_grid(case.community_id, building_id)
        if found is None:
            raise BadInput("unknown_place", "这栋楼不属于本社区。", field="building")
        case.building_id, case.grid_id = building_id, found[0]
    elif grid_id:
        case.grid_id = grid_id
    if place_text is not None:
        case.place_text = place_text.strip()[:120]


def _category_id(community_id: UUID, code: str) -> UUID:
    category = rulebook(community_id, fresh=True).categories.get(code)
    if category is None:
        raise BadInput("unknown_category", "没有这个类别，请从列表里选择。", field="category")
    return category.id
