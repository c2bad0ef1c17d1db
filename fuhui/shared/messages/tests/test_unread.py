"""The number beside the bell: on every page, so kept a few seconds, and right at once for what this process does."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from fuhui.shared.messages.actions import mark_all_read, mark_read, send
from fuhui.shared.messages.queries import unread_count
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.personas import Place


def test_the_number_is_kept_and_still_right_after_sending_and_reading(zhao: Viewer, community: Place) -> None:
    with acting(zhao):
        assert unread_count(zhao) == 0
        first = send(community_id=community.id, kind="test", title="派给您", body="灯", to_account=zhao.account_id)
        send(community_id=community.id, kind="test", title="催办", body="灯", to_account=zhao.account_id)
        assert unread_count(zhao) == 2
        with CaptureQueriesContext(connection) as asked:
            assert unread_count(zhao) == 2
        assert len(asked) == 0
        assert first is not None
        mark_read(by=zhao, message_id=first)
        assert unread_count(zhao) == 1
        mark_all_read(by=zhao)
        assert unread_count(zhao) == 0
