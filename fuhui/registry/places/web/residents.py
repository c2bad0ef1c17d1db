"""What every page for residents shares: large type unless they chose otherwise, their community, their scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest

from fuhui.registry.places.queries import Community, community_by_code, community_by_id
from fuhui.registry.places.web.entry import viewer_of
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.ui.context import TYPE_COOKIE
from fuhui.shared.viewers import Viewer, visitor_in


@dataclass(frozen=True)
class Caller:
    """A resident on a page of one community: with an account there, or a visitor."""

    viewer: Viewer
    community: Community

    @property
    def account_id(self) -> UUID | None:
        """The account, where there is one in this community."""
        return self.viewer.account_id


@contextmanager
def calling(request: HttpRequest, where: str | UUID) -> Iterator[Caller]:
    """The community of a public page, by its code or, from a signed link, its id; the connection sees that community
    inside the block. Raises NotFound."""
    large_by_default(request)
    community = community_by_code(where) if isinstance(where, str) else community_by_id(where)
    viewer = viewer_of(request)
    mine = viewer if viewer.sees(community.id) else visitor_in(community.id)
    with acting(replace(mine, communities=(community.id,))) as inside:
        yield Caller(inside, community)


def large_by_default(request: HttpRequest) -> None:
    """Residents' pages are in large type until the reader has chosen."""
    request.COOKIES.setdefault(TYPE_COOKIE, "large")
