"""Which open cases a new one may repeat: looked up with its number in one statement, stored for a person to decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from fuhui import triage
from fuhui.domains.cases.actions.sorting import Sorted
from fuhui.domains.cases.models import Case, MergeSuggestion

LOOK_BACK = timedelta(days=30)
SUGGESTIONS = 3
_HALF = (
    "(SELECT id, number, title, text, received_at FROM cases_case WHERE community_id = %(community)s AND is_open"
    " AND NOT is_confidential AND received_at >= %(since)s AND {} ORDER BY id DESC LIMIT 25)"
)
# Each half is read off a partial index of its own.
_OF_CATEGORY = _HALF.format("category_id = %(category)s")
_OF_BUILDING = _HALF.format("building_id = %(building)s") + " UNION ALL " + _HALF.format(
    "category_id = %(category)s AND building_id IS NULL"
)
_BOTH = "SELECT nextval('cases_number'), (SELECT json_agg(one)::text FROM ({}) AS one)"


def number_and_open_cases(
    community_id: UUID, found: Sorted, *, wanted: bool
) -> tuple[int, list[dict[str, Any]]]:
    """The next running number of the installation and, where `wanted`, the newest open cases of the last 30 days at
    the same building with those of the same category whose building is not known (of any, when this one's is not)."""
    values: dict[str, Any] = {
        "community": community_id,
        "since": found.received_at - LOOK_BACK,
        "building": found.building_id,
        "category": found.category.id,
    }
    statement = _BOTH.format(_OF_BUILDING if found.building_id else _OF_CATEGORY)
    with connection.cursor() as cursor:
        if wanted:
            cursor.execute(statement, values)
            running, said = cursor.fetchone()
        else:
            cursor.execute("SELECT nextval('cases_number')")
            running, said = cursor.fetchone()[0], None
    return running, orjson.loads(said) if said else []


def repeats_of(case: Case, found: Sorted, candidates: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Those that the case may repeat, most likely first, at most three, each with its score and evidence."""
    by_id = {row["id"]: row for row in candidates}
    matches = triage.match(
        triage.Candidate(
            str(case.id),
            case.text,
            found.understanding.place,
            found.category.codes[-1],
            case.received_at.replace(tzinfo=None),
        ),
        [triage.Candidate(key, row["text"], None, None, _moment(row, case)) for key, row in by_id.items()],
        limit=SUGGESTIONS,
    )
    return tuple(
        {
            "id": one.candidate_id,
            "number": by_id[one.candidate_id]["number"],
            "title": by_id[one.candidate_id]["title"],
            "score": one.score,
            "evidence": one.evidence_zh,
        }
        for one in matches
    )


def suggestion_rows(case: Case, repeats: tuple[dict[str, Any], ...]) -> list[MergeSuggestion]:
    """Unsaved suggestions to merge."""
    return [
        MergeSuggestion(
            community_id=case.community_id,
            case=case,
            main_id=UUID(one["id"]),
            score=min(max(one["score"], 0), 1),
            evidence=[one["evidence"]],
        )
        for one in repeats
    ]


def _moment(row: dict[str, Any], case: Case) -> datetime:
    return datetime.fromisoformat(row["received_at"]).astimezone(case.received_at.tzinfo).replace(tzinfo=None)
