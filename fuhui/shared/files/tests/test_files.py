from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory
from PIL import Image
from pytest_django import Settings

from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.files import StoredFile, register_reader
from fuhui.shared.files.actions import remove_orphans, store_photo
from fuhui.shared.files.models import Stored
from fuhui.shared.files.photos import clean_photo, read_photo
from fuhui.shared.files.queries import file_address, open_file
from fuhui.shared.files.web.views import file
from fuhui.shared.identifiers import new_id
from fuhui.shared.jobs.tests.support import make_community, viewer_as
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import VISITOR, Role, Viewer

PURPOSE = "tests"


@pytest.fixture
def zhao(db: None, settings: Settings, tmp_path: Path) -> Iterator[Viewer]:
    """Zhao the grid worker, whose scope the test runs in; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    register_reader(PURPOSE, lambda viewer, stored: stored.name != "secret.jpg" or viewer.has(Role.SECRETARY))
    with acting(viewer_as(Role.GRID_WORKER, make_community(), "赵敏")) as viewer:
        yield viewer


def jpeg(width: int = 900, height: int = 600, *, gps: bool = False, turned: bool = False) -> bytes:
    """A real photo: red at the left, blue at the right."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 29.0, 54.0), 3: "E", 4: (121.0, 15.0, 42.0)})
        exif[0x010F] = "GeheimPhone"
    if turned:
        exif[0x0112] = 6  # to be turned by a quarter, as phones held upright write it
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"GeheimComment")
    return out.getvalue()


def store(by: Viewer, upload: bytes | io.BytesIO, name: str = "a.jpg") -> StoredFile:
    return store_photo(community_id=by.communities[0], upload=upload, name=name, by=by, purpose=PURPOSE)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_photo_loses_place_camera_and_comment() -> None:
    upload = jpeg(gps=True)
    assert b"GeheimPhone" in upload
    assert opened(upload).getexif().get_ifd(0x8825)
    photo = clean_photo(upload)
    for content in (photo.full, photo.thumb):
        assert b"Geheim" not in content
        assert b"EXIF" not in content
        assert not opened(content).getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened(content).info)


def test_a_photo_taken_upright_stands_upright() -> None:
    photo = clean_photo(jpeg(turned=True))
    assert (photo.width, photo.height) == (600, 900)
    red, blue = (opened(photo.full).convert("RGB").getchannel(band).crop((300, 100, 301, 101)) for band in "RB")
    assert red.tobytes()[0] > 200 > 60 > blue.tobytes()[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_are_taken_and_transparency_becomes_white(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 40), (0, 0, 0, 0)).save(out, kind)
    assert opened(clean_photo(out.getvalue()).full).convert("RGB").getpixel((10, 10)) == (255, 255, 255)


def test_a_large_photo_is_scaled_and_has_a_thumbnail() -> None:
    photo = clean_photo(jpeg(6000, 4000))
    assert opened(photo.full).size == (photo.width, photo.height) == (2000, 1333)
    assert max(opened(photo.thumb).size) == 400


