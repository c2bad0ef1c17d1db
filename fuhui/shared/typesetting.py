"""Documents as PDF: a Typst source that is ours, and the facts it shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

_FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def pdf_of(source: Path, facts: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> bytes:
    """Typesets a source file. It reads `facts` as `json(bytes(sys.inputs.facts))`, so that no text of a person can be
    taken for markup; `pictures` (SVG) come the same way. Fonts are the ones that ship, never the machine's, so that
    the same facts look the same everywhere.
    """
    inputs = {"facts": json.dumps(facts, ensure_ascii=False, default=str), **(pictures or {})}
    return typst.compile(source, font_paths=[_FONTS], ignore_system_fonts=True, sys_inputs=inputs)
