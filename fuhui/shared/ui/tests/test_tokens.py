from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static" / "ui"
TOKENS = (STATIC / "tokens.css").read_text()
READABLE = 4.5
VISIBLE = 3.0

WORDS = [
    *(
        (text, ground)
        for text in ("text", "muted", "accent-text", "late-text", "soon-text", "done-text")
        for ground in ("ground", "surface")
    ),
    ("text", "sunken"),
    ("muted", "sunken"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-late", "late"),
    ("accent-text", "accent-soft"),
    ("text", "accent-soft"),
    ("soon-text", "soon-soft"),
    ("late-text", "late-soft"),
    ("done-text", "done-soft"),
    ("neutral-text", "neutral-soft"),
    ("muted", "neutral-soft"),
    ("ground", "text"),
    ("muted", "accent-soft"),
    ("late-text", "accent-soft"),
    ("soon-text", "accent-soft"),
    ("accent-hover", "surface"),
]
EDGES = [
    ("line-strong", "surface"),
    ("accent", "surface"),
    ("accent", "ground"),
    ("late", "surface"),
    ("soon", "surface"),
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))


def themes() -> dict[str, dict[str, str]]:
    light = colours(TOKENS.split(":root {")[1].split("}")[0])
    by_device = colours(TOKENS.split(':root:not([data-theme="light"]) {')[1].split("}")[0])
    chosen = colours(TOKENS.split(':root[data-theme="dark"] {')[1].split("}")[0])
    assert by_device == chosen
    return {"light": light, "dark": {**light, **chosen}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), WORDS)
def test_words_can_be_read_on_their_ground(theme: str, text: str, ground: str) -> None:
    colour = themes()[theme]
    assert contrast(colour[text], colour[ground]) >= READABLE


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_fields_and_marks_can_be_seen(theme: str, edge: str, ground: str) -> None:
    colour = themes()[theme]
    assert contrast(colour[edge], colour[ground]) >= VISIBLE


def test_the_measure_itself_is_right() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert contrast("#777777", "#ffffff") < READABLE


def test_large_type_enlarges_by_a_third_and_targets_stay_thumb_sized() -> None:
    assert "--type-factor: 1.35" in TOKENS
    assert "--target: max(2.75rem, 44px)" in TOKENS
    assert float(re.search(r"--leading: ([\d.]+)", TOKENS).group(1)) >= 1.6  # type: ignore[union-attr]


@pytest.mark.parametrize("file", sorted(STATIC.rglob("*.css")), ids=lambda file: file.name)
def test_style_files_use_tokens_layers_and_no_letter_spacing(file: Path) -> None:
    css = file.read_text()
    assert "@layer" in css
    assert "letter-spacing" not in css
    assert not re.search(r"url\(|https?:", css)
    assert len(css.splitlines()) <= 400
    used = set(re.findall(r"var\(--([a-z0-9-]+)", css))
    known = set(re.findall(r"--([a-z0-9-]+):", TOKENS + css)) | {"map-height"}
    assert used <= known
