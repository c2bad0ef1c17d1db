"""The catalogue: a default for a new community, and a new version for each change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from fuhui.registry.ledger.models import Catalogue, ServiceKind
from fuhui.registry.ledger.permissions import may_keep_catalogue
from fuhui.registry.ledger.queries.catalogue import CatalogueVersion, catalogue_for
from fuhui.registry.ledger.rules.catalogue import CODE, Kind, default_kinds
from fuhui.registry.ledger.rules.matrix import extended, free_code
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, StalePage
from fuhui.shared.viewers import Viewer

_STALE = "服务目录刚刚被别人改过，您的修改还没有保存。请刷新页面再改一次。"


def kind_in_use(by: Viewer, community_id: UUID, code: str) -> ServiceKind:
    """The row of a kind in the present catalogue, in the caller's transaction; the first use writes the default.

    Raises BadInput for a code that the catalogue does not have or has retired.
    """
    latest = _latest(community_id) or _write(by, community_id, 1, "默认目录", default_kinds())
    row = ServiceKind.objects.filter(community_id=community_id, catalogue=latest, code=code, is_active=True).first()
    if row is None:
        raise BadInput("kind", "服务目录里没有这个项目，或它已经停用。请从目录里另选一个。", field="kind", kind=code)
    return row


@transaction.atomic
def save_kind(*, by: Viewer, community_id: UUID, kind: Kind, version: int) -> int:
    """Adds a kind or changes the one with the same code, as the next version of the catalogue; returns its number.

    Without a code a kind is added; a known code without a name keeps its name. `version` is the one the page was
    opened with. Records keep the version they were written under.
    Raises BadInput, and StalePage when the catalogue has changed since.
    """
    present = _present(by, community_id, version)
    wanted = _sound(kind, present.kinds)
    others = [one for one in present.kinds if one.code != wanted.code]
    if any(one.name == wanted.name and one.is_active for one in others) and wanted.is_active:
        raise BadInput("name", "目录里已经有同名的项目，请换一个名称。", field="name")
    made = _write(by, community_id, version + 1, f"{wanted.name}（{wanted.code}）", [*others, wanted], only_new=True)
    audit.record("ledger.save_kind", by=by, community_id=community_id, subject="service_catalogue",
                 subject_id=made.id, data={"version": made.version, "code": wanted.code, "name": wanted.name,
                                           "is_active": wanted.is_active})
    return made.version


@transaction.atomic
def extend_matrix(*, by: Viewer, community_id: UUID, side: str, name: str, version: int) -> int:
    """Adds a row (`help`, whom it helps) or a column (`send`, what it brings) with all its kinds, as the next version
    of the catalogue; returns its number. Raises BadInput, and StalePage when the catalogue has changed since."""
    present = _present(by, community_id, version)
    more = extended(present.kinds, side, name)
    same = {kind.name for kind in present.active} & {kind.name for kind in more}
    if same:
        raise BadInput("line_name", f"目录里已经有“{min(same)}”这个项目，请先停用它或换一个名称。", field="line_name")
    made = _write(by, community_id, version + 1, f"加上“{name.strip()}”", [*present.kinds, *more], only_new=True)
    audit.record("ledger.extend_matrix", by=by, community_id=community_id, subject="service_catalogue",
                 subject_id=made.id, data={"version": made.version, "side": side, "name": name.strip(),
                                           "codes": [kind.code for kind in more]})
    return made.version


def _present(by: Viewer, community_id: UUID, version: int) -> CatalogueVersion:
    may_keep_catalogue(by, community_id).require()
    present = catalogue_for(by, community_id)
    if present.version != version:
        raise StalePage("stale", _STALE)
    return present


def _sound(kind: Kind, known: Sequence[Kind]) -> Kind:
    code = kind.code.strip() or free_code(known)
    former = next((one for one in known if one.code == code), None)
    name = kind.name.strip() or (former.name if former else "")
    if not CODE.fullmatch(code):
        raise BadInput("code", "代码用小写字母开头，只含小写字母、数字和下划线，例如 home_repair。", field="code")
    if not 1 <= len(name) <= 30:
        raise BadInput("name", "请填写项目名称，最多 30 个字。", field="name")
    return replace(former or kind, code=code, name=name, is_active=kind.is_active)


def _latest(community_id: UUID) -> Catalogue | None:
    return Catalogue.objects.filter(community_id=community_id).order_by("-version").first()


def _write(
    by: Viewer, community_id: UUID, version: int, note: str, kinds: Iterable[Kind], *, only_new: bool = False
) -> Catalogue:
    """One statement decides between two writers of the same version: the other one waits and uses what is there."""
    row = Catalogue(community_id=community_id, version=version, note=note[:200], by=by.actor)
    Catalogue.objects.bulk_create([row], ignore_conflicts=True)
    found = Catalogue.objects.get(community_id=community_id, version=version)
    if found.id == row.id:
        ServiceKind.objects.bulk_create(
            ServiceKind(community_id=community_id, catalogue=row, **kind.__dict__) for kind in kinds
        )
    elif only_new:
        raise StalePage("stale", _STALE)
    return found
