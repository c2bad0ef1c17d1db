"""What the actions on places are called in the audit trail, and the names of communities."""

from __future__ import annotations

from uuid import UUID

from fuhui.registry.places.queries import communities_for
from fuhui.shared.audit.words import name_communities_with, register_words
from fuhui.shared.viewers import Viewer


def _names(viewer: Viewer) -> dict[UUID, str]:
    return {community.id: community.name for community in communities_for(viewer)}


name_communities_with(_names)
register_words(
    {
        "places.import_divisions": "导入行政区划", "places.open_community": "开通社区",
        "places.change_community": "修改社区设置",
        "places.save_grid": "保存网格", "places.save_building": "保存楼栋", "places.homes_create": "添加房屋",
    },
    {"region": "行政区划", "community": "社区", "grid": "网格", "building": "楼栋", "home": "房屋"},
)
