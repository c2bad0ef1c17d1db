"""What bad input gets: a clear answer and nothing lost, through the pages and through the API. Nothing answers 500."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from fuhui.domains.cases.actions.intake import CaseInput, Reporter, submit_case
from fuhui.domains.cases.models import Case, CasePhoto
from fuhui.domains.cases.rules.states import Step
from fuhui.domains.cases.web.tracking import PURPOSE
from fuhui.registry.accounts.actions import issue_token
from fuhui.shared.errors import PeopleError
from fuhui.shared.messages.codes import check_code
from fuhui.shared.messages.models import PhoneCode
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system
from tests.personas import Place

Browser = Callable[[Viewer], Client]
PHONE = "19900000005"
LAMP = "3号楼2单元楼道灯不亮"
STRANGE = (
    "\x00",
    "灯\x00坏了",
    "\ufffe\u200b\u202e反着写",
    "👵🏻灯坏了👨‍👩‍👧‍👦🇨🇳",
    "\ud800半个字",
    "-1",
    "99999999999999999999999999",
    "1e309",
    "NaN",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "00000000-0000-0000-0000-00000000000g",
    "灯" * 350_000,
)
SHORT = tuple(one[:200] for one in STRANGE)
STEPS = ("reply", "assign", "solve", "refuse", "correct", "call_back", "suspend", "request_extension", "whistle")


@pytest.fixture
def case(community: Place) -> Case:
    """A lamp that somebody reported by phone."""
    with acting(system("tests", community.id)) as by:
        matter = CaseInput(text=LAMP, source="phone", reporter=Reporter(name="王秀兰", phone=PHONE))
        return submit_case(by=by, community_id=community.id, matter=matter).case


@pytest.fixture
def desk(chen: Viewer, signed_in: Browser) -> Client:
    """Chen's browser, in which a fault of ours is an answer and not an exception."""
    browser = signed_in(chen)
    browser.raise_request_exception = False
    return browser


@pytest.fixture
def door() -> Client:
    """A visitor's browser."""
    return Client(raise_request_exception=False)


