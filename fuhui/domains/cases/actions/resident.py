"""Residents acting without an account: proven by a tracking token or by a code sent to their phone."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fuhui.domains.cases.queries.reporting import case_of_token, is_reporter
from fuhui.shared.errors import NotFound
from fuhui.shared.viewers import Viewer, visitor_in


def viewer_of_tracking_token(token: str) -> tuple[Viewer, UUID]:
    """Who holds this token, and the case it opens; raises NotFound."""
    community_id, case_id = case_of_token(token)
    return replace(visitor_in(community_id), name="反映人", reporter_of=frozenset({case_id})), case_id


def viewer_of_phone(community_id: UUID, case_id: UUID, phone: str) -> Viewer:
    """Who has proven this phone, as reporter of one case; raises NotFound for somebody else's case."""
    from fuhui.domains.cases.queries.reporting import tracked_case

    case = tracked_case(community_id, case_id)
    if not is_reporter(case, phone=phone):
        raise NotFound
    return replace(visitor_in(community_id), name="反映人", reporter_of=frozenset({case_id}))
