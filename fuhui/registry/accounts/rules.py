"""Which roles are what."""

from __future__ import annotations

from fuhui.shared.viewers import DESK_ROLES, Role

# Roles that are held in one community.
COMMUNITY_ROLES = (
    Role.RESIDENT, Role.VOLUNTEER, Role.GRID_WORKER, Role.COMMUNITY_STAFF,
    Role.SECRETARY, Role.HEALTH_WORKER, Role.ORGANISATION_LEADER,
)
# Roles whose accounts see other people's matters, so that a second factor can be required of them.
STAFF_ROLES = DESK_ROLES | {Role.HEALTH_WORKER, Role.STREET_OFFICER, Role.AUDITOR, Role.OPERATOR}