def words(answer: Any) -> str:
    """The page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sound(answer: Any) -> None:
    """Not a fault of ours."""
    assert answer.status_code < 500, answer.content.decode()[:300]


def ask(browser: Client, method: str, address: str, body: Any = None) -> Any:
    """One API operation; the body as JSON, surrogates and all."""
    sent = json.dumps(body).encode() if body is not None else b""
    return browser.generic(method, address, sent, content_type="application/json")


def count_of(community: Place) -> int:
    """How many cases there are."""
    with acting(system("tests", community.id)):
        return Case.objects.count()


def picture() -> SimpleUploadedFile:
    """A small photo."""
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
    return SimpleUploadedFile("灯.jpg", kept.getvalue(), "image/jpeg")


# --- pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_words_in_the_residents_form(text: str, community: Place, door: Client) -> None:
    address = f"/report/{community.code}/"
    for field in ("text", "place_words", "name", "phone", "longitude", "latitude", "place", "request_key"):
        sent = {"text": LAMP, field: text.encode("utf-8", "replace").decode()}
        sound(door.post(address, sent))
        sound(door.post(address, sent | {"look": "1"}))
    sound(door.get(address, {"place": text[:900].encode("utf-8", "replace").decode()}))


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_words_in_every_step(text: str, case: Case, desk: Client) -> None:
    clean = text.encode("utf-8", "replace").decode()
    for step in STEPS:
        fields = ("note", "to", "days", "review_on", "title", "place", "grid", "building", "satisfaction", "version")
        sound(desk.post(f"/cases/{case.id}/step/{step}/", dict.fromkeys(fields, clean)))
    others = {"merge": ("main", "q", "note"), "split": ("text", "title"), "publish": ("text", "reply")}
    for own, names in others.items():
        sound(desk.post(f"/cases/{case.id}/step/{own}/", dict.fromkeys(names, clean)))
    sound(desk.post(f"/cases/{case.id}/suggestion/", {"decision": "merge", "main": clean}))
    sound(desk.post(f"/cases/{case.id}/suggestion/", {"suggestion": clean}))


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_words_at_the_desk(text: str, community: Place, desk: Client) -> None:
    clean = text.encode("utf-8", "replace").decode()
    given = {"source": "phone", "text": LAMP}
    for field in ("source", "text", "name", "phone", "building", "grid", "place", "category", "priority"):
        for do in ("look", "enter"):
            sound(desk.post("/cases/new/", given | {field: clean, "do": do}))
    for kind in ("routing", "priority", "clock", "category"):
        for field in ("name", "words", "position", "time_from", "weekdays", "grid_ids", "reply_amount", "code"):
            rule = {"name": "灯", "position": "10", "target": "grid", "priority": "normal", "code": "x"}
            sound(desk.post(f"/rules/{kind}/new/", rule | {field: clean}))


@pytest.mark.parametrize("text", SHORT, ids=range(len(SHORT)))
def test_unknown_values_in_every_filter(text: str, community: Place, case: Case, desk: Client, door: Client) -> None:
    clean = text.encode("utf-8", "replace").decode()
    for name in ("tab", "q", "grid", "category", "priority", "community", "after", "open"):
        sound(desk.get("/queue/", {name: clean}))
    for name in ("kind", "community"):
        sound(desk.get("/rules/", {name: clean}))
        sound(desk.get("/approvals/", {name: clean}))
    sound(desk.get(f"/cases/{case.id}/step/merge/", {"q": clean, "main": clean}))
    sound(door.get(f"/public/{community.code}/", {"before": clean}))
    for address in ("/t/{}/", "/find/{}/", "/report/{}/", "/public/{}/", "/cases/{}/", "/my/{}/"):
        sound(door.get(address.format(clean.replace("/", "").replace("#", "").replace("?", "") or "x")))


def test_a_category_that_does_not_exist_is_named_beside_its_field(desk: Client, community: Place) -> None:
    page = desk.post("/cases/new/", {"source": "phone", "text": LAMP, "category": "没有这一类", "do": "enter"})
    assert page.status_code == 422
    assert LAMP in page.content.decode()
    assert count_of(community) == 0


def test_a_step_that_is_not_allowed_says_what_is(desk: Client, case: Case) -> None:
    page = desk.post(f"/cases/{case.id}/step/pass_check/", {"note": "看过了", "version": case.version})
    assert page.status_code == 409
    assert "现在可以" in words(page)
    assert "看过了" in page.content.decode()


def test_a_double_click_enters_one_case_and_its_photo_once(desk: Client, community: Place) -> None:
    key = str(uuid4())
    for _ in range(2):
        sent = {"source": "phone", "text": LAMP, "request_key": key, "do": "enter", "photos": [picture()]}
        assert desk.post("/cases/new/", sent).status_code == 200
    assert count_of(community) == 1
    with acting(system("tests", community.id)):
        assert CasePhoto.objects.count() == 1


@pytest.mark.parametrize("content", [b"MZ not a photo", b"", b"\xff\xd8\xff broken", b"<svg onload='x'/>"])
def test_a_photo_that_is_not_one_loses_nothing_else(content: bytes, desk: Client, case: Case) -> None:
    fake = SimpleUploadedFile("灯.jpg", content, "image/jpeg")
    step = desk.post(f"/cases/{case.id}/step/add_photo/", {"photo": fake, "moment": "after", "note": "换过的灯"})
    assert step.status_code == 422
    assert "换过的灯" in step.content.decode()
    fake.seek(0)
    entered = desk.post("/cases/new/", {"source": "phone", "text": "井盖响", "do": "enter", "photos": [fake]})
    assert entered.status_code in {200, 422}  # an empty file is no upload at all
    assert "井盖响" in entered.content.decode()


@pytest.mark.parametrize("phone", ["一二三", "12345", "1" * 40, "+86", "199 0000 000x"])
def test_a_phone_that_is_not_a_phone(phone: str, desk: Client, door: Client, community: Place) -> None:
    asked = door.post(f"/find/{community.code}/", {"phone": phone})
    assert asked.status_code == 422
    assert "11 位数字" in words(asked)
    entered = desk.post("/cases/new/", {"source": "phone", "text": LAMP, "phone": phone, "do": "enter"})
    assert entered.status_code == 422
    assert LAMP in entered.content.decode()


def test_an_expired_code_is_told_and_a_new_one_can_be_had(door: Client, community: Place, case: Case) -> None:
    address = f"/find/{community.code}/"
    door.post(address, {"phone": PHONE})
    row = PhoneCode.objects.order_by("-made_at")[0]
    PhoneCode.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    page = door.post(address, {"do": "check", "phone": PHONE, "code": row.sealed_code})
    assert page.status_code in {409, 422}
    assert "重新获取" in words(page)
    assert door.get(f"{address}{case.id}/").status_code == 302


def test_a_code_tried_again_and_again_stays_shut(door: Client, community: Place, case: Case) -> None:
    """Five tries of ten minutes: what a thousand may not open, ten thousand do not."""
    address = f"/find/{community.code}/"
    door.post(address, {"phone": PHONE})
    right = str(PhoneCode.objects.order_by("-made_at")[0].sealed_code)
    told = set()
    for guess in (f"{number:06d}" for number in range(1_000)):
        if guess == right:
            continue
        try:
            check_code(PHONE, PURPOSE, guess)
        except PeopleError as error:
            told.add(error.status)
    assert told == {422, 429}
    page = door.post(address, {"do": "check", "phone": PHONE, "code": right})
    assert page.status_code == 429
    assert door.get(f"{address}{case.id}/").status_code == 302


def pages_of(case_id: UUID) -> Iterator[tuple[str, str]]:
    """Every page that names a case, with its method."""
    yield "get", f"/cases/{case_id}/"
    for step in Step:
        if step not in {Step.SUBMIT, Step.RESIDENT_ADDS}:
            yield "get", f"/cases/{case_id}/step/{step}/"
            yield "post", f"/cases/{case_id}/step/{step}/"
    for act in ("contact", "take", "suggestion"):
        yield "post", f"/cases/{case_id}/{act}/"
    yield "get", f"/queue/?open={case_id}"
    yield "get", f"/my/{case_id}/"
    yield "post", f"/my/{case_id}/"


def test_a_foreign_case_is_answered_as_one_that_does_not_exist_on_every_page(
    outsider: Viewer, case: Case, signed_in: Browser
) -> None:
    browser = signed_in(outsider)
    for (method, theirs), (_, nothing) in zip(pages_of(case.id), pages_of(uuid4()), strict=True):
        sent = {"note": "x", "do": "urge", "decision": "dismiss"} if method == "post" else None
        answers = [getattr(browser, method)(one, sent, follow=True) for one in (theirs, nothing)]
        assert {one.status_code for one in answers} == {404}, theirs
        assert words(answers[0]) == words(answers[1]), theirs


def test_a_stale_page_gives_back_what_was_typed(desk: Client, case: Case) -> None:
    desk.post(f"/cases/{case.id}/step/accept/", {"version": case.version})
    for step, sent in (
        ("reply", {"note": "电工下午到"}),
        ("correct", {"title": "楼道的灯", "place": "3号楼"}),
        ("refuse", {"note": "在法院", "channel": "人民法院"}),
    ):
        page = desk.post(f"/cases/{case.id}/step/{step}/", sent | {"version": case.version})
        assert page.status_code == 409
        assert "有人改动了" in words(page)
        for typed in sent.values():
            assert typed in page.content.decode()


# --- API ---------------------------------------------------------------------------------------------------


def program(viewer: Viewer, username: str) -> Client:
    """A client with a token of this account."""
    with acting(viewer):
        token = issue_token(by=viewer, username=username, name="测试", days=1)
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def api(chen: Viewer, case: Case) -> Client:
    """Chen's token in a client."""
    return program(chen, "chen")