def bomb() -> bytes:
    """A tiny PNG that claims 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def wide_png() -> bytes:
    out = io.BytesIO()
    Image.new("1", (10_000, 5_001)).save(out, "PNG")
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (5, 5)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        ("这是一段文字".encode() * 50, "photo_type"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_type"),
        (gif(), "photo_type"), (b"", "photo_empty"), (jpeg()[:400], "photo_broken"), (jpeg()[:3000], "photo_broken"),
        (bomb(), "photo_pixels"), (wide_png(), "photo_pixels"), (jpeg() + b"\0" * (16 * 1024 * 1024), "photo_big"),
    ],
    ids=["text", "svg", "gif", "empty", "truncated", "truncated later", "bomb", "too wide", "16 MB"],
)
def test_what_is_not_a_usable_photo_is_refused_in_words(zhao: Viewer, upload: bytes, code: str, tmp_path: Path) -> None:
    for way in (upload, io.BytesIO(upload)):
        with pytest.raises(BadInput) as refused:
            store(zhao, way)
        assert refused.value.code == code
        assert "请" in refused.value.message
    assert not list(tmp_path.rglob("*"))


def test_zhao_stores_a_photo_and_opens_both_sizes(zhao: Viewer, tmp_path: Path) -> None:
    stored = store(zhao, io.BytesIO(jpeg(gps=True)), "../../etc/现场.jpg")
    assert stored.name == "现场.jpg"
    assert stored.path.startswith(f"{zhao.communities[0]}/")
    full, thumb = open_file(zhao, stored.id), open_file(zhao, stored.id, "thumb")
    assert full.place.stat().st_size == stored.size
    assert opened(thumb.place.read_bytes()).size == (400, 267)
    with pytest.raises(NotFound):
        open_file(zhao, stored.id, "huge")


def test_nobody_sees_a_file_of_a_room_that_gives_no_answer(zhao: Viewer) -> None:
    stored = store_photo(community_id=zhao.communities[0], upload=jpeg(), name="", by=zhao, purpose="nobody")
    with pytest.raises(NotFound):
        open_file(zhao, stored.id)


def answer(viewer: Viewer, stored: StoredFile, address: str = "") -> bytes:
    request = RequestFactory().get(address or "/")
    request.viewer = viewer  # type: ignore[attr-defined]
    with acting(viewer):
        response = file(request, stored.id, "full")
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"].startswith("private")
    return response.getvalue()


def test_the_address_serves_only_those_whom_the_room_lets_in(zhao: Viewer) -> None:
    place = zhao.communities[0]
    photo, secret = store(zhao, jpeg()), store(zhao, jpeg(), "secret.jpg")
    chen, outsider = viewer_as(Role.SECRETARY, place), viewer_as(Role.SECRETARY, new_id())
    assert len(answer(zhao, photo)) == photo.size
    assert len(answer(chen, secret)) == secret.size
    for viewer, stored in ((zhao, secret), (outsider, photo), (VISITOR, photo)):
        with pytest.raises(NotFound):
            answer(viewer, stored)
    public = file_address(photo.id, public_in=place)
    assert public == f"/files/{photo.id}/full?in={place}"
    assert len(answer(VISITOR, photo, public)) == photo.size
    for address in (f"/?in={new_id()}", "/?in=x"):
        with pytest.raises(NotFound):
            answer(VISITOR, photo, address)
    with pytest.raises(NotFound):
        answer(VISITOR, secret, f"/?in={place}")


def test_files_without_a_row_are_removed_after_a_day(zhao: Viewer, tmp_path: Path) -> None:
    kept, lost = store(zhao, jpeg()), store(zhao, jpeg())
    Stored.objects.filter(id=lost.id).delete()
    place: UUID = zhao.communities[0]
    assert remove_orphans(community_id=place, before=time.time() - 86_400) == 0
    assert remove_orphans(community_id=place, before=time.time() + 60) == 2
    assert open_file(zhao, kept.id).place.is_file()
    assert len([found for found in tmp_path.rglob("*") if found.is_file()]) == 2


def test_a_full_disk_is_told_in_words(zhao: Viewer, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RuleBroken, match="磁盘"):
        store(zhao, jpeg())
    assert not Stored.objects.exists()


class _Uploaded(io.BytesIO):
    """What a browser sent: it knows its size, and must not be read when it is too big."""

    size = 80 * 1024 * 1024

    def read(self, *most: Any) -> bytes:
        raise AssertionError("read in spite of its size")


@pytest.mark.parametrize(("upload", "said"), [
    (_Uploaded(), "80.0 MB"), (io.BytesIO(b"\0" * (15 * 1024 * 1024 + 1)), "15.1 MB"),
    (b"\0" * (16 * 1024 * 1024), "16.0 MB"),
])
def test_a_photo_that_is_too_big_is_told_its_real_size_and_the_limit(upload: Any, said: str) -> None:
    with pytest.raises(BadInput, match="最大 15 MB") as refused:
        clean_photo(read_photo(upload))
    assert said in refused.value.message
