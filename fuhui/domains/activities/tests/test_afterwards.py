"""After an activity: photos that may be shown, and what those who were there say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from fuhui.domains.activities.actions.afterwards import give_feedback
from fuhui.domains.activities.actions.attending import check_in
from fuhui.domains.activities.models import Activity, Feedback, Photo, SignUp
from fuhui.domains.activities.tests.conftest import Town, at
from fuhui.domains.activities.tickets import ticket_of
from fuhui.domains.cases.tests.pages import words
from fuhui.shared.errors import RuleBroken
from fuhui.shared.files.queries import file_address
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.racing import as_owner, failures, race

SignIn = Callable[[Viewer], Client]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    """Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def picture() -> SimpleUploadedFile:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 29.0, 54.0)})
    out = BytesIO()
    Image.new("RGB", (800, 600), "green").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def attended(town: Town) -> tuple[Activity, SignUp]:
    """李桂芳 came to the lecture two days ago's tomorrow."""
    with at(timezone.now() - timedelta(days=2)):
        activity = town.open_activity()
        signup = town.sign_up(activity, "李桂芳")
    with acting(town.sun):
        check_in(by=town.sun, activity_id=activity.pk, client_uuid=new_id(), signup_id=signup.pk)
    return activity, signup


@pytest.mark.django_db
def test_only_photos_with_consent_are_public_and_their_place_is_gone(
    town: Town, signed_in: SignIn, client: Client
) -> None:
    activity, _ = attended(town)
    sun, record = signed_in(town.sun), f"/activities/desk/{activity.pk}/"
    public = f"/activities/{town.place.code}/{activity.pk}/"
    for consent, said in (("", "没有公开"), ("agreed", "居民能看到")):
        page = sun.post(record, {"do": "photo", "photo": picture(), "consent": consent, "photo_words": "讲座现场"},
                        follow=True)
        assert said in words(page)
    with acting(town.sun):
        inside, shown = Photo.objects.order_by("pk")
    seen = client.get(public).content.decode()
    assert str(shown.file_id) in seen
    assert str(inside.file_id) not in seen
    assert client.get(file_address(inside.file_id, public_in=town.place.id)).status_code == 404
    sent: Any = client.get(file_address(shown.file_id, public_in=town.place.id))
    assert not Image.open(BytesIO(b"".join(sent.streaming_content) if sent.streaming else sent.content)).getexif()
    hidden = sun.post(record, {"do": "hide_photo", "photo": str(shown.pk), "reason": "本人不同意了"}, follow=True)
    assert "撤下了" in words(hidden)
    assert str(shown.file_id) not in client.get(public).content.decode()
    assert client.get(file_address(shown.file_id, public_in=town.place.id)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "why"), [
    ({}, "先选择一张照片"), ({"photo": SimpleUploadedFile("a.exe", b"MZ" * 99)}, "照片"),
    ({"photo": SimpleUploadedFile("big.jpg", b"\xff\xd8" + b"0" * (80 * 1024 * 1024))}, "最大 15 MB"),
    ({"consent": "maybe"}, "能不能公开"), ({"photo_words": "长" * 61}, "最多 60 个字"),
])
def test_what_is_no_photo_is_refused_with_the_reason(
    town: Town, signed_in: SignIn, sent: dict[str, Any], why: str
) -> None:
    activity, _ = attended(town)
    form = {"do": "photo"} | ({"photo": picture()} if "photo" not in sent and sent else {}) | sent
    page = signed_in(town.sun).post(f"/activities/desk/{activity.pk}/", form)
    assert page.status_code == 422
    assert why in words(page)
    with acting(town.sun):
        assert not Photo.objects.exists()


@pytest.mark.django_db
def test_a_photo_cannot_be_public_without_somebody_who_says_so(town: Town) -> None:
    activity, _ = attended(town)
    with acting(town.sun), pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.create(community_id=town.place.id, activity=activity, file_id=new_id(), consent="agreed",
                             actor="x", at=timezone.now())


@pytest.mark.django_db
def test_li_says_how_it_was_and_the_desk_reads_it_without_her_name(
    town: Town, signed_in: SignIn, client: Client
) -> None:
    activity, signup = attended(town)
    ticket = f"/activities/ticket/{ticket_of(town.place.id, signup.pk)}/"
    assert "觉得怎么样" in words(client.get(ticket))
    wrong = client.post(ticket, {"do": "feedback", "words": "讲得好"})
    assert (wrong.status_code, "一到五颗星" in words(wrong), "讲得好" in words(wrong)) == (422, True, True)
    assert "评价收到了" in words(client.post(ticket, {"do": "feedback", "stars": "4", "words": "讲得好"}, follow=True))
    assert client.post(ticket, {"do": "feedback", "stars": "1"}).status_code == 409
    desk = words(signed_in(town.sun).get(f"/activities/desk/{activity.pk}/"))
    assert "1 份评价，平均 4.0 星" in desk
    assert "★★★★ 讲得好" in desk


@pytest.mark.django_db
def test_who_was_not_there_says_nothing(town: Town) -> None:
    activity = town.open_activity()
    signup = town.sign_up(activity)
    with acting(town.visitor), pytest.raises(RuleBroken):
        give_feedback(by=town.visitor, activity_id=activity.pk, signup_id=signup.pk, stars=5)


def test_twenty_taps_are_one_opinion_and_without_the_constraint_they_are_not(committed: Town) -> None:
    activity, signup = attended(committed)
    by = committed.visitor
    tap = (by, lambda: give_feedback(by=by, activity_id=activity.pk, signup_id=signup.pk, stars=5))
    assert len(failures(race(*[tap] * 20))) == 19
    with acting(committed.sun):
        assert Feedback.objects.count() == 1
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE activities_feedback DROP CONSTRAINT activities_feedback_once")
    race(*[tap] * 20)
    with acting(committed.sun):
        assert Feedback.objects.count() > 1