def operations(case_id: object) -> Iterator[tuple[str, str]]:
    """Every API operation."""
    yield "POST", "/api/cases"
    yield "GET", "/api/cases"
    yield "GET", f"/api/cases/{case_id}"
    yield "POST", f"/api/cases/{case_id}/steps/reply"


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_values_in_every_field_of_the_api(text: str, api: Client, case: Case, community: Place) -> None:
    matter = {"community": str(community.id), "text": LAMP}
    for field in (
        "community",
        "text",
        "title",
        "category",
        "priority",
        "reporter_name",
        "reporter_phone",
        "place",
        "building",
        "longitude",
        "latitude",
        "received_at",
        "id",
        "request_key",
    ):
        sound(ask(api, "POST", "/api/cases", matter | {field: text}))
    for step in ("accept", "reply", "assign", "refuse", "call_back", "merge", "urge", "没有"):
        for field in ("note", "version", "account", "organisation", "channel", "main", "satisfaction", "is_solved"):
            sound(ask(api, "POST", f"/api/cases/{case.id}/steps/{step}", {"note": "好", field: text}))
    for field in ("community", "tab", "words", "after", "limit", "priority", "grid"):
        sound(api.get("/api/cases", {field: text[:200].encode("utf-8", "replace").decode()}))


@pytest.mark.parametrize(
    "value", [-1, 10**30, 1e308, float("nan"), float("inf"), True, [], {}, None, [["a"]] * 50], ids=str
)
def test_wrong_kinds_of_value_in_the_api(value: Any, api: Client, case: Case, community: Place) -> None:
    matter = {"community": str(community.id), "text": LAMP}
    for field in ("community", "text", "priority", "building", "longitude", "latitude", "received_at", "id"):
        sound(ask(api, "POST", "/api/cases", matter | {field: value}))
    for field in ("note", "version", "account", "reached", "is_solved"):
        sound(ask(api, "POST", f"/api/cases/{case.id}/steps/accept", {field: value}))
    for field in ("limit", "after", "tab", "community"):
        sound(api.get("/api/cases", {field: str(value)}))


