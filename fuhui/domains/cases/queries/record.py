"""One case with everything its page shows, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from fuhui.domains.cases.models import Case
from fuhui.domains.cases.permissions import Involved, relations
from fuhui.domains.cases.queries.queue import cases_for, not_found
from fuhui.domains.cases.rules.states import State, Step, Who, steps_from
from fuhui.shared.prepared import PreparedQuery
from fuhui.shared.viewers import Viewer

_PARTS = """
SELECT json_build_object(
 'steps', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'step', s.step, 'from', s.state_from,
     'to', s.state_to, 'at', s.at, 'who', s.actor_name, 'actor', s.actor, 'note', s.note, 'public', s.is_public,
     'data', s.data) ORDER BY s.id), '[]') FROM cases_casestep s
     WHERE s.community_id = cases_case.community_id AND s.case_id = cases_case.id),
 'reporters', (SELECT coalesce(json_agg(json_build_object('id', r.id, 'case', r.case_id, 'name', r.name,
     'account', r.account_id, 'person', r.person_id, 'group', r.group_name, 'words', r.words, 'at', r.said_at,
     'has_phone', r.phone IS NOT NULL) ORDER BY r.id), '[]') FROM cases_casereporter r
     WHERE r.community_id = cases_case.community_id AND r.case_id = ANY (ARRAY(
       SELECT m.id FROM cases_case m
       WHERE m.community_id = cases_case.community_id AND m.main_case_id = cases_case.id) || cases_case.id)),
 'handlers', (SELECT coalesce(json_agg(json_build_object('id', h.id, 'role', h.role, 'account', h.account_id,
     'organisation', h.organisation_id, 'name', h.name, 'since', h.since, 'until', h.until, 'reply', h.reply,
     'replied_at', h.replied_at) ORDER BY h.id), '[]') FROM cases_casehandler h
     WHERE h.community_id = cases_case.community_id AND h.case_id = cases_case.id),
 'merged', (SELECT coalesce(json_agg(json_build_object('id', m.id, 'number', m.number, 'title', m.title,
     'at', m.received_at) ORDER BY m.id), '[]') FROM cases_case m
     WHERE m.community_id = cases_case.community_id AND m.main_case_id = cases_case.id),
 'main', (SELECT json_build_object('id', m.id, 'number', m.number, 'title', m.title, 'state', m.state)
     FROM cases_case m WHERE m.community_id = cases_case.community_id AND m.id = cases_case.main_case_id),
 'suggestions', (SELECT coalesce(json_agg(json_build_object('id', g.id, 'main', g.main_id, 'number', m.number,
     'title', m.title, 'state', m.state, 'score', g.score, 'evidence', g.evidence) ORDER BY g.score DESC), '[]')
     FROM cases_mergesuggestion g JOIN cases_case m ON m.community_id = g.community_id AND m.id = g.main_id
     WHERE g.community_id = cases_case.community_id AND g.case_id = cases_case.id AND g.decision = 'open'),
 'photos', (SELECT coalesce(json_agg(json_build_object('id', p.file_id, 'moment', p.moment, 'note', p.note,
     'at', p.at) ORDER BY p.id), '[]') FROM cases_casephoto p
     WHERE p.community_id = cases_case.community_id AND p.case_id = cases_case.id),
 'pauses', (SELECT coalesce(json_agg(json_build_object('kind', p.kind, 'begin', p.begin, 'end', p."end",
     'review_on', p.review_on, 'reason', p.reason) ORDER BY p.id), '[]') FROM cases_casepause p
     WHERE p.community_id = cases_case.community_id AND p.case_id = cases_case.id),
 'objections', (SELECT coalesce(json_agg(json_build_object('reason', o.reason, 'at', o.at, 'is_upheld', o.is_upheld,
     'decision', o.decision)), '[]') FROM cases_caseobjection o
     WHERE o.community_id = cases_case.community_id AND o.case_id = cases_case.id),
 'extensions', (SELECT coalesce(json_agg(json_build_object('id', e.id, 'state', e.state, 'reason', e.reason,
     'days', e.days, 'at', e.at, 'actor', e.actor, 'new_due_at', e.new_due_at) ORDER BY e.id), '[]')
     FROM cases_caseextension e WHERE e.community_id = cases_case.community_id AND e.case_id = cases_case.id),
 'escalations', (SELECT coalesce(json_agg(json_build_object('id', e.id, 'reason', e.reason, 'at', e.at,
     'reply', e.reply, 'replied_at', e.replied_at) ORDER BY e.id), '[]')
     FROM cases_caseescalation e WHERE e.community_id = cases_case.community_id AND e.case_id = cases_case.id),
 'ratings', (SELECT coalesce(json_agg(json_build_object('at', r.at, 'reached', r.reached, 'is_solved', r.is_solved,
     'satisfaction', r.satisfaction, 'words', r.words) ORDER BY r.id), '[]') FROM cases_caserating r
     WHERE r.community_id = cases_case.community_id AND r.case_id = cases_case.id),
 'publication', (SELECT json_build_object('id', p.id, 'title', p.title, 'text', p.text, 'reply', p.reply,
     'at', p.published_at) FROM cases_casepublication p
     WHERE p.community_id = cases_case.community_id AND p.case_id = cases_case.id AND p.withdrawn_at IS NULL)
)::text
"""


@dataclass(frozen=True)
class CaseRecord:
    """A case, its parts as plain lists of dictionaries (times as ISO text), and what the viewer is to it."""

    case: Case
    parts: dict[str, Any]
    who: frozenset[Who]


def case_record(viewer: Viewer, case_id: UUID) -> CaseRecord:
    """The whole record for one viewer; raises NotFound. Contacts are not in it: see `actions.reveal_contact`."""
    case: Any = _records_of(viewer).first(case_id)
    if case is None:
        raise not_found()
    parts: dict[str, Any] = orjson.loads(case.parts)
    return CaseRecord(case, parts, relations(viewer, case, involved_in(case.id, parts)))


@lru_cache(maxsize=256)
def _records_of(viewer: Viewer) -> PreparedQuery[Case]:
    rows = cases_for(viewer).select_related("category", "grid")
    rows = rows.annotate(parts=RawSQL(_PARTS, (), TextField()))  # noqa: S611 - without values
    return PreparedQuery(lambda case_id: rows.filter(pk=case_id))


def possible_steps(record: CaseRecord) -> list[Step]:
    """The steps this viewer may take in this state that also make sense on this case, in the table's order."""
    left_out = pointless_steps(record)
    return [step for step in steps_from(State(record.case.state), record.who) if step not in left_out]


