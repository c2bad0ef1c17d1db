"""Chen hands the service records on; nobody else takes them out of the system."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from fuhui.domains.volunteers.actions.exporting import export_records
from fuhui.domains.volunteers.actions.hours import Approval, answer_objection, approve_hours, object_to_hours
from fuhui.domains.volunteers.jobs import count_due
from fuhui.domains.volunteers.models import Attendance, Shift, SignUp
from fuhui.domains.volunteers.rules.national import HEADINGS
from fuhui.domains.volunteers.tests.conftest import People
from fuhui.domains.volunteers.tests.test_attendance import at, place, scanned, shift
from fuhui.registry.ledger.actions import ServedBy, reverse_service, write_service
from fuhui.registry.ledger.models import ServiceRecord
from fuhui.shared.audit.models import Entry
from fuhui.shared.errors import NotAllowed
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

pytestmark = pytest.mark.django_db
__all__ = ["place", "shift"]


def exported(chen: Viewer, people: People) -> list[dict[str, str]]:
    """The rows of the last 90 days as a spreadsheet reads them."""
    today = timezone.localdate()
    with acting(chen):
        made = export_records(by=chen, community_id=people.community.id, since=today - timedelta(days=90),
                              until=today, form="csv")
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"))))


def test_an_attendance_goes_from_waiting_to_recorded_and_void(
    people: People, lin: Viewer, leader: Viewer, chen: Viewer, shift: Shift, place: SignUp
) -> None:
    scanned(lin, shift, shift.starts_at)
    scanned(lin, shift, shift.ends_at)
    assert [row["状态"] for row in exported(chen, people)] == ["待确认"]
    with at(shift.ends_at + timedelta(hours=1)), acting(leader):
        approve_hours(by=leader, shift_id=shift.pk, served=3, approvals={Attendance.objects.get().pk: Approval(110)})
        objection = object_to_hours(by=leader, attendance_id=Attendance.objects.get().pk, words="=没看到")
    with at(shift.ends_at + timedelta(hours=2)):
        assert [(row["状态"], row["异议"]) for row in exported(chen, people)] == [("公示中", "'=没看到（待核实）")]
    with acting(chen):
        answer_objection(by=chen, objection_id=objection.pk, upheld=False, answer="看了照片")
        assert Attendance.objects.get().booked_at is None
    with acting(system("tests", people.community.id)):
        count_due(people.community.id, now=timezone.now())
    (row,) = exported(chen, people)
    assert row["志愿者姓名"] == "林晓"
    assert (row["服务时长（小时）"], row["认定分钟"], row["服务对象人数"]) == ("1.5", "110", "3")
    assert (row["确认人"], row["来源"], row["状态"]) == ("吴队", "扫码签到", "已记录")
    assert row["异议"] == "'=没看到（不属实）"
    with acting(system("tests", people.community.id)) as by:
        record = ServiceRecord.objects.get()
        reverse_service(by=by, community=people.community.id, source=record.source, key=record.key, reason="记错了")
    assert [row["状态"] for row in exported(chen, people)] == ["已冲正"]


def test_a_service_without_a_shift_is_a_row_and_formulas_do_nothing(
    people: People, chen: Viewer, place: SignUp
) -> None:
    with acting(system("tests", people.community.id)) as by:
        write_service(by=by, community=people.community.id, source="tests", key="a", kind="other", title="=1+1",
                      occurred_at=timezone.now() - timedelta(hours=2), minutes=45,
                      served_by=[ServedBy(person=people.lin), ServedBy(person=people.zhou)])
    (row,) = exported(chen, people)
    assert (row["志愿者姓名"], row["活动（项目）"], row["服务时长（小时）"]) == ("林晓", "'=1+1", "0.5")
    assert row["状态"] == "已记录"
    assert row["来源"] == "台账：tests"


def test_the_office_downloads_both_forms_and_it_is_written_down(
    people: People, chen: Viewer, lin: Viewer, place: SignUp, signed_in: Any
) -> None:
    desk = signed_in(chen)
    assert "选时间段" in desk.get("/volunteers/export/").content.decode()
    book = desk.get("/volunteers/export/", {"form": "xlsx"})
    assert next(load_workbook(io.BytesIO(book.content)).active.values) == HEADINGS
    text = desk.get("/volunteers/export/", {"form": "csv"})
    assert (text["Cache-Control"], text.content.decode("utf-8-sig").split(",")[0]) == ("no-store", HEADINGS[0])
    wrong = desk.get("/volunteers/export/", {"form": "csv", "from": "2026-05-02", "to": "2026-05-01"})
    assert (wrong.status_code, "不能早于" in wrong.content.decode()) == (422, True)
    assert signed_in(lin).get("/volunteers/export/", {"form": "csv"}).status_code == 403
    with acting(lin), pytest.raises(NotAllowed):
        export_records(by=lin, community_id=people.community.id, since=timezone.localdate(),
                       until=timezone.localdate(), form="csv")
    with acting(chen):
        assert Entry.objects.filter(action="volunteers.export").count() == 2
