"""Activities in the calendar of a telephone: what the format wants, and whose address shows what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fuhui.domains.activities.actions.planning import cancel_activity, move_activity
from fuhui.domains.activities.feeds import feed_token
from fuhui.domains.activities.rules.ical import Entry, calendar
from fuhui.domains.activities.tests.conftest import Town
from fuhui.registry.accounts.models import Account
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer


def _unfolded(sent: bytes) -> list[str]:
    return sent.replace(b"\r\n ", b"").decode().split("\r\n")


def test_long_chinese_lines_are_folded_between_characters_and_signs_escaped() -> None:
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    entry = Entry(uid="1@fuhui", title="讲座；高血压, 怎么管" * 9, place="一楼;101", starts_at=at,
                  ends_at=at + timedelta(hours=2), changed_at=at, text="第一行\r\n第二行\\\x07")
    sent = calendar("福惠社区活动", [entry])
    lines = sent.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() or line == b"" for line in lines)  # no character was cut in two
    found = dict(line.split(":", 1) for line in _unfolded(sent) if ":" in line)
    assert found["SUMMARY"] == "讲座；高血压\\, 怎么管" * 9
    assert found["LOCATION"] == "一楼\\;101"
    assert found["DESCRIPTION"] == "第一行\\n第二行\\\\"
    assert found["DTSTART"] == "20260302T013000Z"


@pytest.mark.django_db
def test_everybody_may_subscribe_to_what_is_on(town: Town, client: Client) -> None:
    town.open_activity()
    town.plan(title="还没有审批的")
    answer = client.get(f"/activities/{town.place.code}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:春季养生讲座" in _unfolded(answer.content)
    assert "还没有审批的" not in answer.content.decode()


@pytest.mark.django_db
def test_wangs_own_calendar_follows_changes_and_ends_with_her_password(
    town: Town, client: Client, signed_in: Callable[[Viewer], Client]
) -> None:
    activity, hers = town.open_activity(), town.open_activity(title="舞蹈课", capacity=1)
    town.sign_up(hers, "李桂芳")
    for one in (activity, hers):
        town.sign_up(one, "王秀兰", by=town.wang)
    page = signed_in(town.wang).get("/activities/mine/").content.decode()
    assert town.wang.account_id
    token = feed_token(town.place.id, town.wang.account_id)
    assert f"/activities/feed/{token}/" in page
    assert "STATUS:TENTATIVE" in _unfolded(client.get(f"/activities/feed/{token}/").content)  # waits for the class
    later = timezone.now() + timedelta(days=3)
    with acting(town.sun):
        move_activity(by=town.sun, activity_id=activity.pk, starts_at=later, ends_at=later + timedelta(hours=1),
                      place="二楼", reason="教室维修")
        cancel_activity(by=town.sun, activity_id=hers.pk, reason="老师生病")
    lines = _unfolded(client.get(f"/activities/feed/{token}/").content)
    assert {"LOCATION:二楼", "STATUS:CANCELLED"} <= set(lines)
    account = Account.objects.get(pk=str(town.wang.account_id))
    account.set_password("新的-password-2026")
    account.save(update_fields=["password"])
    for gone in (token, token[:-2] + "xx", "a.b", "x"):
        assert client.get(f"/activities/feed/{gone}/").status_code == 404
