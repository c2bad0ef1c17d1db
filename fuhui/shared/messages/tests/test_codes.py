from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from fuhui.shared.errors import BadInput, PeopleError, TooMany
from fuhui.shared.jobs.tests.support import make_community, viewer_as
from fuhui.shared.messages import check_code, phone_number, request_code
from fuhui.shared.messages.jobs import deliver_code, forget_codes
from fuhui.shared.messages.models import PhoneCode
from fuhui.shared.messages.queries import codes_for
from fuhui.shared.viewers import Role

PHONE = "19900001234"


def newest() -> PhoneCode:
    return PhoneCode.objects.order_by("-made_at").first() or pytest.fail("no code")


def ask(phone: str = PHONE, client: str = "203.0.113.7") -> str:
    request_code(phone, "report", client)
    return str(newest().sealed_code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(
    "text", ["19900001234", " 199 0000 1234", "+86 199-0000-1234", "１９９００００１２３４", "008619900001234"]
)
def test_a_phone_is_understood_as_people_write_it(text: str) -> None:
    assert phone_number(text) == PHONE


@pytest.mark.parametrize(
    ("text", "says"), [("", "请填写手机号"), ("1990000123", "11 位数字，现在是 10 位"), ("12900001234", "13 到 19"),
                       ("1990000l234", "不是数字"), ("0535-6361234", "请检查")],
)
def test_what_is_not_a_phone_is_told_why(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        phone_number(text)


@pytest.mark.django_db
def test_the_right_code_opens_once() -> None:
    code = ask()
    check_code("+86 " + PHONE, "report", f" {code[:3]} {code[3:]} ")
    with pytest.raises(BadInput, match="已经用过"):
        check_code(PHONE, "report", code)
    assert newest().sealed_code is None


@pytest.mark.django_db
def test_a_code_is_for_its_phone_and_purpose_only() -> None:
    code = ask()
    for phone, purpose in (("19900001235", "report"), (PHONE, "sign_in")):
        with pytest.raises(BadInput, match="请先点"):
            check_code(phone, purpose, code)


@pytest.mark.django_db
def test_an_expired_code_says_so() -> None:
    code = ask()
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    with time_machine.travel(later), pytest.raises(BadInput, match="已过期"):
        check_code(PHONE, "report", code)


@pytest.mark.django_db
def test_trying_ten_thousand_codes_never_succeeds() -> None:
    right = ask()
    answers = []
    for number in range(10_000):
        try:
            check_code(PHONE, "report", wrong(right) if number < 5 else f"{number:06d}")
        except PeopleError as error:
            answers.append(error)
    assert len(answers) == 10_000
    assert [type(error) for error in answers[:4]] == [BadInput] * 4
    assert all(isinstance(error, TooMany) and "分钟后" in error.message for error in answers[4:])
    assert 0 < int(str(answers[-1].details["wait_seconds"])) <= 600
    with pytest.raises(TooMany):
        check_code(PHONE, "report", right)
    with pytest.raises(TooMany):
        ask()


@pytest.mark.django_db
def test_after_the_wait_a_new_code_works() -> None:
    right = ask()
    for _ in range(5):
        with pytest.raises(PeopleError):
            check_code(PHONE, "report", wrong(right))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        check_code(PHONE, "report", ask())


@pytest.mark.django_db
def test_a_phone_gets_three_codes_in_ten_minutes_and_a_client_ten() -> None:
    for _ in range(3):
        ask()
    with pytest.raises(TooMany, match="10 分钟后再试"):
        ask()
    for number in range(7):
        ask(f"1990000{number:04d}")
    with pytest.raises(TooMany):
        ask("19900009999")
    ask("19900009999", client="203.0.113.8")


@pytest.mark.django_db
def test_the_code_itself_is_nowhere_in_the_row() -> None:
    from django.db import connection

    code = ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM inbox_code c")
        row = cursor.fetchone()[0]
    assert code not in row
    assert PHONE not in row
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        assert code not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_without_a_gateway_the_code_waits_and_a_demo_shows_it(settings: Settings) -> None:
    operator = viewer_as(Role.OPERATOR, make_community())
    code = ask()
    deliver_code.run(code_id=str(newest().id))
    assert newest().state == "no_gateway"
    settings.DEMO = False
    assert codes_for(operator) == []
    settings.DEMO = True
    assert [(row.to, row.code) for row in codes_for(operator)] == [("199****1234", code)]


@pytest.mark.django_db
def test_expired_codes_are_forgotten() -> None:
    ask()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        forget_codes.run()
        assert newest().sealed_code is None
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        forget_codes.run()
        assert not PhoneCode.objects.exists()


def test_tries_are_counted_under_the_rows_lock(fresh_database: str) -> None:
    """Forty people trying at once get five tries together; more the database itself would refuse."""
    right = ask()
    answers: list[str] = []

    def attempt() -> None:
        try:
            check_code(PHONE, "report", wrong(right))
        except PeopleError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["code_locked"] * 36 + ["code_wrong"] * 4
    assert newest().tries == 5
    with pytest.raises(IntegrityError):
        PhoneCode.objects.update(tries=6)


def test_requests_at_once_do_not_pass_the_limit(fresh_database: str) -> None:
    refused: list[str] = []

    def request() -> None:
        try:
            request_code(PHONE, "report", "203.0.113.7")
        except TooMany as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=request) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 9
    assert PhoneCode.objects.count() == 3


def test_a_try_cannot_be_taken_back_by_the_callers_rollback(fresh_database: str) -> None:
    ask()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        check_code(PHONE, "report", "000000")
