"""Small drawn pictures for before and after. Drawn, so that nobody's home or face is in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE, KEPT = (800, 600), (640, 480)
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw
NIGHT, DAY, WALL, GROUND, ROAD = (28, 34, 52), (196, 218, 232), (222, 212, 196), (150, 150, 142), (92, 94, 98)
KINDS = ("lamp", "bin", "cover", "road", "puddle", "car", "wire", "lift", "wall")


class Upload(BytesIO):
    """Bytes with a name, as a browser sends them."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


@cache
def picture(kind: str, moment: str, variant: int) -> bytes:
    """A JPEG of one of `KINDS`, `moment` before or after; `variant` shifts light and details."""
    rng = Random(f"{kind}{variant}")  # noqa: S311 - not for secrets
    image = _ground(kind, moment, rng)
    _PAINTERS[kind](ImageDraw.Draw(image), rng, moment == "after")
    out = BytesIO()
    image.resize(KEPT, Image.Resampling.LANCZOS).save(out, "JPEG", quality=86)
    return out.getvalue()


def _ground(kind: str, moment: str, rng: Random) -> Image.Image:
    """Sky or wall above, ground below, a little lighter or darker each time."""
    dark = kind == "lamp" and moment == "before"
    inside = kind in {"lamp", "lift", "wire"}
    upper = NIGHT if dark else WALL if inside else DAY
    lower = (20, 22, 30) if dark else (176, 168, 156) if inside else GROUND
    shift = rng.randint(-10, 10)
    image = Image.new("RGB", SIZE, _shade(upper, shift))
    draw = ImageDraw.Draw(image)
    for line in range(360):
        draw.line([(0, line), (SIZE[0], line)], fill=_shade(upper, shift + (180 - line) // 14))
    draw.rectangle([0, 360, *SIZE], fill=_shade(lower, shift))
    if not inside:
        _houses(draw, rng)
    return image


def _houses(draw: Draw, rng: Random) -> None:
    left = -rng.randint(0, 60)
    while left < SIZE[0]:
        width, top = rng.randint(120, 190), rng.randint(70, 170)
        draw.rectangle([left, top, left + width, 360], fill=_shade((204, 178, 150), rng.randint(-22, 22)))
        for x in range(left + 16, left + width - 24, 38):
            for y in range(top + 18, 330, 46):
                draw.rectangle([x, y, x + 20, y + 26], fill=_shade((120, 146, 164), rng.randint(-18, 18)))
        left += width + rng.randint(14, 44)


def _lamp(draw: Draw, rng: Random, fixed: bool) -> None:
    for step in range(6):
        y = 560 - step * 46
        draw.polygon([(120 + step * 60, y), (760, y), (760, y + 40), (90 + step * 60, y + 40)],
                     fill=_shade((140, 132, 122) if fixed else (40, 42, 52), step * 6))
    draw.line([(400, 0), (400, 74)], fill=(70, 70, 70), width=5)
    if fixed:
        for radius in range(230, 40, -10):
            tone = _shade((232, 216, 178), (230 - radius) // 7)
            draw.ellipse([400 - radius, 100 - radius // 2, 400 + radius, 100 + radius], outline=tone, width=9)
    draw.ellipse([366, 66, 434, 140], fill=(255, 244, 200) if fixed else (72, 74, 84), outline=(60, 60, 60))


def _bin(draw: Draw, rng: Random, fixed: bool) -> None:
    for left in (210, 420):
        draw.polygon([(left, 250), (left + 160, 250), (left + 144, 490), (left + 16, 490)], fill=(38, 104, 82))
        draw.rectangle([left - 10, 232, left + 170, 256], fill=(28, 82, 64))
        draw.ellipse([left + 18, 478, left + 48, 508], fill=(30, 30, 30))
        draw.ellipse([left + 112, 478, left + 142, 508], fill=(30, 30, 30))
    for _ in range(0 if fixed else 70):
        x = rng.gauss(400, 170)
        y = min(rng.gauss(420, 80) if rng.random() < 0.55 else rng.uniform(170, 240), 520.0)
        size, colour = rng.randint(16, 46), rng.choice([(236, 236, 232), (60, 60, 66), (196, 150, 96), (170, 60, 50)])
        draw.ellipse([x, y, x + size, y + size * 0.7], fill=colour, outline=_shade(colour, -26))


def _cover(draw: Draw, rng: Random, fixed: bool) -> None:
    draw.rectangle([0, 330, *SIZE], fill=ROAD)
    draw.ellipse([250, 380, 550, 540], fill=(64, 64, 66) if fixed else (12, 12, 14), outline=(120, 120, 120), width=8)
    if fixed:
        for slot in range(290, 520, 34):
            draw.line([(slot, 404), (slot, 516)], fill=(96, 96, 98), width=8)
        return
    draw.line([(400, 470), (430, 250)], fill=(110, 78, 44), width=9)
    for x, y in ((420, 268), (448, 244), (408, 236)):
        draw.ellipse([x - 26, y - 16, x + 26, y + 16], fill=(70, 116, 58))


def _road(draw: Draw, rng: Random, fixed: bool) -> None:
    draw.polygon([(260, 330), (540, 330), (800, 600), (0, 600)], fill=ROAD)
    for y in range(345, 600, 60):
        wide = (y - 320) / 30
        draw.polygon([(398, y), (402, y), (402 + wide, y + 30), (398 - wide, y + 30)], fill=(232, 226, 200))
    if fixed:
        draw.polygon([(300, 430), (520, 424), (560, 540), (270, 546)], fill=(58, 60, 64))
        return
    for scale, colour in ((1.0, (62, 58, 52)), (0.72, (84, 100, 112)), (0.4, (120, 140, 152))):
        draw.ellipse([410 - 140 * scale, 480 - 56 * scale, 410 + 140 * scale, 480 + 56 * scale], fill=colour)


def _puddle(draw: Draw, rng: Random, fixed: bool) -> None:
    draw.rectangle([0, 330, *SIZE], fill=_shade(GROUND, -6))
    for slot in range(0, 800, 80):
        draw.line([(slot, 330), (slot * 2 - 400, 600)], fill=_shade(GROUND, -24), width=3)
    draw.rectangle([360, 430, 450, 470], fill=(70, 72, 74))
    if fixed:
        return
    for _ in range(26):
        x, y = rng.gauss(400, 150), rng.gauss(480, 40)
        draw.ellipse([x - 80, y - 22, x + 80, y + 22], fill=_shade((70, 74, 62), rng.randint(-8, 16)))


def _car(draw: Draw, rng: Random, fixed: bool) -> None:
    draw.rectangle([0, 360, *SIZE], fill=ROAD)
    for x in (60, 740):
        draw.line([(400 + (x - 400) // 2, 372), (x, 590)], fill=(236, 200, 60), width=9)
    draw.line([(60, 590), (740, 590)], fill=(236, 200, 60), width=9)
    if fixed:
        return
    colour = rng.choice([(226, 226, 222), (54, 58, 66), (150, 48, 44)])
    draw.rounded_rectangle([200, 396, 600, 520], 36, fill=colour)
    draw.polygon([(260, 400), (320, 320), (490, 320), (552, 400)], fill=_shade(colour, -14))
    draw.polygon([(284, 398), (330, 334), (402, 334), (402, 398)], fill=(160, 186, 198))
    draw.polygon([(416, 398), (416, 334), (480, 334), (526, 398)], fill=(160, 186, 198))
    for x in (250, 480):
        draw.ellipse([x, 482, x + 76, 558], fill=(26, 26, 28), outline=(120, 120, 120), width=6)


def _wire(draw: Draw, rng: Random, fixed: bool) -> None:
    for x in (90, 420):
        draw.rectangle([x, 60, x + 190, 210], fill=(126, 152, 170), outline=(240, 240, 236), width=10)
    draw.rounded_rectangle([500, 430, 720, 500], 20, fill=(52, 86, 140))
    for x in (510, 650):
        draw.ellipse([x, 470, x + 64, 534], outline=(30, 30, 30), width=10)
    if fixed:
        draw.rectangle([300, 330, 400, 520], fill=(28, 110, 92))
        draw.rectangle([320, 350, 380, 400], fill=(232, 240, 236))
        return
    points = [(500 + step * 5, 200 + step * 13 + (step % 3) * 9) for step in range(20)]
    draw.line(points, fill=(34, 34, 36), width=6, joint="curve")


def _lift(draw: Draw, rng: Random, fixed: bool) -> None:
    draw.rectangle([230, 90, 570, 560], fill=(120, 122, 126))
    draw.rectangle([250, 110, 550, 560], fill=(186, 190, 194))
    if fixed:
        draw.line([(400, 110), (400, 560)], fill=(120, 122, 126), width=5)
    else:
        draw.polygon([(330, 110), (420, 110), (440, 560), (318, 560)], fill=(22, 24, 30))
        draw.rectangle([236, 300, 564, 346], fill=(226, 190, 44))
        for x in range(240, 560, 52):
            draw.polygon([(x, 346), (x + 22, 346), (x + 46, 300), (x + 24, 300)], fill=(40, 40, 40))
    draw.rectangle([610, 300, 650, 380], fill=(70, 72, 76))
    draw.ellipse([620, 330, 640, 350], fill=(90, 210, 120) if fixed else (210, 70, 60))


def _wall(draw: Draw, rng: Random, fixed: bool) -> None:
    lean = 0 if fixed else 46
    for row in range(8):
        for column in range(-1, 10):
            x, y = column * 92 + row % 2 * 46 + lean * (8 - row) // 8, 220 + row * 32
            draw.rectangle([x, y, x + 86, y + 28], fill=_shade((168, 92, 70), rng.randint(-14, 14)))
    if not fixed:
        draw.line([(400, 220), (372, 290), (424, 350), (390, 410), (430, 476)], fill=(30, 24, 22), width=14)


_PAINTERS: dict[str, Callable[[Draw, Random, bool], None]] = dict(
    zip(KINDS, (_lamp, _bin, _cover, _road, _puddle, _car, _wire, _lift, _wall), strict=True)
)


def _shade(colour: Colour, by: int) -> Colour:
    red, green, blue = (max(0, min(255, part + by)) for part in colour)
    return red, green, blue
