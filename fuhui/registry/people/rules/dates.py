"""Dates as lists write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

_SEPARATED = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{4,5})(?:\.0+)?")
_SERIAL_ZERO = date(1899, 12, 30)


def parse_date(value: object) -> date | None:
    """A day from a date cell, 1980-1-2, 1980.01.02, 1980年1月2日, 19800102 or a spreadsheet's day number
    (1900 system); None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip()
    found = _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text.removesuffix(".0"))
    if found:
        return _day(*map(int, found.groups()))
    serial = _SERIAL.fullmatch(text)
    days = int(serial[1]) if serial else 0
    return _SERIAL_ZERO + timedelta(days=days) if 2_000 <= days <= 60_000 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
