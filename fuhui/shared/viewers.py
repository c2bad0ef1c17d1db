"""Who looks and who acts: the one argument from which every read and every action starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be in a community, organisation or region."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    GRID_WORKER = "grid_worker"
    COMMUNITY_STAFF = "community_staff"
    SECRETARY = "secretary"
    HEALTH_WORKER = "health_worker"
    ORGANISATION_LEADER = "organisation_leader"
    STREET_OFFICER = "street_officer"
    AUDITOR = "auditor"
    OPERATOR = "operator"


ROLE_NAMES: dict[Role, str] = {
    Role.RESIDENT: "居民",
    Role.VOLUNTEER: "志愿者",
    Role.GRID_WORKER: "网格员",
    Role.COMMUNITY_STAFF: "社区工作者",
    Role.SECRETARY: "社区书记",
    Role.HEALTH_WORKER: "健康驿站医护",
    Role.ORGANISATION_LEADER: "组织负责人",
    Role.STREET_OFFICER: "街道干部",
    Role.AUDITOR: "审计员",
    Role.OPERATOR: "系统管理员",
}

# Staff of one community who work on its matters.
DESK_ROLES = frozenset({Role.GRID_WORKER, Role.COMMUNITY_STAFF, Role.SECRETARY})


@dataclass(frozen=True)
class Grant:
    """One role in one community; `grid_id` narrows it to a grid, `organisation_id` to an organisation."""

    role: Role
    community_id: UUID | None
    grid_id: UUID | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True)
class Viewer:
    """An account with its grants, or the system itself. `communities` is what row-level security lets through."""

    account_id: UUID | None = None
    person_id: UUID | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    communities: tuple[UUID, ...] = ()
    is_system: bool = False
    # Matters that somebody without an account has proven to have raised (by token or phone code).
    reporter_of: frozenset[UUID] = frozenset()
    roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        """True for an account; False for a visitor and for the system."""
        return self.account_id is not None

    @property
    def actor(self) -> str:
        """How audit and history name the one who acted: account:…, system:…, reporter or visitor."""
        if self.account_id:
            return f"account:{self.account_id}"
        if self.is_system:
            return f"system:{self.name}"
        return "reporter" if self.reporter_of else "visitor"

    def has(self, *roles: Role, community_id: UUID | None = None) -> bool:
        """True when one of the roles is held, in the given community where one is given."""
        return any(
            grant.role in roles and (community_id is None or community_id == grant.community_id)
            for grant in self.grants
        )

    def grids(self, community_id: UUID) -> frozenset[UUID]:
        """The grids whose worker the viewer is in a community."""
        return frozenset(
            grant.grid_id
            for grant in self.grants
            if grant.role is Role.GRID_WORKER and grant.community_id == community_id and grant.grid_id
        )

    def sees(self, community_id: UUID) -> bool:
        """True when the community is inside the viewer's scope."""
        return community_id in self.communities


VISITOR = Viewer()


def system(name: str, *communities: UUID) -> Viewer:
    """The system acting by itself (a job, a command) inside the given communities."""
    return Viewer(name=name, communities=communities, is_system=True)


def visitor_in(community_id: UUID) -> Viewer:
    """Somebody without an account on a public page of one community."""
    return Viewer(communities=(community_id,))
