"""The one reason, and its order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fuhui.domains.volunteers.rules.signing_up import WORDS, Answer, ShiftFacts, VolunteerFacts, answer
from tests.personas import moment

NOW = moment("2026-03-01 08:00")
NINE, ELEVEN = moment("2026-03-07 09:00"), moment("2026-03-07 11:00")


def shift(**more: Any) -> ShiftFacts:
    """Saturday from nine to eleven with a free place."""
    facts: dict[str, Any] = {"starts_at": NINE, "ends_at": ELEVEN, "opens_at": NOW, "closes_at": NINE, "free": 1}
    return ShiftFacts(**(facts | more))


def person(**more: Any) -> VolunteerFacts:
    """A grown-up without other shifts."""
    facts: dict[str, Any] = {"is_active": True, "age": 34}
    return VolunteerFacts(**(facts | more))


def other(begin: str, end: str) -> list[tuple[datetime, datetime]]:
    """One other shift."""
    return [(moment(begin), moment(end))]


@pytest.mark.parametrize(("where", "who", "said"), [
    ({}, {}, Answer.FREE),
    ({}, {"is_signed_up": True}, Answer.SIGNED_UP),
    ({"is_cancelled": True}, {}, Answer.CANCELLED),
    ({"starts_at": NOW, "closes_at": NOW}, {}, Answer.STARTED),
    ({"opens_at": NOW + timedelta(hours=1)}, {}, Answer.NOT_YET),
    ({"closes_at": NOW}, {}, Answer.WINDOW_ENDED),
    ({}, {"is_active": False}, Answer.NOT_ACTIVE),
    ({"team_only": True}, {}, Answer.TEAM_ONLY),
    ({"team_only": True}, {"is_member": True}, Answer.FREE),
    ({"is_dangerous": True}, {"age": 17}, Answer.DANGEROUS),
    ({"is_dangerous": True}, {"age": 18}, Answer.FREE),
    ({"min_age": 16}, {"age": 15}, Answer.TOO_YOUNG),
    ({"skill": "legal"}, {"skills": ["care"]}, Answer.QUALIFICATION),
    ({"skill": "care"}, {"skills": ["care"]}, Answer.FREE),
    ({"free": 0}, {}, Answer.FULL),
    ({}, {"others": other("2026-03-07 10:59", "2026-03-07 12:00")}, Answer.COLLIDES),
    ({}, {"others": other("2026-03-07 11:00", "2026-03-07 12:00")}, Answer.CLOSE),
    ({}, {"others": other("2026-03-07 12:00", "2026-03-07 13:00")}, Answer.FREE),
    ({}, {"others": other("2026-03-07 12:00", "2026-03-07 18:01")}, Answer.TOO_MUCH),
    ({}, {"age": 15, "others": other("2026-03-07 14:00", "2026-03-07 16:01")}, Answer.TOO_MUCH),
    ({"ends_at": moment("2026-03-07 13:01")}, {"age": 15}, Answer.TOO_MUCH),
    ({}, {"others": other("2026-03-06 20:00", "2026-03-07 01:01")}, Answer.NO_REST),
    ({}, {"others": other("2026-03-06 20:00", "2026-03-07 01:00")}, Answer.FREE),
    ({"free": 0}, {"others": other("2026-03-07 10:00", "2026-03-07 12:00")}, Answer.COLLIDES),
])
def test_a_sign_up_has_one_answer(where: dict[str, Any], who: dict[str, Any], said: Answer) -> None:
    assert answer(shift(**where), person(**who), NOW) is said


def test_who_says_they_will_make_it_is_believed() -> None:
    near = person(others=other("2026-03-07 11:10", "2026-03-07 12:00"))
    assert answer(shift(), near, NOW, close_is_fine=True) is Answer.FREE


def test_every_answer_has_words() -> None:
    assert set(WORDS) == set(Answer)
