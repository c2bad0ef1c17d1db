"""The pages as people use them, with plain forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fuhui.registry.accounts.models import Account, RoleGrant
from fuhui.registry.accounts.queries import viewer_of
from fuhui.registry.people import actions
from fuhui.registry.people.importing import later
from fuhui.registry.people.models import ImportBatch, Person
from fuhui.registry.people.tests.test_import import HEADINGS, WANG, ZHANG
from fuhui.registry.people.tests.world import World, community, entry, id_number, workbook
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return community()


def _account(here: World, name: str, role: Role, grid: UUID | None = None) -> Account:
    account = Account.objects.create(username=name, display_name=name)
    with acting(system("tests", here.id)):
        RoleGrant.objects.create(account=account, role=role, community_id=here.id, grid_id=grid)
    return account


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="fuhui.registry.accounts.sessions.AccountBackend")
    return client


@pytest.fixture
def chen(here: World) -> Account:
    return _account(here, "chen", Role.SECRETARY)


@pytest.fixture
def by(chen: Account) -> Viewer:
    return viewer_of(chen)


@pytest.fixture
def desk(chen: Account) -> Client:
    return _client(chen)


@pytest.fixture
def wang(here: World, by: Viewer) -> Person:
    with acting(by):
        return actions.register_person(
            by=by,
            community_id=here.id,
            address="3号楼2单元501",
            entry=entry(id_number=id_number(2), phone="19900000001"),
        )


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def test_chen_registers_somebody_and_is_warned_of_a_double(desk: Client, wang: Person) -> None:
    form = {"name": "王秀英", "phone": "19900000001", "address": "3-2-501"}
    told = desk.post("/people/new/", form)
    assert told.status_code == 409
    assert "姓名和电话相同" in _text(told)
    assert "不是同一人" in _text(told)
    assert desk.post("/people/new/", {**form, "accept": "on"}).status_code == 302


def test_wrong_input_comes_back_with_words_and_values(desk: Client) -> None:
    told = desk.post("/people/new/", {"name": "李强", "id_number": "123", "phone": "abc"})
    assert told.status_code == 422
    assert "应为18位" in _text(told)
    assert 'value="李强"' in _text(told)


def test_the_list_and_a_person_hide_number_and_phone(
    desk: Client, wang: Person, django_assert_max_num_queries: Any
) -> None:
    desk.get("/people/")
    with django_assert_max_num_queries(10):
        page = desk.get("/people/?q=王")
    assert "尾号 0001" in _text(page)
    person = desk.get(f"/people/{wang.pk}/")
    for answer in (page, person):
        assert "19900000001" not in _text(answer)
        assert id_number(2) not in _text(answer)
    shown = desk.post(f"/people/{wang.pk}/reveal/", {"reason": "电话随访", "what": "both"})
    assert id_number(2) in _text(shown)
    assert shown["Cache-Control"] == "no-store"
    assert desk.post(f"/people/{wang.pk}/reveal/", {"reason": ""}).status_code == 422


def test_an_empty_number_field_keeps_the_number(desk: Client, wang: Person) -> None:
    saved = desk.post(
        f"/people/{wang.pk}/edit/", {"name": "王秀瑛", "version": "1", "address": "福惠花园3号楼2单元501"}
    )
    assert saved.status_code == 302
    stale = desk.post(
        f"/people/{wang.pk}/edit/", {"name": "王秀兰", "version": "1", "address": "福惠花园3号楼2单元501"}
    )
    assert stale.status_code == 409
    with acting(system("tests", wang.community_id)):
        kept = Person.objects.get(pk=wang.pk)
    assert (kept.name, kept.id_number, kept.phone, kept.household_id) == (
        "王秀瑛",
        id_number(2),
        "19900000001",
        wang.household_id,
    )


def test_cards_consent_household_and_merge_by_forms(desk: Client, here: World, by: Viewer, wang: Person) -> None:
    assert desk.post("/people/categories/save/", {"seed": "1"}).status_code == 302
    assert desk.post("/people/categories/save/", {"name": "养犬户", "is_active": "1"}).status_code == 302
    assert "养犬户" in _text(desk.get("/people/categories/"))
    assert desk.post(f"/people/{wang.pk}/cards/", {"category": "elder_alone", "since": "2026-01-01"}).status_code == 302
    assert (
        desk.post(f"/people/{wang.pk}/consents/", {"purpose": "health", "channel": "paper", "version": "1"}).status_code
        == 302
    )
    page = _text(desk.get(f"/people/{wang.pk}/"))
    assert "独居老人" in page
    assert "健康档案与随访" in page
    assert "福惠花园3号楼" in _text(desk.get(f"/people/households/{wang.household_id}/"))
    with acting(by):
        other = actions.register_person(by=by, community_id=here.id, entry=entry("王英"))
    assert "王英" in _text(desk.get(f"/people/merge/?keep={wang.pk}&q=王"))
    form = {"keep": wang.pk, "merge": other.pk, "kept_version": 1, "merged_version": 1, "reason": "入户核实"}
    assert "同一个人" in _text(desk.get("/people/merge/", {"keep": str(wang.pk), "merge": str(other.pk)}))
    assert desk.post("/people/merge/", form).status_code == 302
    assert desk.get(f"/people/{other.pk}/").headers["Location"] == f"/people/{wang.pk}/"


def test_a_list_is_imported_with_plain_forms(
    desk: Client, here: World, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    queued: list[UUID] = []
    for name in ("check", "run", "undo"):
        monkeypatch.setitem(later._known, name, lambda community, batch: queued.append(batch))
    file = SimpleUploadedFile("名册.xlsx", workbook(HEADINGS, WANG, ZHANG))
    at = desk.post("/people/import/", {"file": file}).headers["Location"]
    page = _text(desk.get(at))
    assert "每一列是什么" in page
    assert id_number(2) not in page
    assert "19900000001" not in page
    columns = {
        f"col-{place}": name
        for place, name in enumerate(
            (
                "ignore",
                "name",
                "sex",
                "id_number",
                "building",
                "unit",
                "room",
                "phone",
                "relation",
                "card:low_income",
                "note",
            )
        )
    }
    assert desk.post(f"{at}map/", {"col-0": "ignore"}).status_code == 422
    assert desk.post(f"{at}map/", {**columns, "existing": "fill", "unknown": "create"}).status_code == 302
    assert "开始导入" in _text(desk.get(at))
    assert desk.post(f"{at}run/").status_code == 302
    assert desk.post(f"{at}run/").status_code == 409
    assert "every 1s" in _text(desk.get(at))
    with acting(system("tests", here.id)):
        actions.run_import(by=system("tests", here.id), batch_id=queued[0])
    assert "撤销这次导入" in _text(desk.get(at))
    assert desk.post(f"{at}undo/").status_code == 302
    with acting(system("tests", here.id)):
        assert actions.undo_import(by=system("tests", here.id), batch_id=queued[0]).state == "undone"
    assert "已撤销" in _text(desk.get(at))
    assert desk.get("/people/import/").status_code == 200


def test_a_picture_and_no_file_are_told(desk: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    told = desk.post("/people/import/", {"file": SimpleUploadedFile("x.xlsx", b"\x89PNG\r\n\x1a\n123")})
    assert (told.status_code, "图片" in _text(told)) == (422, True)
    assert desk.post("/people/import/").status_code == 422
    assert desk.get("/people/import/template.xlsx").status_code == 200


def test_the_template_can_be_imported_itself(by: Viewer, here: World, settings: Any, tmp_path: Any) -> None:
    from fuhui.registry.people.web.template import template_bytes

    settings.MEDIA_ROOT = tmp_path
    with acting(by):
        batch = actions.upload_list(by=by, community_id=here.id, file_name="模板.xlsx", chunks=[template_bytes()])
        mapping = {int(column): name for column, name in batch.mapping.items()}
        actions.map_import(by=by, batch_id=batch.pk, mapping=mapping)
        checked = actions.check_import(by=by, batch_id=batch.pk)
    assert (checked.counts["new"], checked.counts["bad"]) == (1, 0), checked.problems
    assert "ignore" not in mapping.values()


@pytest.mark.parametrize("path", ["/people/", "/people/new/", "/people/import/", "/people/categories/"])
def test_street_officers_auditors_and_visitors_stay_outside(here: World, path: str) -> None:
    auditor = _client(_account(here, "audit", Role.AUDITOR))
    assert auditor.get(path).status_code in {403, 404}
    assert Client().get(path).status_code == 302


def test_a_foreign_import_is_not_found(desk: Client, here: World) -> None:
    assert desk.get(f"/people/import/{here.id}/").status_code == 404
    assert ImportBatch.objects.count() == 0
