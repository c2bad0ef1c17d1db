"""Small drawn works and photos of an activity. Drawn, so that nobody's home or face is in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from math import pi, sin
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 360)
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw
_SHIRTS = ((250, 250, 246), (240, 196, 60), (70, 120, 180))
_PENNANTS = ((206, 60, 48), (240, 190, 60), (52, 128, 110))


@cache
def drawn(kind: str) -> bytes:
    """A JPEG of one of `KINDS`."""
    image = Image.new("RGB", SIZE, (238, 232, 218))
    _PAINTERS[kind](ImageDraw.Draw(image), Random(kind))  # noqa: S311 - the same every time is what is wanted
    out = BytesIO()
    image.save(out, "JPEG", quality=84)
    return out.getvalue()


def _sky(draw: Draw, top: Colour, bottom: Colour, until: int) -> None:
    for y in range(until):
        part = y / until
        draw.line([(0, y), (SIZE[0], y)],
                  fill=tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)))


def _sea(draw: Draw, rng: Random) -> None:
    _sky(draw, (246, 196, 150), (250, 226, 196), 190)
    draw.ellipse([300, 110, 360, 170], fill=(232, 92, 62))
    for row in range(34):
        y = 190 + row * 5
        points = [(x, y + 3 * sin(x / 26 + row * pi / 3)) for x in range(0, SIZE[0] + 20, 20)]
        draw.line(points, fill=(60 + row * 2, 110 + row * 2, 140), width=4)
    draw.polygon([(120, 200), (190, 200), (176, 222), (132, 222)], fill=(70, 52, 44))
    draw.polygon([(154, 196), (154, 132), (196, 196)], fill=(244, 240, 228))


def _hills(draw: Draw, rng: Random) -> None:
    for place, shade in enumerate((190, 150, 110, 66)):
        base = 150 + place * 52
        wide = 88 + 16 * place
        points = [(x, base - 46 * abs(sin(x / wide + place)) - rng.randint(0, 5)) for x in range(0, 500, 10)]
        draw.polygon([*points, (490, 360), (0, 360)], fill=(shade, shade + 4, shade + 6))
    draw.rectangle([420, 40, 446, 78], fill=(176, 46, 36))


def _pomegranate(draw: Draw, rng: Random) -> None:
    draw.line([(30, 60), (190, 130), (330, 120), (450, 60)], fill=(96, 70, 50), width=9)
    for x, y, size in ((150, 210, 58), (290, 230, 66), (380, 160, 44)):
        draw.line([(x, y - size), (x + 8, y - size - 60)], fill=(96, 70, 50), width=5)
        draw.ellipse([x - size, y - size, x + size, y + size], fill=(188, 52, 44))
        draw.polygon([(x - 14, y - size + 4), (x, y - size - 18), (x + 14, y - size + 4)], fill=(160, 40, 36))
        draw.ellipse([x - size // 2, y - size // 2, x - size // 5, y - size // 5], fill=(222, 110, 92))
    for _ in range(26):
        x, y = rng.randint(20, 450), rng.randint(40, 150)
        draw.ellipse([x, y, x + 34, y + 14], fill=(84, 124 + rng.randint(0, 30), 70))


def _lanes(draw: Draw, rng: Random) -> None:
    draw.rectangle([0, 0, *SIZE], fill=(186, 84, 60))
    draw.rectangle([0, 0, SIZE[0], 90], fill=(120, 164, 108))
    for lane in range(7):
        draw.line([(0, 100 + lane * 42), (SIZE[0], 100 + lane * 42)], fill=(246, 240, 230), width=4)
    for lane in range(6):
        x, y = 70 + rng.randint(0, 320), 121 + lane * 42
        draw.ellipse([x - 13, y - 13, x + 13, y + 13], fill=rng.choice(_SHIRTS))


def _flags(draw: Draw, rng: Random) -> None:
    _sky(draw, (150, 196, 224), (226, 238, 240), 250)
    draw.rectangle([0, 250, *SIZE], fill=(132, 156, 96))
    draw.line([(0, 60), (240, 110), (480, 60)], fill=(90, 90, 90), width=3)
    for place in range(12):
        x = 10 + place * 40
        y = 62 + 46 * sin(pi * (x + 14) / SIZE[0])
        draw.polygon([(x, y), (x + 28, y), (x + 14, y + 36)], fill=rng.choice(_PENNANTS))
    for x in (90, 210, 330):
        draw.rectangle([x, 200, x + 70, 206], fill=(120, 86, 56))
        draw.rectangle([x + 6, 206, x + 14, 262], fill=(120, 86, 56))
        draw.rectangle([x + 56, 206, x + 64, 262], fill=(120, 86, 56))


def _window(draw: Draw, rng: Random) -> None:
    draw.rectangle([0, 0, *SIZE], fill=(40, 46, 66))
    for x in range(30, 440, 62):
        for y in range(30, 330, 58):
            is_lit = rng.random() < 0.45
            draw.rectangle([x, y, x + 42, y + 38], fill=(250, 212, 130) if is_lit else (62, 70, 94))


def _strokes(draw: Draw, rng: Random) -> None:
    draw.rectangle([26, 20, 454, 340], fill=(250, 247, 238), outline=(150, 110, 80), width=6)
    for column in range(4):
        x = 390 - column * 92
        for row in range(3):
            y = 62 + row * 86
            for _ in range(4):
                left, down = x + rng.randint(-26, 4), y + rng.randint(0, 44)
                draw.line([(left, down), (left + rng.randint(14, 44), down + rng.randint(-6, 18))],
                          fill=(30, 28, 28), width=rng.randint(5, 9))
    draw.rectangle([50, 286, 78, 314], fill=(178, 44, 36))


_PAINTERS: dict[str, Callable[[Draw, Random], None]] = {
    "sea": _sea, "hills": _hills, "pomegranate": _pomegranate, "window": _window, "strokes": _strokes,
    "lanes": _lanes, "flags": _flags,
}
KINDS = tuple(_PAINTERS)
