"""The community a viewer works in at the moment, where there are several."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from fuhui.registry.places.queries import Community, community_for
from fuhui.registry.places.web.entry import viewer_of
from fuhui.shared.errors import NotAllowed, NotFound

SESSION_KEY = "community"


def chosen_community_id(request: HttpRequest) -> UUID:
    """The community chosen in this session, else the viewer's first. No statement. Raises NotAllowed without any."""
    viewer = viewer_of(request)
    if not viewer.communities:
        raise NotAllowed("no_community", "您的账号还没有社区里的角色，请联系社区书记或系统管理员。")
    chosen = request.session.get(SESSION_KEY)
    return next((one for one in viewer.communities if str(one) == chosen), viewer.communities[0])


def chosen_community(request: HttpRequest) -> Community:
    """As above, the community itself; read once per request."""
    kept: Community | None = getattr(request, "_chosen_community", None)
    if kept is None:
        kept = community_for(viewer_of(request), chosen_community_id(request))
        request._chosen_community = kept  # type: ignore[attr-defined]
    return kept


def choose_community(request: HttpRequest, community_id: UUID) -> None:
    """Remembers the choice in the session. Raises NotFound for a community outside the viewer's scope."""
    if not viewer_of(request).sees(community_id):
        raise NotFound
    request.session[SESSION_KEY] = str(community_id)
