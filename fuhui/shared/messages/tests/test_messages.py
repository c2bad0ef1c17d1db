from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection, connections
from pytest_django import Settings

from fuhui.shared.errors import BadInput, NotAllowed, NotFound
from fuhui.shared.identifiers import new_id
from fuhui.shared.jobs.tests.support import make_community, viewer_as
from fuhui.shared.messages import send
from fuhui.shared.messages.actions import mark_all_read, mark_read
from fuhui.shared.messages.gateways import GatewayFailed, gateway_notes
from fuhui.shared.messages.jobs import deliver_message
from fuhui.shared.messages.models import Message
from fuhui.shared.messages.queries import messages_for, outbox_for, unread_count
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer

PHONE = "19900001234"


@pytest.fixture
def place(db: None) -> UUID:
    return make_community()


@pytest.fixture
def wang(place: UUID) -> Iterator[Viewer]:
    """Wang the resident, whose scope the test runs in."""
    with acting(viewer_as(Role.RESIDENT, place, "王秀兰")) as viewer:
        yield viewer


class Gateway(BaseHTTPRequestHandler):
    """An SMS gateway that takes what it is given, or answers with `status`."""

    taken: list[dict[str, str]] = []
    status = 200

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(json.loads(content))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def gateway(settings: Settings) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/"
    Gateway.taken, Gateway.status = [], 200
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


def to_wang(wang: Viewer, title: str = "已受理", **more: str) -> UUID | None:
    place = wang.communities[0]
    return send(community_id=place, to_account=wang.account_id, kind="case", title=title, body="正文", **more)


def by_sms(wang: Viewer) -> Message:
    send(community_id=wang.communities[0], to_phone="+86 " + PHONE, kind="case", title="已受理", body="您的诉求已受理")
    return Message.objects.get()


def deliver(message: Message) -> str:
    deliver_message.run(community_id=str(message.community_id), message_id=str(message.id))
    message.refresh_from_db()
    return str(message.state)


def test_a_message_to_wang_is_there_at_once_and_read_once(wang: Viewer) -> None:
    first, second = to_wang(wang, "一"), to_wang(wang, "二", link="/my/1/")
    assert [row.title for row in messages_for(wang).rows] == ["二", "一"]
    assert unread_count(wang) == 2
    assert first
    assert mark_read(by=wang, message_id=first).read_at
    assert unread_count(wang) == 1
    assert mark_all_read(by=wang) == 1
    assert mark_all_read(by=wang) == 0
    assert second


def test_another_person_neither_sees_nor_marks_it(wang: Viewer) -> None:
    message = to_wang(wang)
    other = viewer_as(Role.RESIDENT, wang.communities[0], "李强")
    assert message
    with acting(other):
        assert messages_for(other).rows == ()
        with pytest.raises(NotFound):
            mark_read(by=other, message_id=message)
    elsewhere = viewer_as(Role.SECRETARY, new_id())
    with acting(elsewhere):
        assert not Message.objects.exists()


def test_pages_follow_one_another(wang: Viewer) -> None:
    for number in range(5):
        to_wang(wang, str(number))
    first = messages_for(wang, limit=3)
    second = messages_for(wang, limit=3, after=first.after)
    assert [row.title for row in first.rows + second.rows] == ["4", "3", "2", "1", "0"]
    assert second.after == ""
    with pytest.raises(BadInput):
        messages_for(wang, after="x")


def test_the_same_key_is_written_once(wang: Viewer) -> None:
    assert to_wang(wang, dedupe_key="late:1")
    assert to_wang(wang, dedupe_key="late:1") is None
    assert to_wang(wang, dedupe_key="late:2")
    assert Message.objects.count() == 2


def test_writers_at_once_write_one_key_once(fresh_database: str) -> None:
    place = make_community()
    zhao = viewer_as(Role.GRID_WORKER, place, "赵敏")
    written: list[UUID | None] = []

    def write() -> None:
        with acting(zhao):
            written.append(to_wang(zhao, dedupe_key="late:1"))
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([message for message in written if message]) == 1
    with acting(zhao):
        assert Message.objects.count() == 1


def test_exactly_one_addressee_is_asked_for(wang: Viewer) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        send(community_id=wang.communities[0], kind="case", title="t", body="b")
    with pytest.raises(BadInput, match="手机号"):
        send(community_id=wang.communities[0], to_phone="123", kind="case", title="t", body="b")


def test_a_phone_is_sealed_in_the_row(wang: Viewer) -> None:
    by_sms(wang)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM inbox_message m")
        assert PHONE not in cursor.fetchone()[0]


def test_the_gateway_takes_an_sms(wang: Viewer, gateway: type[Gateway]) -> None:
    message = by_sms(wang)
    assert message.state == "queued"
    assert deliver(message) == "sent"
    assert gateway.taken == [{"phone": PHONE, "text": "您的诉求已受理", "id": str(message.id)}]
    assert deliver(message) == "sent"
    assert len(gateway.taken) == 1


def test_a_gateway_that_fails_is_asked_again(wang: Viewer, gateway: type[Gateway]) -> None:
    message = by_sms(wang)
    gateway.status = 503
    with pytest.raises(GatewayFailed):
        deliver(message)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1)
    assert "503" in message.last_error
    gateway.status = 200
    assert deliver(message) == "sent"


def test_without_a_gateway_the_message_says_so(wang: Viewer, settings: Settings) -> None:
    settings.SMS_URL = ""
    assert deliver(by_sms(wang)) == "no_gateway"
    assert any("FUHUI_SMS_URL" in line for line in gateway_notes())


def test_a_letter_goes_through_the_mail_server(wang: Viewer, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(community_id=wang.communities[0], to_mail="wang@example.org", kind="report", title="月报", body="已生成")
    assert deliver(Message.objects.get()) == "sent"
    assert [(letter.subject, letter.to) for letter in mail.outbox] == [("月报", ["wang@example.org"])]


def test_the_outbox_is_the_operators(wang: Viewer) -> None:
    by_sms(wang)
    operator = viewer_as(Role.OPERATOR, wang.communities[0], "运维")
    rows, after = outbox_for(operator)
    assert [(row.to, row.state_name) for row in rows] == [("199****1234", "待发送")]
    assert after == ""
    with pytest.raises(NotAllowed):
        outbox_for(wang)
