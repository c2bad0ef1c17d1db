"""林晓 asks for a certificate; whoever holds the paper can check it and learns nothing else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from fuhui.domains.volunteers.actions.certificates import add_merit, issue_certificate, revoke_certificate, set_stars
from fuhui.domains.volunteers.codes import certificate_token
from fuhui.domains.volunteers.models import Certificate, Volunteer
from fuhui.domains.volunteers.queries.certificates import star_table
from fuhui.domains.volunteers.rules.certificates import DEFAULT_STARS, half_hours, stars_for
from fuhui.domains.volunteers.tests.conftest import People, registered
from fuhui.registry.ledger.actions import ServedBy, reverse_service, write_service
from fuhui.shared.errors import BadInput, NotAllowed, NotFound, RuleBroken
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db
ISSUER = {"head": "陈静", "handler": "孙丽", "contact": "0535-0001001"}


def serve(people: People, days_ago: int, minutes: int, title: str = "陪诊") -> Any:
    with acting(system("tests", people.community.id)) as by:
        return write_service(
            by=by, community=people.community.id, source="tests", key=f"{days_ago}-{title}", kind="other", title=title,
            occurred_at=timezone.now() - timedelta(days=days_ago), minutes=minutes, place="医院",
            served_by=[ServedBy(person=people.lin), ServedBy(person=people.zhou, minutes=30)])


def _issue(by: Viewer, row: Volunteer, days: int = 30, **more: Any) -> Certificate:
    today = timezone.localdate()
    facts: dict[str, Any] = {"since": today - timedelta(days=days), "until": today, **ISSUER}
    with acting(by):
        return issue_certificate(by=by, volunteer_id=row.pk, **(facts | more))


def _text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_it_holds_what_the_book_holds_and_has_a_number(people: People, chen: Viewer) -> None:
    row = registered(people, people.lin)
    serve(people, 3, 100)
    taken_back = serve(people, 4, 60, "送餐")
    serve(people, 90, 240)
    with acting(chen):
        reverse_service(by=chen, community=people.community.id, source="tests", key=taken_back.key, reason="写错了")
    made = _issue(chen, row)
    assert (made.minutes, made.number) == (100, f"370611001038-Z{timezone.localdate().year}00001")
    assert [line["title"] for line in made.facts["lines"]] == ["陪诊"]
    assert _issue(chen, row, days=100).number.endswith("00002")


def test_without_service_or_issuer_there_is_none(people: People, chen: Viewer, lin: Viewer, outsider: Viewer) -> None:
    row = registered(people, people.lin)
    with pytest.raises(RuleBroken, match="没有记入台账"):
        _issue(chen, row)
    serve(people, 3, 100)
    today = timezone.localdate()
    for wrong, words in (
        ({"head": " "}, "负责人"), ({"contact": "1" * 41}, "联系方式"),
        ({"until": today + timedelta(days=1)}, "晚于今天"),
        ({"since": today, "until": today - timedelta(days=1)}, "早于开始"),
    ):
        with pytest.raises(BadInput, match=words):
            _issue(chen, row, **wrong)
    with pytest.raises(NotAllowed):
        _issue(lin, row)
    with pytest.raises(NotFound):
        _issue(outsider, row)


def test_the_paper_and_the_page_that_checks_it(people: People, chen: Viewer, lin: Viewer, signed_in: Any) -> None:
    row = registered(people, people.lin)
    serve(people, 3, 100, "陪诊 #strong[*]")
    with acting(chen):
        add_merit(by=chen, volunteer_id=row.pk, kind="training", title="急救培训", on=timezone.localdate(), hours=4)
    made = _issue(chen, row)
    answer = signed_in(lin).get(f"/volunteers/certificates/{made.pk}/pdf/")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    said = _text_of(answer.content)
    for words in (made.number, "林晓", "1.5 小时", "陪诊 #strong[*]", "陈静", "孙丽", "0535-0001001", "急救培训"):
        assert words in said, words
    page = Client().get(f"/volunteers/proof/{certificate_token(made.pk)}/").content.decode()
    assert "有效" in page
    assert "林*" in page
    for secret in ("林晓", "陪诊", "1.5", "小时", row.number):
        assert secret not in page
    assert Client().get("/volunteers/proof/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
    with acting(chen):
        with pytest.raises(BadInput, match="原因"):
            revoke_certificate(by=chen, certificate_id=made.pk, why="")
        revoke_certificate(by=chen, certificate_id=made.pk, why="名字写错")
    page = Client().get(f"/volunteers/proof/{certificate_token(made.pk)}/").content.decode()
    assert "已经作废" in page
    assert "林*" not in page
    assert "重新出具" in signed_in(lin).get(f"/volunteers/certificates/{made.pk}/pdf/").content.decode()


def test_chen_issues_it_on_the_page(people: People, chen: Viewer, lin: Viewer, signed_in: Any) -> None:
    row = registered(people, people.lin)
    serve(people, 3, 100)
    browser, address = signed_in(chen), f"/volunteers/{row.pk}/record/"
    since = (timezone.localdate() - timedelta(days=20)).isoformat()
    sent = {"do": "certificate", "since": since, "until": timezone.localdate().isoformat(), **ISSUER}
    refused = browser.post(address, sent | {"head": ""})
    assert (refused.status_code, "负责人" in refused.content.decode()) == (422, True)
    assert "已出具" in browser.post(address, sent, follow=True).content.decode()
    merit = {"do": "merit", "kind": "praise", "title": "年度之星", "on": "2026-03-02"}
    assert "年度之星" in browser.post(address, merit, follow=True).content.decode()
    own = signed_in(lin).get(address).content.decode()
    assert "下载 PDF" in own
    assert "出具证明" not in own


def test_stars_by_the_communitys_own_table(people: People, chen: Viewer, lin: Viewer) -> None:
    assert [stars_for(hours * 60, DEFAULT_STARS) for hours in (99, 100, 299, 600, 1500, 9000)] == [0, 1, 1, 3, 5, 5]
    assert [half_hours(minutes) for minutes in (0, 29, 30, 89, 90, 120)] == ["0", "0", "0.5", "1", "1.5", "2"]
    with acting(chen):
        for table in ({1: 10}, {1: 50, 2: 40, 3: 60, 4: 70, 5: 80}, {1: 0, 2: 1, 3: 2, 4: 3, 5: 4}):
            with pytest.raises(BadInput, match="五个星级"):
                set_stars(by=chen, community_id=people.community.id, table=table)
        set_stars(by=chen, community_id=people.community.id, table={1: 10, 2: 20, 3: 30, 4: 40, 5: 50})
        assert star_table(people.community.id) == {1: 10, 2: 20, 3: 30, 4: 40, 5: 50}
    with acting(lin), pytest.raises(NotAllowed):
        set_stars(by=lin, community_id=people.community.id, table=dict(DEFAULT_STARS))


@pytest.mark.parametrize("change", [{"minutes": 9000}, {"number": "1"}, {"facts": {}}])
def test_what_was_issued_stays_as_it_was(people: People, chen: Viewer, change: dict[str, Any]) -> None:
    row = registered(people, people.lin)
    serve(people, 3, 100)
    made = _issue(chen, row)
    with acting(chen), pytest.raises(IntegrityError, match="not changed"):
        Certificate.objects.filter(pk=made.pk).update(**change)
