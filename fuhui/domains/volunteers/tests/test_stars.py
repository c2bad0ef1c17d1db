"""Chen tries another table of stars out before she saves it, and everybody reads how it came to be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from fuhui.domains.volunteers.actions.certificates import set_stars
from fuhui.domains.volunteers.models import StarChange
from fuhui.domains.volunteers.queries.certificates import star_table
from fuhui.domains.volunteers.queries.stars import whose_star_changes
from fuhui.domains.volunteers.rules.certificates import DEFAULT_STARS
from fuhui.domains.volunteers.tests.conftest import People, registered
from fuhui.domains.volunteers.tests.test_timebank import served
from fuhui.domains.volunteers.tests.test_timebank_people import merged, twin
from fuhui.shared.errors import NotAllowed
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer

pytestmark = pytest.mark.django_db
LOW = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
LOW_TYPED = {f"hours-{star}": str(hours) for star, hours in LOW.items()}


def test_chen_sees_whose_star_would_change_before_she_saves(
    people: People, chen: Viewer, lin: Viewer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    registered(people, people.lin)
    registered(people, people.zhou)
    served(people, people.lin, 150, "a")
    served(people, people.zhou, 59, "b")
    desk = signed_in(chen)
    tried = desk.post("/volunteers/stars/", LOW_TYPED | {"do": "try"}).content.decode()
    assert ("1 位志愿者的星级会变" in tried, "没有星 → 2 星" in tried, "周航" in tried) == (True, True, False)
    with acting(chen):
        assert star_table(people.community.id) == dict(DEFAULT_STARS)
    wrong = desk.post("/volunteers/stars/", LOW_TYPED | {"do": "save", "hours-3": "2"})
    assert (wrong.status_code, "一级比一级多" in wrong.content.decode()) == (422, True)
    for typed in ("很多", "-1", "999999999999"):
        assert desk.post("/volunteers/stars/", LOW_TYPED | {"do": "save", "hours-5": typed}).status_code == 422
    assert "1 位志愿者的星级随之改变" in desk.post(
        "/volunteers/stars/", LOW_TYPED | {"do": "save"}, follow=True).content.decode()
    hers = signed_in(lin)
    read = hers.get("/volunteers/stars/").content.decode()
    assert ("满 2 小时" in read, "陈静改，1 人" in read, 'name="hours-1"' in read) == (True, True, False)
    assert hers.post("/volunteers/stars/", LOW_TYPED | {"do": "save"}).status_code == 403
    with django_assert_max_num_queries(10):
        desk.post("/volunteers/stars/", LOW_TYPED | {"do": "try"})


def test_hours_of_two_records_of_one_resident_count_together(people: People, chen: Viewer, lin: Viewer) -> None:
    other = twin(people)
    registered(people, people.lin)
    served(people, people.lin, 40, "a")
    served(people, other, 30, "b")
    merged(people, chen, people.lin, other)
    with acting(chen):
        found = whose_star_changes(chen, people.community.id, DEFAULT_STARS, LOW)
        assert [(one.minutes, one.before, one.after) for one in found] == [(70, 0, 1)]
    with acting(lin), pytest.raises(NotAllowed):
        whose_star_changes(lin, people.community.id, DEFAULT_STARS, LOW)


def test_history_is_only_ever_added_to_and_knows_no_change_that_is_none(people: People, chen: Viewer) -> None:
    with acting(chen):
        assert set_stars(by=chen, community_id=people.community.id, table=LOW) == 0
        set_stars(by=chen, community_id=people.community.id, table=LOW)
        row = StarChange.objects.get()
        assert row.hours == [1, 2, 3, 4, 5]
        for change in ({"hours": [1, 2, 3, 4, 6]}, {"changed": 7}):
            with pytest.raises(DatabaseError), transaction.atomic():
                StarChange.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            StarChange.objects.create(community_id=row.community_id, hours=[1, 2], changed=0, by="x")