@pytest.mark.parametrize("body", [b"", b"{", b"[1", b"\xff\xfe\x00", b'"x"', b"null", b"{}" * 3, b"[" * 20_000])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "text/xml; charset=x"])
def test_broken_bodies_and_wrong_content_types(body: bytes, kind: str, api: Client, case: Case) -> None:
    for method, address in operations(case.id):
        sound(api.generic(method, address, body, content_type=kind))


def test_the_api_answers_a_foreign_case_as_one_that_does_not_exist(
    outsider: Viewer, case: Case, signed_in: Browser
) -> None:
    browser = signed_in(outsider)
    theirs, nothing = (browser.get(f"/api/cases/{one}") for one in (case.id, uuid4()))
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content


def test_the_api_takes_no_step_on_a_foreign_case(case: Case, outsider: Viewer) -> None:
    theirs = program(outsider, "outsider")
    for step in ("accept", "reply", "urge", "close"):
        answers = [ask(theirs, "POST", f"/api/cases/{one}/steps/{step}", {"note": "好"}) for one in (case.id, uuid4())]
        assert {one.status_code for one in answers} == {404}
        assert answers[0].content == answers[1].content
    assert json.loads(theirs.get("/api/cases").content)["cases"] == []
    assert theirs.get("/api/cases", {"community": str(case.community_id)}).json()["cases"] == []


def test_an_invalid_token_is_told_so(case: Case) -> None:
    for token in ("x", "灯".encode().decode("latin-1"), "a" * 5000, ""):
        answer = Client(raise_request_exception=False).get("/api/cases", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
