"""Reads of imports."""

from __future__ import annotations

from uuid import UUID

from fuhui.registry.people.models import ImportBatch
from fuhui.registry.people.permissions import may_import
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer


def batches_for(viewer: Viewer, community_id: UUID) -> list[ImportBatch]:
    """The latest 20 imports of a community; none for those who may not import."""
    if not may_import(viewer, community_id).allowed:
        return []
    return list(ImportBatch.objects.filter(community_id=community_id).order_by("-created_at")[:20])


def batch_for(viewer: Viewer, batch_id: UUID) -> ImportBatch:
    """One import. Raises NotFound where it is not the viewer's."""
    found = ImportBatch.objects.filter(pk=batch_id, community_id__in=viewer.communities).first()
    if found is None or not may_import(viewer, found.community_id).allowed:
        raise NotFound("import", "没有找到这次导入，或不在您的权限范围内。")
    return found
