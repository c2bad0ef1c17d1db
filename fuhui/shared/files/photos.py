"""From what somebody uploaded to two clean pictures. Every byte kept was made here from the pixels alone."""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from typing import IO, Any

from PIL import Image, ImageOps, UnidentifiedImageError

from fuhui.shared.errors import BadInput

MEGABYTE = 1024 * 1024
MOST_BYTES = 15 * MEGABYTE
MOST_PIXELS = 50_000_000
FULL_SIDE = 2000
THUMB_SIDE = 400
CONTENT_TYPE = "image/webp"
SUFFIX = ".webp"
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class CleanPhoto:
    """A picture without metadata, upright, at most 2000 pixels a side, and its thumbnail of at most 400."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def read_photo(upload: bytes | IO[bytes] | Any) -> bytes:
    """The bytes of an upload or of an open file. One beyond 15 MB is refused by its real size, before it is read.

    Raises BadInput.
    """
    if isinstance(upload, bytes):
        return upload
    size = getattr(upload, "size", None)
    if size is None and upload.seekable():
        start = upload.tell()
        size = upload.seek(0, SEEK_END) - start
        upload.seek(start)
    if size is not None and size > MOST_BYTES:
        raise _too_big(size)
    content: bytes = upload.read(MOST_BYTES + 1)
    return content


def _too_big(size: int) -> BadInput:
    # Rounded up: a photo just above the limit must not seem to be within it.
    shown = math.ceil(size / MEGABYTE * 10) / 10
    return BadInput("photo_big", f"照片太大（{shown:.1f} MB），最大 {MOST_BYTES // MEGABYTE} MB。请压缩或重新拍一张。",
                    field="photo")


def clean_photo(content: bytes) -> CleanPhoto:
    """Decodes, turns upright, strips and scales a JPEG, PNG or WebP. Of a moving picture the first frame is kept.

    Raises BadInput for more than 15 MB, more than 50 megapixels, another type, or a damaged file.
    """
    if len(content) > MOST_BYTES:
        raise _too_big(len(content))
    if not content:
        raise BadInput("photo_empty", "这个文件是空的，请重新选择照片。", field="photo")
    try:
        picture = _decoded(content)
    except _BOMB as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise BadInput("photo_broken", "照片不完整或已损坏，请重新拍照或重新选择。", field="photo") from error
    full = _scaled(picture, FULL_SIDE)
    return CleanPhoto(_encoded(full), _encoded(_scaled(full, THUMB_SIDE)), full.width, full.height)


def _decoded(content: bytes) -> Image.Image:
    try:
        opened = Image.open(BytesIO(content), formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise BadInput(
            "photo_type", "这不是能识别的照片。请上传 JPG、PNG 或 WebP 格式；"
            "苹果手机可在“设置-相机-格式”里选“兼容性最佳”。", field="photo",
        ) from error
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_many_pixels()
    # A large JPEG is decoded at a fraction of its size; the picture keeps at least FULL_SIDE pixels.
    opened.draft("RGB", (FULL_SIDE, FULL_SIDE))
    opened.load()
    return _flat(ImageOps.exif_transpose(opened))


def _flat(picture: Image.Image) -> Image.Image:
    """Plain RGB, what is transparent on white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _scaled(picture: Image.Image, side: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def _encoded(picture: Image.Image) -> bytes:
    """WebP of the pixels alone: a fresh picture has no metadata that could be written along."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = BytesIO()
    bare.save(out, "WEBP", quality=_QUALITY, method=3)
    return out.getvalue()


def _too_many_pixels() -> BadInput:
    return BadInput("photo_pixels", "照片的尺寸太大（超过 5000 万像素），请缩小后再上传。", field="photo")