def pointless_steps(record: CaseRecord) -> frozenset[Step]:
    """Steps that the state allows and this case gives no occasion for: nothing to decide, nobody whistled."""
    parts = record.parts
    occasions = {
        Step.DECIDE_EXTENSION: any(row["state"] == "asked" for row in parts["extensions"]),
        Step.DECIDE_OBJECTION: any(row["is_upheld"] is None for row in parts["objections"]),
        Step.WHISTLE_REPLY: any(row["role"] == "whistled" and not row["until"] for row in parts["handlers"]),
        Step.UNPUBLISH: bool(parts["publication"]),
        Step.PUBLISH: not parts["publication"],
    }
    return frozenset(step for step, arises in occasions.items() if not arises)


def involved_in(case_id: UUID, parts: dict[str, Any]) -> Involved:
    """Who works on the case and who raised it (merged cases' reporters included), out of its parts."""
    at_work = [handler for handler in parts["handlers"] if not handler["until"]]
    return Involved(
        handler_accounts=frozenset(UUID(row["account"]) for row in at_work if row["account"]),
        handler_organisations=frozenset(UUID(row["organisation"]) for row in at_work if row["organisation"]),
        reporter_accounts=frozenset(UUID(row["account"]) for row in parts["reporters"] if row["account"]),
    )
